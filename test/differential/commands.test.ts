// The table of commands is what it claims to be: enough of every action, some that fail, all of them carried out by the gate.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { hasExecutor } from '../../src/core/action/executors.ts';
import { understand } from '../../src/core/command/understand.ts';
import { type ActionKind, type Effect, writesOf } from '../../src/core/model/effect.ts';
import type { MutationContent } from '../../src/core/model/mutation.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { type Command, commandsOf, ROWS } from './commands.ts';
import { NS } from './objects.ts';
import { CUSTOM } from './row.ts';

const TABLE = commandsOf(1);

/**
 * Where each kind of effect is tried beside kubectl: here, at least eight times; in a test of its own, where twins would say nothing
 * of it; or nowhere, since the gate sends no such thing.
 */
const TRIED: { readonly [K in ActionKind]: 'here' | 'nowhere' | `${string}.test.ts` } = {
  none: 'nowhere',
  read: 'nowhere',
  annotate: 'here',
  uncordon: 'here',
  label: 'here',
  'rollout-pause': 'here',
  'delete-pod': 'here',
  'rollout-restart': 'here',
  scale: 'here',
  autoscale: 'here',
  untaint: 'here',
  'rollout-undo': 'here',
  create: 'here',
  cordon: 'here',
  'set-image': 'here',
  'set-config': 'here',
  patch: 'here',
  apply: 'here',
  taint: 'here',
  'delete-object': 'here',
  // Evictions leave no object to compare: which pods go, and when, is compared.
  drain: 'test/actions/drain.real.test.ts',
  // What a program prints, and its exit code.
  exec: 'test/contracts/programs.real.test.ts',
  'sensitive-read': 'nowhere',
  tunnel: 'nowhere',
  grant: 'here',
};

/** Every content of a mutation that a command has; each is tried at least eight times. Requests are played by test/requests. */
const CONTENTS: { readonly [K in Exclude<MutationContent['is'], 'request'>]: true } = {
  patch: true,
  metadata: true,
  unschedulable: true,
  paused: true,
  taints: true,
  environment: true,
  resources: true,
  images: true,
  'service-account': true,
  debug: true,
  'debug-copy': true,
  selector: true,
  subjects: true,
  scale: true,
  create: true,
  'job-of-cronjob': true,
  expose: true,
  replace: true,
  reconcile: true,
  apply: true,
};

const inNamespace = (text: string): string => text.replaceAll(NS, 'shop');

const writesOfCommand = ({
  argv,
  files,
}: Command): { readonly refused: boolean; readonly writes: readonly Effect[] } => {
  const understanding = understand(
    { kind: 'argv', argv: ['kubectl', ...argv.map(inNamespace)] },
    {
      namespace: 'default',
      files: new Map([...files].map(([path, text]) => [path, inNamespace(text)])),
      customResources: CUSTOM,
      readDocuments,
    },
  );
  return { refused: understanding.refusals.length > 0, writes: writesOf(effectsOf(understanding)) };
};

const line = ({ row, argv }: Command): string => `${row}: kubectl ${argv.join(' ')}`;

describe('the commands that are tried beside kubectl', () => {
  test('are at least 300, and the same for the same seed', () => {
    assert.ok(TABLE.length >= 300, `${TABLE.length}`);
    assert.deepEqual(commandsOf(7), commandsOf(7));
    assert.notDeepEqual(commandsOf(7), commandsOf(8));
  });

  test('are at least eight of every row, three of which fail', () => {
    for (const { name } of ROWS) {
      const own = TABLE.filter(({ row }) => row === name);
      assert.ok(own.length >= 8, `${name}: ${own.length}`);
      assert.ok(own.filter(({ wants }) => wants === 'fails').length >= 3, name);
    }
  });

  test('are at least eight of every action and of every content that the gate carries out', () => {
    const seen = TABLE.map(writesOfCommand);
    for (const [kind, where] of Object.entries(TRIED)) {
      const count = seen.filter(({ writes }) => writes.some((effect) => effect.kind === kind)).length;
      if (where === 'here') assert.ok(count >= 8, `${kind}: ${count}`);
      else if (where !== 'nowhere') assert.ok(existsSync(join(import.meta.dirname, '../..', where)), where);
    }
    for (const is of Object.keys(CONTENTS)) {
      const count = seen.filter(({ writes }) => writes.some(({ mutation }) => mutation?.is === is)).length;
      assert.ok(count >= 8, `${is}: ${count}`);
    }
  });

  test('that kubectl carries out have an executor for every write', () => {
    for (const command of TABLE.filter(({ wants }) => wants !== 'fails')) {
      const { refused, writes } = writesOfCommand(command);
      assert.ok(!refused, line(command));
      assert.ok(
        writes.every(hasExecutor),
        `${line(command)}: ${JSON.stringify(writes.find((one) => !hasExecutor(one)))}`,
      );
    }
  });
});
