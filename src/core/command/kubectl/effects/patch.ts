// patch of three kinds, and edit, whose content nobody has seen.

import type { Trait } from '../../../model/effect.ts';
import type { Json } from '../../../model/json.ts';
import type { PatchType } from '../../../model/mutation.ts';
import { type Lack, undecided } from '../../../model/refusal.ts';
import type { Edit } from '../body/edit.ts';
import { carriesContent, editsOfPatch } from '../body/patch.ts';
import type { BodyChanges } from '../body/read-body.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import { writesBody } from './body.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  isSecret,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
  refusalsOnly,
  targetNamespace,
  writeEffect,
} from './effect-builder.ts';
import { comesFromFiles, documentsOf, manifestsOf, unseenWrite } from './manifests.ts';
import { selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { namedTargets, refusedKinds, targetConcerns } from './targets.ts';

const TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['strategic', 'strategic'],
  ['merge', 'merge'],
  ['json', 'json'],
]);

/** A patch's text, JSON or YAML, and its edits; null when it cannot be read. */
const readPatch = (
  command: KubectlCommand,
  type: PatchType,
  text: string,
): { readonly body: Json; readonly edits: readonly Edit[] } | null => {
  const [body, ...others] = documentsOf(command, text, 'patch') ?? [];
  const edits = body === undefined || others.length > 0 ? null : editsOfPatch(type, body);
  return body === undefined || edits === null ? null : { body, edits };
};

/** The text of --patch or --patch-file; null when its bytes are not part of the proposal. */
const patchText = ({ invocation, surroundings }: KubectlCommand): string | null => {
  const file = lastOf(invocation, 'patch-file');
  return file === null || file === '' ? lastOf(invocation, 'patch') : (surroundings.files.get(file) ?? null);
};

/** Objects that a command names, by arguments or by files. */
interface Named {
  readonly objects: readonly { readonly kind: Kind; readonly namespace: string | null; readonly name: string | null }[];
  readonly concerns: CommandEffects;
}

/** The objects to patch. */
const namedBy = (command: KubectlCommand): Named => {
  if (comesFromFiles(command)) {
    const { objects, unseen, refusals } = manifestsOf(command);
    return {
      objects,
      concerns: concat(refusalsOnly(refusals), unseenWrite(command, unseen, 'patch', 'patch', [])),
    };
  }
  const targets = namedTargets(command, command.invocation.args);
  const namespace = targetNamespace(command);
  const refusals = command.dryRun === 'none' ? refusedKinds(targets) : [];
  return {
    objects: targets.map((target) => ({ kind: target, namespace, name: target.name })),
    concerns: concat(refusalsOnly(refusals), targetConcerns(command, targets)),
  };
};

/** A change whose content nobody has seen: no hard rule can be decided. */
const unreadable = (
  command: KubectlCommand,
  { objects }: Named,
  subresource: string | null,
  traits: readonly Trait[],
  what: Lack,
): CommandEffects => {
  const effects = objects.map(({ kind, namespace, name }) =>
    writeEffect(command, kind, namespace, name, {
      ...PLAIN,
      verb: 'patch',
      kind: 'patch',
      subresource,
      traits,
    }),
  );
  if (command.dryRun !== 'none') return effectsOnly(effects);
  return { ...effectsOnly(effects), undecided: true, refusals: [undecided(what)] };
};

/** What goes with a finalizer or an owner, of a kind that only the cluster knows: it may be a protected one (scoring section 7, b). */
const ofUnknownKind = (results: readonly CommandEffects[], { refusals }: CommandEffects): CommandEffects => {
  const removes = results.some(({ effects }) =>
    effects.some(({ traits }) => traits.includes('finalizers') || traits.includes('owner-reference')),
  );
  const isUnknownKind = results.some(({ effects }) => effects.some(({ resource }) => resource === '*'));
  if (!removes || !(isUnknownKind || refusals.some(({ code }) => code === 'unknown-kind'))) return NO_EFFECTS;
  return { ...NO_EFFECTS, undecided: true, refusals: [undecided('kind')] };
};

const patchKind = ({ patchKind }: BodyChanges) => patchKind;

const subresourceOf = (command: KubectlCommand): string | null => {
  const given = lastOf(command.invocation, 'subresource');
  return given === '' ? null : given;
};

export function patch(command: KubectlCommand): CommandEffects {
  if (isOn(command.invocation, 'local')) return NO_EFFECTS;
  const named = namedBy(command);
  const subresource = subresourceOf(command);
  const type = TYPES.get((lastOf(command.invocation, 'type') ?? 'strategic').toLowerCase()) ?? 'strategic';
  const text = patchText(command);
  if (text === null && isGiven(command.invocation, 'patch-file')) {
    const unseen = unreadable(command, named, subresource, ['unseen-content'], 'content');
    return concatAll([
      unseen,
      { ...NO_EFFECTS, refusals: [{ code: 'unseen-content', about: 'the patch file' }] },
      named.concerns,
    ]);
  }
  const read = text === null ? null : readPatch(command, type, text);
  const aboutSecrets = named.objects.some(({ kind }) => isSecret(kind.resource));
  if (read === null || (aboutSecrets && carriesContent(read.body)))
    return concat(unreadable(command, named, subresource, [], 'content'), named.concerns);
  // a subresource has no annotations of its own: what is noted of the command would go in a patch of its own
  const isApart = subresource !== null && isOn(command.invocation, 'record');
  const content = isApart ? null : ({ is: 'patch', type, body: read.body } as const);
  const plain = sent(command, () => content);
  const secret = aboutSecrets ? sent(command, () => content, { aboutSecrets }) : null;
  const results = named.objects.map(({ kind, namespace, name }) =>
    writesBody(command, kind, namespace, name, read.edits, {
      verb: 'patch',
      road: 'patch',
      subresource,
      selector: null,
      traits: [],
      kindOf: patchKind,
      mutation: isSecret(kind.resource) ? secret : plain,
    }),
  );
  return concatAll([...results, named.concerns, ofUnknownKind(results, named.concerns)]);
}

/** edit and apply edit-last-applied: a person decides in an editor what is sent. A bare type edits all of it. */
export function edit(command: KubectlCommand): CommandEffects {
  const named = namedBy(command);
  const { selector, traits } = selectionByFlags(command.invocation);
  const result = unreadable(command, named, subresourceOf(command), [], 'editor');
  const effects = result.effects.map((effect) =>
    effect.name === '*'
      ? { ...effect, selector, traits: [...effect.traits, ...(traits.length > 0 ? traits : ['all' as const])] }
      : effect,
  );
  return concat({ ...result, effects }, named.concerns);
}
