// One kubectl command as the readers of this folder see it, and the effects and outcomes they make of it.

import type { TextCommand as Proposed, ReadingBudget, Surroundings } from '../../../model/command.ts';
import type { Change, Effect, Known, Trait } from '../../../model/effect.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Mutation } from '../../../model/mutation.ts';
import type { Refusal } from '../../../model/refusal.ts';
import type { Resource } from '../../../model/resource.ts';
import { compareTiers } from '../../../model/tier.ts';
import { EMPTY_PART, type Part } from '../../../model/understanding.ts';
import { bringsFlags, isAnyNumber, isUnknown, mayBringFlags, UNKNOWN } from '../../shell/unknown.ts';
import { isIdentityMap } from '../body/identity-map.ts';
import { isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';

/** Reads a command that runs inside a container. Given by the caller, since reading a line leads back to here. */
export type NestedReader = (command: Proposed) => readonly Part[];

/** What writes of a command share with those of a bare request. */
export interface WriteContext {
  readonly readNested: NestedReader;
  readonly dryRun: 'none' | 'client' | 'server';
}

/** A command, and what its meaning depends on. */
export interface KubectlCommand extends WriteContext {
  readonly invocation: Invocation;
  readonly surroundings: Surroundings;
  /** What may still be read of the texts that it names. */
  readonly budget: ReadingBudget;
  /** The namespace that objects without their own get; an unknown word when it cannot be known. */
  readonly namespace: string;
  /** -A was given where it counts. */
  readonly allNamespaces: boolean;
}

/** What a command does, in the words of Part, with what refuses it and the commands nested in it. */
export interface CommandEffects extends Part {
  readonly refusals: readonly Refusal[];
  readonly nested: readonly Part[];
  /** The objects that -o yaml prints in a dry run, as far as the command says them; null where it does not, or not all. */
  readonly prints: readonly JsonObject[] | null;
}

/** Sends nothing, refuses nothing. */
export const NO_EFFECTS: CommandEffects = { ...EMPTY_PART, refusals: [], nested: [], prints: null };

/** An outcome that is these effects and nothing else. */
export function effectsOnly(effects: readonly Effect[]): CommandEffects {
  return effects.length === 0 ? NO_EFFECTS : { ...NO_EFFECTS, effects };
}

/** An outcome that is these refusals and nothing else. */
export function refusalsOnly(refusals: readonly Refusal[]): CommandEffects {
  return refusals.length === 0 ? NO_EFFECTS : { ...NO_EFFECTS, refusals };
}

const higherOpaque = (one: Part['opaque'], other: Part['opaque']): Part['opaque'] =>
  one === null || (other !== null && compareTiers(other.floor, one.floor) > 0) ? other : one;

/** All outcomes, in order. */
export function concatAll(results: readonly CommandEffects[]): CommandEffects {
  const doing = results.filter((result) => result !== NO_EFFECTS);
  const [first] = doing;
  if (first === undefined) return NO_EFFECTS;
  if (doing.length === 1) return first;
  return {
    effects: doing.flatMap(({ effects }) => effects),
    opaque: doing.reduce<Part['opaque']>((highest, { opaque }) => higherOpaque(highest, opaque), null),
    destructions: doing.flatMap(({ destructions }) => destructions),
    dryRun: false,
    overridesTarget: doing.some(({ overridesTarget }) => overridesTarget),
    undecided: doing.some(({ undecided }) => undecided),
    innerArgv: doing.find(({ innerArgv }) => innerArgv !== null)?.innerArgv ?? null,
    refusals: doing.flatMap(({ refusals }) => refusals),
    nested: doing.flatMap(({ nested }) => nested),
    prints: doing.some(({ prints }) => prints !== null) ? doing.flatMap(({ prints }) => prints ?? []) : null,
  };
}

/** Both outcomes, in order. */
export function concat(one: CommandEffects, other: CommandEffects): CommandEffects {
  return one === NO_EFFECTS ? other : other === NO_EFFECTS ? one : concatAll([one, other]);
}

/** A kind of object, as resolving gives it. */
export interface Kind {
  readonly resource: Resource;
  readonly known: Known;
}

/** What an effect is beyond the object that it reaches. */
export type EffectDetails = Pick<
  Effect,
  | 'verb'
  | 'kind'
  | 'subresource'
  | 'selector'
  | 'traits'
  | 'change'
  | 'labelKeys'
  | 'annotationKeys'
  | 'templateKeys'
  | 'desired'
  | 'subjects'
> & /** What is sent; null: the change says it, or nobody may read it. */ { readonly mutation: Mutation | null };

export const OTHER: Change = { to: 'other' };

/** Doing that says nothing special: callers name its verb and kind and what else they have. */
export const PLAIN = {
  subresource: null,
  selector: null,
  traits: [],
  change: OTHER,
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
  mutation: null,
} as const;

const NO_TRAITS: readonly Trait[] = [];
const EVERYWHERE: readonly Trait[] = ['all-namespaces'];

/** What -A adds to the traits of a write or of a read of what is secret. */
export function spreadOf(command: KubectlCommand): readonly Trait[] {
  return command.allNamespaces ? EVERYWHERE : NO_TRAITS;
}

/** Both lists of traits, in order. */
export function bothTraits(one: readonly Trait[], other: readonly Trait[]): readonly Trait[] {
  return one.length === 0 ? other : other.length === 0 ? one : [...one, ...other];
}

/** Verbs whose words for targets may be several objects that exist: creating and connecting take one. */
const takesSeveral = (verb: Effect['verb']): boolean => verb !== 'create' && verb !== 'connect';

/** What unknown words for the target and its namespace make of an effect (scoring section 1). */
const unknownTraits = (namespace: string | null, name: string | null, verb: Effect['verb']): readonly Trait[] => {
  const traits: Trait[] = [];
  if (namespace !== null && isUnknown(namespace)) traits.push('unknown-namespace');
  if (name === null || !isUnknown(name)) return traits;
  traits.push('unknown-name');
  if (isAnyNumber(name) && takesSeveral(verb)) traits.push('all');
  return traits;
};

/** While it is made. */
type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** A read, in the namespace given: null for cluster-scoped objects. What cannot be known is "*". */
export function readEffect(kind: Kind, namespace: string | null, name: string | null, details: EffectDetails): Effect {
  const place = kind.resource.namespaced ? namespace : null;
  const isPlaceUnknown = place !== null && isUnknown(place);
  const isNameUnknown = name !== null && isUnknown(name);
  const unknown = isPlaceUnknown || isNameUnknown ? unknownTraits(place, name, details.verb) : NO_TRAITS;
  const effect: Growing<Effect> = {
    verb: details.verb,
    group: kind.resource.group,
    resource: isUnknown(kind.resource.name) ? '*' : kind.resource.name,
    subresource: details.subresource,
    namespace: isPlaceUnknown ? '*' : place,
    name: isNameUnknown ? '*' : name,
    selector: details.selector,
    kind: details.kind,
    known: kind.known,
    dryRun: false,
    traits: unknown.length === 0 ? details.traits : [...new Set([...details.traits, ...unknown])],
    change: details.change,
    labelKeys: details.labelKeys,
    annotationKeys: details.annotationKeys,
    templateKeys: details.templateKeys,
    desired: details.desired,
    subjects: details.subjects,
  };
  if (details.mutation !== null) effect.mutation = details.mutation;
  return effect;
}

/** Resources whose every write is a grant: roles and bindings, requests for client certificates (scoring section 2). */
const isGrant = ({ name, group }: Resource): boolean =>
  group === 'rbac.authorization.k8s.io' ||
  (group === 'certificates.k8s.io' && name === 'certificatesigningrequests') ||
  (group === 'authorization.openshift.io' && /^(?:cluster)?role(?:binding)?s$/.test(name));

/** Resources whose objects are credentials. */
export function isSecret(resource: Resource): boolean {
  return resource.name === 'secrets' && resource.group === '';
}

/**
 * A write of the command. An effective dry run is a read that keeps its verb (scoring section 2).
 */
export function writeEffect(
  command: Pick<WriteContext, 'dryRun'>,
  kind: Kind,
  namespace: string | null,
  name: string | null,
  details: EffectDetails,
): Effect {
  const grants = isGrant(kind.resource) || isIdentityMap(kind.resource, namespace, name);
  const effect = readEffect(kind, namespace, name, grants ? { ...details, kind: 'grant' } : details);
  return command.dryRun === 'none'
    ? effect
    : { ...effect, kind: 'read', dryRun: true, traits: NO_TRAITS, change: OTHER, desired: null };
}

/** The namespace of the command's own targets: "*" with -A. */
export function targetNamespace(command: KubectlCommand): string {
  return command.allNamespaces ? '*' : command.namespace;
}

const DRY_RUN: ReadonlyMap<string, KubectlCommand['dryRun']> = new Map([
  ['client', 'client'],
  ['unchanged', 'client'],
  ['server', 'server'],
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, 'client'] as const),
]);

/** Where kubectl refuses --dry-run, so that nothing of it may count (kubectl 1.36). */
const refusesDryRun = (invocation: Invocation, dryRun: KubectlCommand['dryRun']): boolean => {
  switch (invocation.key) {
    case 'replace':
      return isOn(invocation, 'force');
    case 'apply':
      return dryRun === 'server' ? isOn(invocation, 'force') : isOn(invocation, 'server-side');
    case 'run':
      return isOn(invocation, 'stdin') || isOn(invocation, 'attach') || isOn(invocation, 'tty');
    default:
      return false;
  }
};

/** What --dry-run amounts to (parsing rules B6); none where kubectl does not read it or knows another flag not at all. */
const dryRunOf = (invocation: Invocation): KubectlCommand['dryRun'] => {
  const value = lastOf(invocation, 'dry-run');
  if (value === null) return 'none';
  if (invocation.flags.has('raw')) return 'none';
  if (invocation.refusals.some(({ code }) => code === 'unknown-flag')) return 'none';
  const dryRun = DRY_RUN.get(value) ?? 'none';
  return dryRun !== 'none' && refusesDryRun(invocation, dryRun) ? 'none' : dryRun;
};

/** Commands whose first word is a kind, where others follow. */
const NAMES_KIND_FIRST = new Set(
  'annotate autoscale delete describe edit expose get label patch rollout scale set taint wait'.split(' '),
);

/** The namespace of a command. What stands where targets do may bring flags, which name another (scoring section 1). */
const namespaceOf = (invocation: Invocation, context: string): string => {
  const given = lastOf(invocation, 'namespace') ?? '';
  const { args, argsBeforeDash, path } = invocation;
  if (!args.some(isUnknown)) return given === '' ? context : given;
  const words = argsBeforeDash === null ? args : args.slice(0, argsBeforeDash);
  const targets = words.length > 1 && NAMES_KIND_FIRST.has(path[0] ?? '') ? words.slice(1) : words;
  if (targets.some(given === '' ? mayBringFlags : bringsFlags)) return UNKNOWN;
  return given === '' ? context : given;
};

/** Makes the command of an invocation. -n wins over the context's namespace unless it is empty (kubectl 1.36). */
export function kubectlCommandOf(
  invocation: Invocation,
  surroundings: Surroundings,
  readNested: NestedReader,
  budget: ReadingBudget,
): KubectlCommand {
  return {
    invocation,
    surroundings,
    readNested,
    budget,
    namespace: namespaceOf(invocation, surroundings.namespace),
    allNamespaces: isOn(invocation, 'all-namespaces'),
    dryRun: dryRunOf(invocation),
  };
}

/** The same, in the place of an earlier write of its object; in a dry run nothing is carried out. */
export function onlyIf(when: NonNullable<Effect['onlyIf']>, result: CommandEffects): CommandEffects {
  return {
    ...result,
    effects: result.effects.map((effect) => (effect.dryRun ? effect : { ...effect, onlyIf: when })),
  };
}
