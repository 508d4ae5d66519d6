// What the tests of effects share: a command read, its effects in one line each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { CommandEffects } from '../../src/core/command/kubectl/effects/effect-builder.ts';
import { effectsOfInvocation } from '../../src/core/command/kubectl/effects.ts';
import { parseKubectl } from '../../src/core/command/kubectl/parse.ts';
import type { Command as Proposed, Surroundings } from '../../src/core/model/command.ts';
import type { Effect } from '../../src/core/model/effect.ts';

/** Words of a line; single quotes keep spaces. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));

export const surroundings = (files: Readonly<Record<string, string>>): Surroundings => ({
  namespace: 'default',
  files: new Map(Object.entries(files)),
  customResources: [],
  readDocuments,
});

/** The command without "kubectl", understood with these files; nested commands are collected in `nested`. */
export const understood = (
  line: string,
  files: Readonly<Record<string, string>> = {},
  nested: Proposed[] = [],
): CommandEffects =>
  effectsOfInvocation(parseKubectl(wordsOf(line)), surroundings(files), (command) => {
    nested.push(command);
    return [];
  });

/** "patch deployments.apps/scale default/web scale scale-to-zero": verb, what, where, kind, traits, "(dry)". */
export const summary = (effect: Effect): string => {
  const group = effect.group === '' ? '' : `.${effect.group}`;
  const subresource = effect.subresource === null ? '' : `/${effect.subresource}`;
  const where = `${effect.namespace ?? ''}/${effect.name ?? '∅'}`;
  const traits = effect.traits.length === 0 ? '' : ` ${effect.traits.join(',')}`;
  const dry = effect.dryRun ? ' (dry)' : '';
  return `${effect.verb} ${effect.resource}${group}${subresource} ${where} ${effect.kind}${traits}${dry}`;
};

test('words keep what stands in quotes', () => {
  assert.deepEqual(wordsOf(`patch x -p '{"a": 1}' b='c d'`), ['patch', 'x', '-p', '{"a": 1}', 'b=c d']);
});
