// Commands that only look: get, describe, logs, events, top, wait, explain, auth can-i and the like. What they show of
// Secrets is a sensitive read. It must never make an effect that changes anything.
import type { ActionKind, Effect, Verb } from '../../../model/effect.ts';
import type { OpaqueFloor } from '../../../model/understanding.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import { resolveResource } from '../resolve.ts';
import type { Target } from '../targets.ts';
import {
  ACCESS_REVIEWS,
  EVENTS,
  NODE_METRICS,
  POD_METRICS,
  PODS,
  pathKind,
  RULES_REVIEWS,
  SERVICES,
  SUBJECT_REVIEWS,
} from './built-in.ts';
import {
  both,
  type Command,
  does,
  isSecret,
  type Kind,
  NOTHING,
  type Outcome,
  PLAIN,
  reads,
  targetNamespace,
} from './command.ts';
import { comesFromFiles, manifestsOf, unseenRead } from './manifests.ts';
import { type Selection, selectionByFlags } from './selection.ts';
import { targetConcerns, targetsOf } from './targets.ts';

const readKind = ({ resource }: Kind): ActionKind => (isSecret(resource) ? 'sensitive-read' : 'read');

/** Reads of the targets: a list where none is named. Only what is not a plain read has modifiers (scoring section 4). */
export const readTargets = (command: Command, targets: readonly Target[], selection: Selection): Outcome => {
  const subresource = lastOf(command.invocation, 'subresource');
  const namespace = targetNamespace(command);
  const spread = command.allNamespaces ? (['all-namespaces'] as const) : [];
  const effects = targets.map((target): Effect => {
    const list = target.name === '*';
    const kind = readKind(target);
    return reads(target, namespace, target.name, {
      ...PLAIN,
      verb: list ? 'list' : 'get',
      kind,
      traits: list && kind === 'sensitive-read' ? [...selection.traits, ...spread] : [],
      subresource: subresource === '' ? null : subresource,
      selector: list ? selection.selector : null,
    });
  });
  return both(does(effects), targetConcerns(command, targets));
};

/** Reads of the objects that files name. */
export const readFiles = (command: Command, floor: OpaqueFloor = 'human'): Outcome => {
  const { objects, unseen, refusals } = manifestsOf(command);
  const effects = objects.map(({ kind, namespace, name }) =>
    reads(kind, namespace, name, { ...PLAIN, verb: 'get', kind: readKind(kind) }),
  );
  const seen: Outcome = { ...does(effects), refusals };
  return unseen.length === 0 ? seen : both(seen, unseenRead(unseen, floor));
};

/** TYPE [NAME…] or -f: what most reads take. */
export const readArguments = (command: Command): Outcome =>
  comesFromFiles(command)
    ? readFiles(command)
    : readTargets(command, targetsOf(command, command.invocation.args), selectionByFlags(command.invocation));

/** rollout status and history: of workloads alone. */
export const readRollout = (command: Command): Outcome =>
  comesFromFiles(command) ? readFiles(command, 'auto') : readArguments(command);

/** get, also with --watch: the list and then the watch, or the watch alone. */
export const get = (command: Command): Outcome => {
  const outcome = readArguments(command);
  const only = isOn(command.invocation, 'watch-only');
  if (!only && !isOn(command.invocation, 'watch')) return outcome;
  const watches = outcome.effects.map((effect): Effect => ({ ...effect, verb: 'watch' }));
  return { ...outcome, effects: only ? watches : [...outcome.effects, ...watches] };
};

/** wait looks at each object and watches it. */
export const wait = (command: Command): Outcome =>
  isOn(command.invocation, 'local') ? NOTHING : readArguments(command);

/** POD or TYPE/NAME as logs, attach and exec take it: the pod, or "*" for a pod that the named object owns. */
export const podOf = (command: Command, word: string): { readonly name: string; readonly concerns: Outcome } => {
  const targets = targetsOf(command, word.includes('/') ? [word] : ['pods', word]);
  const [first] = targets;
  const isPod = first !== undefined && first.resource.name === 'pods' && first.resource.group === '';
  return { name: isPod && targets.length === 1 ? first.name : '*', concerns: targetConcerns(command, targets) };
};

const podLog = (command: Command, name: string, selector: string | null): Effect =>
  reads(PODS, command.namespace, name, { ...PLAIN, verb: 'get', kind: 'read', subresource: 'log', selector });

export const logs = (command: Command): Outcome => {
  const { selector } = selectionByFlags(command.invocation);
  const [word] = command.invocation.args;
  if (word === undefined) return selector === null ? NOTHING : does([podLog(command, '*', selector)]);
  const { name, concerns } = podOf(command, word);
  return both(does([podLog(command, isOn(command.invocation, 'all-pods') ? '*' : name, selector)]), concerns);
};

const one = (kind: Kind, namespace: string | null, name: string | null, verb: Verb): Outcome =>
  does([reads(kind, namespace, name, { ...PLAIN, verb, kind: 'read' })]);

export const events = (command: Command): Outcome =>
  one(EVENTS, targetNamespace(command), '*', isOn(command.invocation, 'watch') ? 'watch' : 'list');

const metrics = (kind: Kind) => (command: Command) => {
  const [name] = command.invocation.args;
  const { selector } = selectionByFlags(command.invocation);
  const doing = { ...PLAIN, verb: name === undefined ? 'list' : 'get', kind: 'read', selector } as const;
  return does([reads(kind, targetNamespace(command), name ?? '*', doing)]);
};
export const topPods = metrics(POD_METRICS);
export const topNodes = metrics(NODE_METRICS);

const path = (name: string) => (): Outcome => one(pathKind(name), null, null, 'get');
export const apiKinds = path('/apis');
export const explain = path('/openapi/v3');
const serverVersion = path('/version');
export const version = (command: Command): Outcome => (isOn(command.invocation, 'client') ? NOTHING : serverVersion());

export const clusterInfo = (command: Command): Outcome =>
  does([
    reads(SERVICES, lastOf(command.invocation, 'namespace') === null ? 'kube-system' : command.namespace, '*', {
      ...PLAIN,
      verb: 'list',
      kind: 'read',
      selector: 'kubernetes.io/cluster-service=true',
    }),
  ]);

const DUMPED: readonly Kind[] = [
  'nodes',
  'events',
  'replicationcontrollers',
  'services',
  'daemonsets',
  'deployments',
  'replicasets',
  'pods',
].flatMap((word) => resolveResource(word, []) ?? []);

/** Nodes, and of each namespace its events, workloads, services, pods and their logs. */
export const clusterInfoDump = (command: Command): Outcome => {
  const { invocation } = command;
  const given = allOf(invocation, 'namespaces');
  const namespaces = command.allNamespaces ? ['*'] : given.length > 0 ? given : ['kube-system', command.namespace];
  const effects = [...new Set(namespaces)].flatMap((namespace, at) => [
    ...DUMPED.filter(({ resource }) => at === 0 || resource.namespaced).map((kind) =>
      reads(kind, namespace, '*', { ...PLAIN, verb: 'list', kind: 'read' }),
    ),
    reads(PODS, namespace, '*', { ...PLAIN, verb: 'get', kind: 'read', subresource: 'log' }),
  ]);
  return does(effects);
};

export const canI = (command: Command): Outcome =>
  one(isOn(command.invocation, 'list') ? RULES_REVIEWS : ACCESS_REVIEWS, null, null, 'create');
export const whoAmI = (): Outcome => one(SUBJECT_REVIEWS, null, null, 'create');

/** Looking into the kubeconfig shows its credentials only when it is asked to. No request is sent. */
export const configView = (command: Command): Outcome =>
  isOn(command.invocation, 'raw') || isOn(command.invocation, 'flatten')
    ? does([reads(pathKind('kubeconfig'), null, null, { ...PLAIN, verb: 'get', kind: 'sensitive-read' })])
    : NOTHING;

/** Sends nothing to a cluster. */
export const nothing = (): Outcome => NOTHING;
