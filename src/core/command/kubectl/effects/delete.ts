// delete in all its forms but --raw.

import type { Change, Trait } from '../../../model/effect.ts';
import { undecided } from '../../../model/refusal.ts';
import type { Resource } from '../../../model/resource.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import {
  type CommandEffects,
  concat,
  type EffectDetails,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
} from './effect-builder.ts';
import { selectionByFlags } from './selection.ts';
import { namedTargets } from './targets.ts';
import { writeArguments } from './write.ts';

/** Seconds that a deletion leaves, null for the object's own; and the traits of how it is done. */
export interface Deletion {
  readonly change: Change & { readonly to: 'absence' };
  readonly traits: readonly Trait[];
}

const PROPAGATION: ReadonlyMap<string, 'Background' | 'Foreground' | 'Orphan'> = new Map([
  ['background', 'Background'],
  ['true', 'Background'],
  ['foreground', 'Foreground'],
  ['orphan', 'Orphan'],
  ['false', 'Orphan'],
]);

/** The grace that delete sends (kubectl 1.36): --now is 1; 0 without --force is 1; --force alone is 0. */
const graceOfDelete = (invocation: Invocation): number | null => {
  const given = Number(lastOf(invocation, 'grace-period') ?? -1);
  if (isOn(invocation, 'now')) return 1;
  const forced = isOn(invocation, 'force');
  if (given === 0) return forced ? 0 : 1;
  if (given < 0 || Number.isNaN(given)) return forced ? 0 : null;
  return given;
};

/** What a deletion with this grace and the flags' cascade is. */
export function deletionOf(invocation: Invocation, grace: number | null): Deletion {
  const propagation = PROPAGATION.get(lastOf(invocation, 'cascade') ?? 'background') ?? 'Background';
  const traits: Trait[] = [];
  if (isOn(invocation, 'force')) traits.push('force');
  if (grace === 0) traits.push('grace-zero');
  if (grace === 1) traits.push('grace-one');
  if (propagation === 'Orphan') traits.push('orphan');
  return { change: { to: 'absence', gracePeriodSeconds: grace, propagation }, traits };
}

/** Deleting a pod is its own kind; anything else is delete-object. */
export function deletionKind(resource: Resource): 'delete-pod' | 'delete-object' {
  return resource.name === 'pods' && resource.group === '' ? 'delete-pod' : 'delete-object';
}

/** What deleting an object of this kind does. */
export function deletes(resource: Resource, { change, traits }: Deletion, more: readonly Trait[]): EffectDetails {
  return {
    ...PLAIN,
    verb: 'delete',
    kind: deletionKind(resource),
    traits: more.length === 0 ? traits : [...traits, ...more],
    change,
  };
}

export function deleteObjects(command: KubectlCommand): CommandEffects {
  const { invocation } = command;
  const deletion = deletionOf(invocation, graceOfDelete(invocation));
  const result = writeArguments(
    command,
    invocation.args,
    selectionByFlags(invocation),
    ({ kind, traits }) => deletes(kind.resource, deletion, traits),
    { verb: 'delete', kind: 'delete-object', traits: deletion.traits },
  );
  // the kind is a variable, or a word that only the cluster knows: it may be a protected one (scoring section 7, b)
  const hidden =
    invocation.args.some(isUnknown) &&
    namedTargets(command, invocation.args).some(({ resource }) => isUnknown(resource.name));
  const unnamed = result.refusals.some(({ code }) => code === 'unknown-kind');
  return (hidden && command.dryRun === 'none') || unnamed ? concat(result, UNDECIDED) : result;
}

const UNDECIDED: CommandEffects = {
  ...NO_EFFECTS,
  undecided: true,
  refusals: [undecided('kind')],
};
