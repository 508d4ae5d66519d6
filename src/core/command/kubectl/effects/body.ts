// One write that carries a body: the body read, the effect it makes, the commands in it.

import type { ActionKind, Change, Trait, Verb } from '../../../model/effect.ts';
import type { Mutation } from '../../../model/mutation.ts';
import { undecided } from '../../../model/refusal.ts';
import type { WriteMode } from '../body/body-reading.ts';
import type { Edit } from '../body/edit.ts';
import { type BodyChanges, readBody } from '../body/read-body.ts';
import {
  type CommandEffects,
  concat,
  effectsOnly,
  type Kind,
  OTHER,
  PLAIN,
  type WriteContext,
  writeEffect,
} from './effect-builder.ts';
import { asArgvs, readNestedCommands } from './nested.ts';

/** How a body is sent. */
export interface Sending {
  readonly verb: Verb;
  readonly road: WriteMode;
  readonly subresource: string | null;
  readonly selector: string | null;
  /** Of how it is done, besides what the body says. */
  readonly traits: readonly Trait[];
  /** The kind that the write is, given what the body changes. */
  readonly kindOf: (reading: BodyChanges) => ActionKind;
  /** What is sent, where it may be said. */
  readonly mutation?: Mutation | null;
}

/** No executor applies, puts or creates; what judging asks the cluster about stays, where there may be an object already. */
const changeBy = (mode: WriteMode, change: Change): Change => {
  if (mode === 'patch' || change.to === 'bounds') return change;
  if (mode === 'create' || !('replicas' in change) || change.replicas === null) return OTHER;
  return { to: 'several', replicas: change.replicas };
};

/** Parts of the pod that run something chosen by the proposer, and kinds that no body lowers. */
const withBody = (reading: BodyChanges, sending: Sending): Parameters<typeof writeEffect>[4] => ({
  ...PLAIN,
  verb: sending.verb,
  kind: sending.kindOf(reading),
  subresource: sending.subresource,
  selector: sending.selector,
  traits: sending.traits.length === 0 ? reading.traits : [...new Set([...sending.traits, ...reading.traits])],
  change: changeBy(sending.road, reading.change),
  labelKeys: reading.labelKeys,
  annotationKeys: reading.annotationKeys,
  templateKeys: reading.templateKeys,
  desired: reading.desired,
  subjects: reading.subjects,
  mutation: sending.mutation ?? null,
});

/** The write of one object with these edits. */
export function writesBody(
  command: WriteContext,
  kind: Kind,
  namespace: string | null,
  name: string | null,
  edits: readonly Edit[],
  sending: Sending,
): CommandEffects {
  const known = kind.known === 'built-in' ? 'built-in' : 'other';
  const { subresource, road: mode } = sending;
  const reading = readBody({ resource: kind.resource, known, namespace, name, subresource, mode }, edits);
  const written = effectsOnly([writeEffect(command, kind, namespace, name, withBody(reading, sending))]);
  const whole = concat(written, readNestedCommands(command, asArgvs(reading.commands)));
  if (!reading.unknown || command.dryRun !== 'none') return whole;
  return {
    ...whole,
    undecided: true,
    refusals: [...whole.refusals, undecided('object')],
  };
}
