// House rule 2: a type's name is a term of the glossary, of Kubernetes or of the field; private words do not come back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, sources, withoutComments } from './sources.ts';

const GLOSSARY = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8');
/** Rooms whose exported types are local shapes of reading and of wording: the room's README explains them. */
const LOCAL = /^(sandbox|adapters|doors|core\/command|core\/text)\//;

const typesOf = (text: string): readonly string[] =>
  [...withoutComments(text).matchAll(/^export (?:abstract )?(?:class|interface|type) (\w+)/gm)].map(
    ([, name]) => name ?? '',
  );
const terms = new Set([...GLOSSARY.matchAll(/`([A-Z]\w+)`|\*\*([A-Z]\w+)/g)].map(([, a, b]) => a ?? b ?? ''));

test('every exported type of core, ports and flow is a term: a new one gets its line in docs/glossary.md', () => {
  const names = sources()
    .filter(({ path }) => !LOCAL.test(path))
    .flatMap(({ path, text }) => typesOf(text).map((name) => ({ name, path })));
  assert.ok(names.length > 150, `only ${names.length} types were found`);
  assert.deepEqual(
    names.filter(({ name }) => !terms.has(name) && !GLOSSARY.includes(`**${spaced(name)}`)),
    [],
  );
});

/** "BlastRadius" as the glossary writes it: "Blast radius". */
const spaced = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

test('every type that the glossary names exists', () => {
  const known = new Set(sources().flatMap(({ text }) => typesOf(text)));
  const named = [...GLOSSARY.matchAll(/`([A-Z][a-zA-Z]+)`/g)].map(([, name]) => name ?? '');
  assert.ok(named.length > 100);
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

/** Words that the project had for itself; each has a term of the field in its place. `deed` stays: a pinned JSON key. */
const RETIRED =
  /\b(?:witness\w*|shelf|shelves|parcel\w*|bell|hearing|switchboard|circumstances|standings?|stillTrue|wayBack|lookAgain|hangBell|steersAway)\b/i;

test('no retired word names anything', () => {
  const found = sources()
    .filter(({ path }) => !path.startsWith('sandbox/'))
    .flatMap(({ path, text }) => {
      const match = RETIRED.exec(withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, "''"));
      return match === null ? [] : [`${path}: ${match[0]}`];
    });
  assert.deepEqual(found, []);
});
