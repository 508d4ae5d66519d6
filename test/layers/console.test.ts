// The law of the console: what of the gate is bundled into it, who asks the network, and that no text becomes HTML.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { ROOT, withoutComments } from './sources.ts';

const CONSOLE = join(ROOT, 'console/src');

/** Pure files of the gate that the page runs; each is looked at before it is added, with all that it imports. */
const BUNDLED = new Set([
  'src/core/text/change-diff.ts',
  'src/core/text/impact-outline.ts',
  'src/core/text/escape.ts',
  'src/core/model/json.ts',
]);

const sources = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => ({ path: join(CONSOLE, name), text: withoutComments(readFileSync(join(CONSOLE, name), 'utf8')) }));

/** Imports that stay when types are taken out, as paths from the root. */
const runtimeImports = (path: string, text: string): readonly string[] =>
  [...text.matchAll(/(?:import|export)\s+(?!type\b)([^;]*?)\s*from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/g)]
    .map((found) => found[2] ?? found[3] ?? '')
    .map((to) => relative(ROOT, resolve(dirname(path), to)));

test('of the gate only pure files are bundled, with all that they import', () => {
  const reached: string[] = [];
  const look = (path: string, text: string): void => {
    for (const to of runtimeImports(path, text)) {
      if (!to.startsWith('src/') || reached.includes(to)) continue;
      reached.push(to);
      look(join(ROOT, to), withoutComments(readFileSync(join(ROOT, to), 'utf8')));
    }
  };
  for (const { path, text } of sources) look(path, text);
  assert.deepEqual(
    reached.filter((to) => !BUNDLED.has(to)),
    [],
  );
  assert.deepEqual(
    [...BUNDLED].filter((file) => !reached.includes(file)),
    [],
    'listed and not bundled any more',
  );
});

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, allowed: RegExp])[] = [
  ['text as HTML', /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write/, /^$/],
  ['code from text', /\beval\(|new Function\(/, /^$/],
  [
    'requests beside the api folder',
    /\bfetch\(|XMLHttpRequest|new EventSource|sendBeacon|new WebSocket/,
    /^console\/src\/api\//,
  ],
  ['address of another origin', /['"`]https?:\/\/(?!www\.w3\.org\/2000\/svg)/, /^$/],
  ['keys or tokens kept in the browser', /localStorage\.setItem\([^)]*(token|csrf|session)/i, /^$/],
];
for (const [what, pattern, allowed] of FORBIDDEN)
  test(`the page has no ${what}`, () => {
    const found = sources
      .filter(({ path, text }) => !allowed.test(relative(ROOT, path)) && pattern.test(text))
      .map(({ path }) => relative(ROOT, path));
    assert.deepEqual(found, []);
  });
