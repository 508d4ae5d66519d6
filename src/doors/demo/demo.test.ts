// The demo as a stranger sees it: readable, without colour where none is wanted, honest about a broken promise, gone when told.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { runDemo } from './demo.ts';
import { STORIES } from './stories.ts';
import type { Story } from './story.ts';

const FAILING = STORIES.filter(({ incident }) => incident === 'INC-1006');
const BLOCKED = STORIES.filter(({ tier }) => tier === 'blocked');

interface Run {
  readonly stories: readonly Story[];
  readonly width: number;
  readonly colour: 'colour' | 'plain';
  readonly signal: AbortSignal;
  readonly afterwards?: 'stay' | 'leave';
  readonly env?: NodeJS.ProcessEnv;
  /** Called with all that was said so far. */
  readonly heard: (text: string) => void;
}

const run = async ({ stories, width, colour, signal, heard, afterwards = 'leave', env = {} }: Run) => {
  let text = '';
  const code = await runDemo({
    stories,
    width,
    afterwards,
    signal,
    terminal: {
      out: (more) => {
        text += more;
        heard(text);
      },
      err: () => assert.fail('nothing is said on stderr'),
      readIn: () => assert.fail('nothing is asked'),
      env,
      colour: colour === 'colour',
    },
  });
  return { code, text };
};

test('a story that ends as told: exit 0, every line fits in 80 columns, no escape codes', async ({ signal }) => {
  const { code, text } = await run({ stories: BLOCKED, width: 80, colour: 'plain', signal, heard: () => {} });
  assert.equal(code, 0);
  assert.equal(text, stripVTControlCharacters(text));
  // Addresses and paths cannot be broken.
  const lines = text.split('\n').filter((line) => !line.includes('http://') && !line.includes('KUBECONFIG='));
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
  assert.match(text, /INC-1004 · ⛔ blocked by a hard rule/);
  assert.match(text, /1 of 1 stories, 7 of 7 expectations hold/);
});

test('a broken promise: exit 1, and the promise stands beside what was seen', async ({ signal }) => {
  const wrong = BLOCKED.map((story): Story => ({ ...story, score: 99, reasons: [['hard-rule', 99]] }));
  const { code, text } = await run({ stories: wrong, width: 100, colour: 'colour', signal, heard: () => {} });
  assert.equal(code, 1);
  const plain = stripVTControlCharacters(text);
  assert.notEqual(text, plain);
  assert.match(plain, /✗ score 99 = 99 hard-rule; tier blocked\n +seen: score 100 = 100 hard-rule; tier blocked/);
  assert.match(plain, /1 of 7 expectations do not hold/);
});

test("the stories' own failures are no step towards the breaker for whoever tries something afterwards", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-strict-'));
  const policy = join(folder, 'policy.yaml');
  const shipped = readFileSync(new URL('../../../policy/default.yaml', import.meta.url), 'utf8');
  // One failure pauses the gate: that of the story does.
  writeFileSync(policy, shipped.replace(/^( +failures:) \d+$/m, '$1 1'));
  try {
    const ending = new AbortController();
    const metrics: Promise<string>[] = [];
    const { text } = await run({
      stories: FAILING,
      width: 96,
      colour: 'plain',
      afterwards: 'stay',
      env: { BLASTGATE_POLICY: policy },
      signal: ending.signal,
      heard: (said) => {
        if (metrics.length > 0 || !said.includes('Ctrl-C')) return;
        const [, gate] = /gate +(http:\S+)/.exec(said) ?? [];
        const asked = fetch(`${gate}/metrics`).then((answer) => answer.text());
        metrics.push(asked);
        void asked.finally(() => ending.abort());
      },
    });
    const measured = (await Promise.all(metrics)).join('');
    assert.match(measured, /^blastgate_paused 0$/m);
    assert.match(measured, /^blastgate_breaker_failures 0$/m);
    assert.match(
      text,
      /# after several failures the gate pauses itself; .+\n +\. \S+ana\.env\n +npx blastgate resume\n/,
    );
    assert.deepEqual(
      text.split('\n').filter((line) => /^ +\+\d+\.\d s *$/.test(line)),
      [],
      'each look says something',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('told to end in the middle: exit 130 and no folder left; two demos at once have their own ports', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-two-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const ending = new AbortController();
    const begun = new Set<string>();
    const both = ['one', 'two'].map((name) =>
      run({
        stories: STORIES,
        width: 96,
        colour: 'plain',
        signal: ending.signal,
        heard: (text) => {
          if (text.includes('the change is written')) begun.add(name);
          if (begun.size === 2) ending.abort();
        },
      }),
    );
    const [one, two] = await Promise.all(both);
    assert.deepEqual([one?.code, two?.code], [130, 130]);
    const urls = [one, two].map((demo) => /gate +(http:\S+)/.exec(demo?.text ?? '')?.[1]);
    assert.equal(new Set([...urls, undefined]).size, 3);
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  }
});
