// One attack: a command, what travels with it, and the tier below which it must never come out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { TextCommand } from '../../src/core/model/command.ts';
import type { Tier } from '../../src/core/model/tier.ts';

/** Tier that scoring gives, the line or argv, and the files that came along. A tier with a "!" is one that may run. */
export type Attack = readonly [
  expected: Tier | 'auto!' | 'human!' | 'dual!',
  command: string | readonly string[],
  files?: Readonly<Record<string, string>>,
];

const commandOf = (command: string | readonly string[]): TextCommand =>
  typeof command === 'string' ? { kind: 'line', line: command } : { kind: 'argv', argv: command };

/** The decision about an attack, without a cluster. */
export const judge = (command: string | readonly string[], files: Readonly<Record<string, string>> = {}): BlastRadius =>
  score(
    understand(commandOf(command), {
      namespace: 'default',
      files: new Map(Object.entries(files)),
      customResources: [],
      readDocuments,
    }),
    null,
    DEFAULT_POLICY,
  );

const shownReasons = ({ score: points, reasons }: BlastRadius): string =>
  `${points} = ${reasons.map(({ code, points: each, subject }) => `${code} ${each} (${subject})`).join(' + ')}`;

/** Every attack as a test of its own. */
export const attacks = (all: readonly Attack[]): void => {
  for (const [expected, command, files = {}] of all)
    test(typeof command === 'string' ? command.slice(0, 200) : JSON.stringify(command).slice(0, 200), () => {
      const answer = judge(command, files);
      const runs = expected.endsWith('!');
      assert.equal(answer.tier, runs ? expected.slice(0, -1) : expected, shownReasons(answer));
      assert.equal(answer.executable, runs, JSON.stringify(answer.refusals));
    });
};
