// Commands that only look: get, describe, logs, events, top, wait, explain, auth can-i and the like. What they show of
// Secrets is a sensitive read.
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
  bothTraits,
  type CommandEffects,
  concat,
  effectsOnly,
  isSecret,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
  readEffect,
  spreadOf,
  targetNamespace,
} from './effect-builder.ts';
import { comesFromFiles, manifestsOf, unseenRead } from './manifests.ts';
import { type Selection, selectionByFlags } from './selection.ts';
import { namedTargets, targetConcerns } from './targets.ts';

const readKind = ({ resource }: Kind): ActionKind => (isSecret(resource) ? 'sensitive-read' : 'read');

/** Reads of the targets: a list where none is named. Only what is not a plain read has modifiers (scoring section 4). */
export function readTargets(command: KubectlCommand, targets: readonly Target[], selection: Selection): CommandEffects {
  const subresource = lastOf(command.invocation, 'subresource');
  const namespace = targetNamespace(command);
  const spread = spreadOf(command);
  const effects = targets.map((target): Effect => {
    const list = target.name === '*';
    const kind = readKind(target);
    return readEffect(target, namespace, target.name, {
      ...PLAIN,
      verb: list ? 'list' : 'get',
      kind,
      traits: list && kind === 'sensitive-read' ? bothTraits(selection.traits, spread) : PLAIN.traits,
      subresource: subresource === '' ? null : subresource,
      selector: list ? selection.selector : null,
    });
  });
  return concat(effectsOnly(effects), targetConcerns(command, targets));
}

/** Reads of the objects that files name. */
export function readFiles(command: KubectlCommand, floor: OpaqueFloor = 'human'): CommandEffects {
  const { objects, unseen, refusals } = manifestsOf(command);
  const effects = objects.map(({ kind, namespace, name }) =>
    readEffect(kind, namespace, name, { ...PLAIN, verb: 'get', kind: readKind(kind) }),
  );
  const seen: CommandEffects = { ...effectsOnly(effects), refusals };
  return unseen.length === 0 ? seen : concat(seen, unseenRead(unseen, floor));
}

/** TYPE [NAME…] or -f: what most reads take. */
export function readArguments(command: KubectlCommand): CommandEffects {
  return comesFromFiles(command)
    ? readFiles(command)
    : readTargets(command, namedTargets(command, command.invocation.args), selectionByFlags(command.invocation));
}

/** rollout status and history: of workloads alone. */
export function readRollout(command: KubectlCommand): CommandEffects {
  return comesFromFiles(command) ? readFiles(command, 'auto') : readArguments(command);
}

/** get, also with --watch: the list and then the watch, or the watch alone. */
export function readGet(command: KubectlCommand): CommandEffects {
  const result = readArguments(command);
  const only = isOn(command.invocation, 'watch-only');
  if (!only && !isOn(command.invocation, 'watch')) return result;
  const watches = result.effects.map((effect): Effect => ({ ...effect, verb: 'watch' }));
  return { ...result, effects: only ? watches : [...result.effects, ...watches] };
}

/** wait looks at each object and watches it. */
export function wait(command: KubectlCommand): CommandEffects {
  return isOn(command.invocation, 'local') ? NO_EFFECTS : readArguments(command);
}

/** POD or TYPE/NAME as logs, attach and exec take it: the pod, or "*" for a pod `of` the named object. */
export function podOf(
  command: KubectlCommand,
  word: string,
): { readonly name: string; readonly of: Target | null; readonly concerns: CommandEffects } {
  const targets = namedTargets(command, word.includes('/') ? [word] : ['pods', word]);
  const [first] = targets;
  const isPod = first !== undefined && first.resource.name === 'pods' && first.resource.group === '';
  const alone = first !== undefined && targets.length === 1 ? first : null;
  return {
    name: isPod && alone !== null ? alone.name : '*',
    of: isPod ? null : alone,
    concerns: targetConcerns(command, targets),
  };
}

const podLog = (command: KubectlCommand, name: string, selector: string | null): Effect =>
  readEffect(PODS, command.namespace, name, { ...PLAIN, verb: 'get', kind: 'read', subresource: 'log', selector });

export function logs(command: KubectlCommand): CommandEffects {
  const { selector } = selectionByFlags(command.invocation);
  const [word] = command.invocation.args;
  if (word === undefined) return selector === null ? NO_EFFECTS : effectsOnly([podLog(command, '*', selector)]);
  const { name, concerns } = podOf(command, word);
  return concat(effectsOnly([podLog(command, isOn(command.invocation, 'all-pods') ? '*' : name, selector)]), concerns);
}

const one = (kind: Kind, namespace: string | null, name: string | null, verb: Verb): CommandEffects =>
  effectsOnly([readEffect(kind, namespace, name, { ...PLAIN, verb, kind: 'read' })]);

export function events(command: KubectlCommand): CommandEffects {
  return one(EVENTS, targetNamespace(command), '*', isOn(command.invocation, 'watch') ? 'watch' : 'list');
}

const metrics = (kind: Kind) => (command: KubectlCommand) => {
  const [name] = command.invocation.args;
  const { selector } = selectionByFlags(command.invocation);
  const doing = { ...PLAIN, verb: name === undefined ? 'list' : 'get', kind: 'read', selector } as const;
  return effectsOnly([readEffect(kind, targetNamespace(command), name ?? '*', doing)]);
};
export const topPods = metrics(POD_METRICS);
export const topNodes = metrics(NODE_METRICS);

const path = (name: string) => (): CommandEffects => one(pathKind(name), null, null, 'get');
export const apiKinds = path('/apis');
export const explain = path('/openapi/v3');
const serverVersion = path('/version');
export function version(command: KubectlCommand): CommandEffects {
  return isOn(command.invocation, 'client') ? NO_EFFECTS : serverVersion();
}

export function clusterInfo(command: KubectlCommand): CommandEffects {
  return effectsOnly([
    readEffect(SERVICES, lastOf(command.invocation, 'namespace') === null ? 'kube-system' : command.namespace, '*', {
      ...PLAIN,
      verb: 'list',
      kind: 'read',
      selector: 'kubernetes.io/cluster-service=true',
    }),
  ]);
}

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
export function clusterInfoDump(command: KubectlCommand): CommandEffects {
  const { invocation } = command;
  const given = allOf(invocation, 'namespaces');
  const namespaces = command.allNamespaces ? ['*'] : given.length > 0 ? given : ['kube-system', command.namespace];
  const effects = [...new Set(namespaces)].flatMap((namespace, at) => [
    ...DUMPED.filter(({ resource }) => at === 0 || resource.namespaced).map((kind) =>
      readEffect(kind, namespace, '*', { ...PLAIN, verb: 'list', kind: 'read' }),
    ),
    readEffect(PODS, namespace, '*', { ...PLAIN, verb: 'get', kind: 'read', subresource: 'log' }),
  ]);
  return effectsOnly(effects);
}

export function canI(command: KubectlCommand): CommandEffects {
  return one(isOn(command.invocation, 'list') ? RULES_REVIEWS : ACCESS_REVIEWS, null, null, 'create');
}
export function whoAmI(): CommandEffects {
  return one(SUBJECT_REVIEWS, null, null, 'create');
}

/** Looking into the kubeconfig shows its credentials only when it is asked to. No request is sent. */
export function configView(command: KubectlCommand): CommandEffects {
  return isOn(command.invocation, 'raw') || isOn(command.invocation, 'flatten')
    ? effectsOnly([readEffect(pathKind('kubeconfig'), null, null, { ...PLAIN, verb: 'get', kind: 'sensitive-read' })])
    : NO_EFFECTS;
}

/** Sends nothing to a cluster. */
export function nothing(): CommandEffects {
  return NO_EFFECTS;
}
