// The objects that a command's arguments name, with what refuses them.
import type { Refusal } from '../../../model/refusal.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Part } from '../../../model/understanding.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { resolveTargets, type Target } from '../targets.ts';
import type { CommandEffects, KubectlCommand } from './effect-builder.ts';
import { NO_EFFECTS } from './effect-builder.ts';

const DASH = 0x2d;
const DOT = 0x2e;

const isLowerOrDigit = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);

/** Labels of lower-case letters, digits and inner dashes, with dots between them (RFC 1123); letter by letter, for speed. */
const isSubdomain = (name: string): boolean => {
  let before = DOT;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code === DASH ? before === DOT : code === DOT ? before === DOT || before === DASH : !isLowerOrDigit(code))
      return false;
    before = code;
  }
  return before !== DOT && before !== DASH;
};

const PATH_SEGMENT = /^[!-~]+$/;

/** Kinds whose names may be any segment of a path. */
const LOOSE_GROUPS = new Set(['rbac.authorization.k8s.io', 'certificates.k8s.io']);

/** Whether the API server would take the name for an object of this kind. */
const isValidName = (name: string, resource: Resource): boolean => {
  if (LOOSE_GROUPS.has(resource.group))
    return PATH_SEGMENT.test(name) && name !== '.' && name !== '..' && !/[/%]/.test(name);
  return name.length <= 253 && isSubdomain(name);
};

/** Why the name would be refused, or null. Unknown words are judged elsewhere. */
export function refusedName(name: string, resource: Resource): Refusal | null {
  return isValidName(name, resource) || name === '*' || isUnknown(name)
    ? null
    : { code: 'invalid-name', about: `${resource.name} ${JSON.stringify(name)}` };
}

/** Why the namespace would be refused, or null. */
export function refusedNamespace(namespace: string): Refusal | null {
  return (namespace.length <= 63 && !namespace.includes('.') && isSubdomain(namespace)) ||
    namespace === '*' ||
    isUnknown(namespace)
    ? null
    : { code: 'invalid-name', about: `namespace ${JSON.stringify(namespace)}` };
}

/** What writing to these targets is refused for: kinds that are not known here, unless group and all are spelled out. */
export function refusedKinds(targets: readonly Target[]): readonly Refusal[] {
  const unknown = targets.filter(
    ({ known, resource }) => known === 'unknown' && resource.group === '' && !isUnknown(resource.name),
  );
  return unknown.length === 0
    ? []
    : [...new Set(unknown.map(({ resource }) => resource.kind))].map((about) => ({ code: 'unknown-kind', about }));
}

const OPAQUE_KIND: Part['opaque'] = { why: 'the kind is only known when it runs', floor: 'human' };

/** The targets of TYPE, TYPE NAME…, TYPE/NAME… */
export function namedTargets(command: KubectlCommand, args: readonly string[]): readonly Target[] {
  return resolveTargets(args, command.surroundings.customResources);
}

/** NAME…, or TYPE/NAME…, of a command whose type is given: "drain n1 node/n2"; "*" for no words. */
export function namedOf(command: KubectlCommand, type: string, args: readonly string[]): readonly Target[] {
  if (args.length === 0) return namedTargets(command, [type]);
  return args.flatMap((word) => namedTargets(command, word.includes('/') ? [word] : [type, word]));
}

/** What the words of the targets say before any verb: names that would be refused, kinds that cannot be known. */
export function targetConcerns(command: KubectlCommand, targets: readonly Target[]): CommandEffects {
  const badNamespace = command.allNamespaces ? null : refusedNamespace(command.namespace);
  const refusals: Refusal[] = [];
  let unknown = false;
  for (const { name, resource, known } of targets) {
    const badName = refusedName(name, resource);
    if (badName !== null) refusals.push(badName);
    if (known === 'unknown' && isUnknown(resource.name)) unknown = true;
  }
  if (badNamespace !== null) refusals.push(badNamespace);
  if (refusals.length === 0 && !unknown) return NO_EFFECTS;
  return { ...NO_EFFECTS, opaque: unknown ? OPAQUE_KIND : null, refusals };
}
