// Inputs that fuzzing once found slow: the work that they cause grows as their length does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';

interface Slow {
  readonly found: string;
  readonly start: string;
  readonly repeat: string;
}

const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };
// as: a file of our own
const slow = JSON.parse(
  readFileSync(new URL('../fixtures/fuzz/slow.json', import.meta.url), 'utf8'),
) as readonly Slow[];

/** Processor time, which a busy machine does not lengthen; ten times what each takes. */
const MOST_MS = 1500;

for (const { found, start, repeat } of slow)
  test(found, () => {
    const line = (start + repeat.repeat(65_000 / repeat.length)).slice(0, 65_000);
    const before = process.cpuUsage().user;
    const { refusals } = understand({ kind: 'line', line }, around);
    assert.ok((process.cpuUsage().user - before) / 1000 < MOST_MS);
    assert.ok(refusals.length > 0, 'and it is not executable');
  });
