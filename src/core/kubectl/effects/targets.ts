// The objects that a command's arguments name, with what refuses them. It must never read a manifest.
import type { Refusal } from '../../refusal.ts';
import { isUnknown } from '../../shell/unknown.ts';
import type { Part } from '../../understanding.ts';
import type { Resource } from '../resource.ts';
import { resolveTargets, type Target } from '../targets.ts';
import type { Command, Outcome } from './command.ts';
import { NOTHING } from './command.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const PATH_SEGMENT = /^[!-~]+$/;

/** Kinds whose names may be any segment of a path. */
const LOOSE_GROUPS = new Set(['rbac.authorization.k8s.io', 'certificates.k8s.io']);

/** Whether the API server would take the name for an object of this kind. */
const isValidName = (name: string, resource: Resource): boolean => {
  if (LOOSE_GROUPS.has(resource.group))
    return PATH_SEGMENT.test(name) && name !== '.' && name !== '..' && !/[/%]/.test(name);
  return name.length <= 253 && SUBDOMAIN.test(name);
};

/** Why the name would be refused, or null. Unknown words are judged elsewhere. */
export const refusedName = (name: string, resource: Resource): Refusal | null =>
  name === '*' || isUnknown(name) || isValidName(name, resource)
    ? null
    : { code: 'invalid-name', about: `${resource.name} ${JSON.stringify(name)}` };

/** Why the namespace would be refused, or null. */
export const refusedNamespace = (namespace: string): Refusal | null =>
  namespace === '*' || isUnknown(namespace) || (namespace.length <= 63 && LABEL.test(namespace))
    ? null
    : { code: 'invalid-name', about: `namespace ${JSON.stringify(namespace)}` };

/** What writing to these targets is refused for: kinds that are not known here, unless group and all are spelled out. */
export const refusedKinds = (targets: readonly Target[]): readonly Refusal[] => {
  const kinds = new Set<string>();
  for (const { known, resource } of targets)
    if (known === 'unknown' && resource.group === '' && !isUnknown(resource.name)) kinds.add(resource.kind);
  return [...kinds].map((about) => ({ code: 'unknown-kind', about }));
};

const OPAQUE_KIND: Part['opaque'] = { why: 'the kind is only known when it runs', floor: 'human' };

/** The targets of TYPE, TYPE NAME…, TYPE/NAME… */
export const targetsOf = (command: Command, args: readonly string[]): readonly Target[] =>
  resolveTargets(args, command.surroundings.customResources);

/** NAME…, or TYPE/NAME…, of a command whose type is given: "drain n1 node/n2"; "*" for no words. */
export const namedOf = (command: Command, type: string, args: readonly string[]): readonly Target[] => {
  if (args.length === 0) return targetsOf(command, [type]);
  return args.flatMap((word) => targetsOf(command, word.includes('/') ? [word] : [type, word]));
};

/** What the words of the targets say before any verb: names that would be refused, kinds that cannot be known. */
export const targetConcerns = (command: Command, targets: readonly Target[]): Outcome => {
  const badNamespace = command.allNamespaces ? null : refusedNamespace(command.namespace);
  const badNames = targets.map(({ name, resource }) => refusedName(name, resource)).filter((bad) => bad !== null);
  const unknown = targets.some(({ resource }) => isUnknown(resource.name));
  if (badNamespace === null && badNames.length === 0 && !unknown) return NOTHING;
  return {
    ...NOTHING,
    opaque: unknown ? OPAQUE_KIND : null,
    refusals: badNamespace === null ? badNames : [...badNames, badNamespace],
  };
};
