// patch of three kinds, and edit, whose content nobody has seen. It must never read what a patch means: body/ does.

import type { Trait } from '../../../model/effect.ts';
import type { Edit } from '../body/edit.ts';
import { editsOfPatch, type PatchType } from '../body/patch.ts';
import type { BodyReading } from '../body/read-body.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import { writesBody } from './body.ts';
import {
  all,
  both,
  type Command,
  does,
  type Kind,
  NOTHING,
  type Outcome,
  PLAIN,
  targetNamespace,
  writes,
} from './command.ts';
import { comesFromFiles, documentsOf, manifestsOf, unseenWrite } from './manifests.ts';
import { selectionByFlags } from './selection.ts';
import { refusedKinds, targetConcerns, targetsOf } from './targets.ts';

const TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['strategic', 'strategic'],
  ['merge', 'merge'],
  ['json', 'json'],
]);

/** The edits of a patch's text, JSON or YAML; null when it cannot be read. */
const editsOfText = (command: Command, type: PatchType, text: string): readonly Edit[] | null => {
  const documents = documentsOf(command, text, 'patch');
  return documents?.length === 1 && documents[0] !== undefined ? editsOfPatch(type, documents[0]) : null;
};

/** The text of --patch or --patch-file; null when its bytes are not part of the proposal. */
const patchText = ({ invocation, surroundings }: Command): string | null => {
  const file = lastOf(invocation, 'patch-file');
  return file === null || file === '' ? lastOf(invocation, 'patch') : (surroundings.files.get(file) ?? null);
};

/** Objects that a command names, by arguments or by files. */
interface Named {
  readonly objects: readonly { readonly kind: Kind; readonly namespace: string | null; readonly name: string | null }[];
  readonly concerns: Outcome;
}

/** The objects to patch. */
const namedBy = (command: Command): Named => {
  if (comesFromFiles(command)) {
    const { objects, unseen, refusals } = manifestsOf(command);
    return { objects, concerns: both({ ...NOTHING, refusals }, unseenWrite(command, unseen, 'patch', 'patch', [])) };
  }
  const targets = targetsOf(command, command.invocation.args);
  const namespace = targetNamespace(command);
  const refusals = command.dryRun === 'none' ? refusedKinds(targets) : [];
  return {
    objects: targets.map((target) => ({ kind: target, namespace, name: target.name })),
    concerns: both({ ...NOTHING, refusals }, targetConcerns(command, targets)),
  };
};

/** A change whose content nobody has seen: no hard rule can be decided. */
const unreadable = (
  command: Command,
  { objects }: Named,
  subresource: string | null,
  traits: readonly Trait[],
  about: string,
): Outcome => {
  const effects = objects.map(({ kind, namespace, name }) =>
    writes(command, kind, namespace, name, {
      ...PLAIN,
      verb: 'patch',
      kind: 'patch',
      subresource,
      traits,
    }),
  );
  if (command.dryRun !== 'none') return does(effects);
  return { ...does(effects), undecided: true, refusals: [{ code: 'hard-rule-undecided', about }] };
};

const patchKind = ({ patchKind }: BodyReading) => patchKind;

const subresourceOf = (command: Command): string | null => {
  const given = lastOf(command.invocation, 'subresource');
  return given === '' ? null : given;
};

export const patch = (command: Command): Outcome => {
  if (isOn(command.invocation, 'local')) return NOTHING;
  const named = namedBy(command);
  const subresource = subresourceOf(command);
  const type = TYPES.get((lastOf(command.invocation, 'type') ?? 'strategic').toLowerCase()) ?? 'strategic';
  const text = patchText(command);
  if (text === null && isGiven(command.invocation, 'patch-file')) {
    const unseen = unreadable(command, named, subresource, ['unseen-content'], 'the patch file');
    return all([
      unseen,
      { ...NOTHING, refusals: [{ code: 'unseen-content', about: 'the patch file' }] },
      named.concerns,
    ]);
  }
  const edits = text === null ? null : editsOfText(command, type, text);
  if (edits === null)
    return both(unreadable(command, named, subresource, [], 'the patch cannot be read'), named.concerns);
  const outcomes = named.objects.map(({ kind, namespace, name }) =>
    writesBody(command, kind, namespace, name, edits, {
      verb: 'patch',
      road: 'patch',
      subresource,
      selector: null,
      traits: [],
      kindOf: patchKind,
    }),
  );
  return all([...outcomes, named.concerns]);
};

/** edit and apply edit-last-applied: a person decides in an editor what is sent. A bare type edits all of it. */
export const edit = (command: Command): Outcome => {
  const named = namedBy(command);
  const { selector, traits } = selectionByFlags(command.invocation);
  const outcome = unreadable(command, named, subresourceOf(command), [], 'what the editor will send');
  const effects = outcome.effects.map((effect) =>
    effect.name === '*'
      ? { ...effect, selector, traits: [...effect.traits, ...(traits.length > 0 ? traits : ['all' as const])] }
      : effect,
  );
  return both({ ...outcome, effects }, named.concerns);
};
