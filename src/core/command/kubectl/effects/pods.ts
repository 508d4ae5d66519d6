// Commands that reach into a pod or open a way to it: exec, attach, cp, debug, port-forward, proxy.

import type { Change, Effect, Trait } from '../../../model/effect.ts';
import {
  DEBUG_PROFILES,
  type DebugContainer,
  type DebugProfile,
  type MutationContent,
} from '../../../model/mutation.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import { undecided } from '../../../model/refusal.ts';
import { secretFields } from '../../secrets/secret-fields.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { commandsOf } from '../body/container.ts';
import { editsOfObject } from '../body/patch.ts';
import { imageTraits, podTraits } from '../body/pod-spec.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { variablesOf } from '../pairs.ts';
import type { Target } from '../targets.ts';
import { ANY_KIND, PODS } from './built-in.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  type KubectlCommand,
  NO_EFFECTS,
  OTHER,
  PLAIN,
  readEffect,
  writeEffect,
} from './effect-builder.ts';
import { comesFromFiles, documentsOf, manifestsOf, unseenWrite } from './manifests.ts';
import { asArgvs, readNestedCommands } from './nested.ts';
import { podOf } from './read.ts';
import { sent } from './sent.ts';
import { namedOf, refusedNamespace, targetConcerns } from './targets.ts';

/** A stream to a pod: its subresource says which. */
const connects = (
  command: KubectlCommand,
  namespace: string,
  name: string,
  subresource: string,
  change: Change = OTHER,
): Effect =>
  writeEffect(command, PODS, namespace, name, {
    ...PLAIN,
    verb: 'connect',
    kind: subresource === 'portforward' ? 'tunnel' : 'exec',
    subresource,
    change,
  });

/** Kinds of which kubectl takes a pod (polymorphichelpers, SelectorsForObject, kubectl 1.36). */
const WITH_PODS: ReadonlySet<string> = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'services',
]);

/** A program without a terminal and without input, all of whose words are known and none of them a secret; else nobody runs it. */
const runOf = ({ invocation, surroundings }: KubectlCommand, argv: readonly string[], of: Target | null): Change => {
  const named = of === null ? null : { group: of.resource.group, resource: of.resource.name, name: of.name };
  const isPlain = !isOn(invocation, 'stdin') && !isOn(invocation, 'tty') && invocation.argsBeforeDash !== null;
  const isChosen = named === null || (WITH_PODS.has(resourceKey(named)) && !isUnknown(named.name));
  if (!isPlain || !isChosen || argv.length === 0 || argv.some(isUnknown)) return OTHER;
  const locate = surroundings.readDocuments.locate ?? null;
  if (secretFields({ command: argv }, false, locate)?.length !== 0) return OTHER;
  return { to: 'run', argv, container: lastOf(invocation, 'container') || null, of: named };
};

/** The words that run in the container: after "--", and without it whatever follows the pod (kubectl up to 1.30). */
const inner = ({ invocation }: KubectlCommand, named: number): readonly string[] => {
  const { args, argsBeforeDash } = invocation;
  return args.slice(argsBeforeDash === null ? named : Math.min(argsBeforeDash, named));
};

/** The stream to the pod of the first argument, or of the object in a file. */
const reaches = (command: KubectlCommand, subresource: string): CommandEffects => {
  const [word] = command.invocation.args;
  if (comesFromFiles(command)) {
    const { objects, refusals } = manifestsOf(command);
    const [first] = objects;
    const isPod = first?.kind.resource.name === 'pods';
    const name = isPod && first.name !== null ? first.name : '*';
    return { ...effectsOnly([connects(command, first?.namespace ?? command.namespace, name, subresource)]), refusals };
  }
  if (word === undefined) return NO_EFFECTS;
  const { name, of, concerns } = podOf(command, word);
  const isRun = subresource === 'exec' && (of !== null || !isUnknown(name));
  const change = isRun && (of !== null || name !== '*') ? runOf(command, inner(command, 1), of) : OTHER;
  return concat(effectsOnly([connects(command, command.namespace, name, subresource, change)]), concerns);
};

export function exec(command: KubectlCommand): CommandEffects {
  const argv = inner(command, comesFromFiles(command) ? 0 : 1);
  const innerArgv = command.invocation.argsBeforeDash === null ? null : argv;
  const doing = concat(reaches(command, 'exec'), readNestedCommands(command, asArgvs(argv.length === 0 ? [] : [argv])));
  return { ...doing, innerArgv };
}

export function attach(command: KubectlCommand): CommandEffects {
  return reaches(command, 'attach');
}
export function portForward(command: KubectlCommand): CommandEffects {
  return reaches(command, 'portforward');
}

/** The proxy lets whoever reaches its port do anything: it sends nothing by itself. */
export function proxy(): CommandEffects {
  return effectsOnly(
    [readEffect(ANY_KIND, '*', '*', { ...PLAIN, verb: 'connect', kind: 'tunnel' })].map((effect) => ({
      ...effect,
      namespace: null,
    })),
  );
}

/** "pod:/path", "namespace/pod:/path"; null for a local path. */
const remoteOf = (
  command: KubectlCommand,
  word: string,
): { readonly namespace: string; readonly pod: string } | null => {
  const colon = word.indexOf(':');
  if (colon <= 0) return null;
  const [first = '', second] = word.slice(0, colon).split('/');
  return second === undefined ? { namespace: command.namespace, pod: first } : { namespace: first, pod: second };
};

export function copy(command: KubectlCommand): CommandEffects {
  return concatAll(
    command.invocation.args.map((word) => {
      const remote = remoteOf(command, word);
      if (remote === null) return NO_EFFECTS;
      const bad = refusedNamespace(remote.namespace);
      const stream = effectsOnly([connects(command, remote.namespace, remote.pod, 'exec')]);
      return { ...stream, refusals: bad === null ? [] : [bad] };
    }),
  );
}

const PROFILES: ReadonlyMap<string, readonly Trait[]> = new Map([
  ['sysadmin', ['privileged']],
  ['netadmin', ['privileged']],
]);

/** Privileges that a custom profile, a part of a container, gives; null where nobody can read it. */
const customTraits = (command: KubectlCommand, path: string): readonly Trait[] | null => {
  const text = command.surroundings.files.get(path);
  const documents = text === undefined ? null : documentsOf(command, text, 'patch');
  const [container] = documents ?? [];
  if (documents?.length !== 1 || container === undefined) return null;
  const edits = editsOfObject({ spec: { containers: [container] } }, 'said');
  return edits.flatMap((edit) => podTraits(edit.at.slice('/spec'.length), edit));
};

/** Traits of the container that debug starts: its image, its profile, a custom profile that nobody has seen. */
const debugTraits = (command: KubectlCommand): readonly Trait[] => {
  const { invocation } = command;
  const images = [
    lastOf(invocation, 'image') ?? '',
    ...allOf(invocation, 'set-image').map((pair) => pair.slice(pair.indexOf('=') + 1)),
  ];
  const custom = lastOf(invocation, 'custom') ?? '';
  return [
    ...imageTraits(images.filter((image) => image !== '')),
    ...(PROFILES.get(lastOf(invocation, 'profile') ?? '') ?? []),
    ...(custom === '' ? [] : (customTraits(command, custom) ?? (['unseen-content'] as const))),
  ];
};

/** --stdin attaches unless --attach says otherwise (kubectl 1.36, debug.go and run.go). */
export function attaches(invocation: Invocation): boolean {
  return invocation.flags.has('attach') ? isOn(invocation, 'attach') : isOn(invocation, 'stdin');
}

const isProfile = (word: string): word is DebugProfile => (DEBUG_PROFILES as readonly string[]).includes(word);

/** "a=b" of a flag; null where pflag would read it as a list of pairs, or not at all. */
const pairOf = (text: string): readonly [string, string] | null => {
  const at = text.indexOf('=');
  return at <= 0 || /["\r\n]/.test(text) || (text.includes(',') && text.indexOf('=', at + 1) > 0)
    ? null
    : [text.slice(0, at), text.slice(at + 1)];
};

/** The container as its flags have it; null where --custom changes it, or a flag is not known. */
const debugContainerOf = ({ invocation }: KubectlCommand): DebugContainer | null => {
  const { args, argsBeforeDash } = invocation;
  const profile = lastOf(invocation, 'profile') ?? 'general';
  const env = allOf(invocation, 'env').map(pairOf);
  if (!isProfile(profile) || (lastOf(invocation, 'custom') ?? '') !== '' || env.includes(null)) return null;
  return {
    container: lastOf(invocation, 'container') || null,
    image: lastOf(invocation, 'image') || null,
    argv: argsBeforeDash === null ? [] : args.slice(argsBeforeDash),
    argumentsOnly: isOn(invocation, 'arguments-only'),
    env: env.flatMap((pair) => (pair === null ? [] : [{ name: pair[0], value: pair[1] }])),
    pullPolicy: lastOf(invocation, 'image-pull-policy') || null,
    profile,
  };
};

const KEPT = {
  'keep-labels': 'labels',
  'keep-annotations': 'annotations',
  'keep-liveness': 'livenessProbe',
  'keep-readiness': 'readinessProbe',
  'keep-startup': 'startupProbe',
} as const;

/** What debugging a pod sends, without a terminal: an ephemeral container in it, or a copy of it. */
const debugOf = (command: KubectlCommand, pod: string, copied: string): MutationContent | null => {
  const { invocation } = command;
  const container = debugContainerOf(command);
  if (container === null || isOn(invocation, 'stdin') || isOn(invocation, 'tty') || comesFromFiles(command))
    return null;
  if (copied === '') return { is: 'debug', target: lastOf(invocation, 'target') || null, ...container };
  const images = allOf(invocation, 'set-image').map(pairOf);
  if (images.includes(null)) return null;
  const kept = Object.entries(KEPT).flatMap(([flag, what]) => (isOn(invocation, flag) ? [what] : []));
  const keepsInit = !invocation.flags.has('keep-init-containers') || isOn(invocation, 'keep-init-containers');
  return {
    is: 'debug-copy',
    pod,
    name: copied,
    sameNode: isOn(invocation, 'same-node'),
    shareProcesses: invocation.flags.has('share-processes') ? isOn(invocation, 'share-processes') : null,
    images: images.flatMap((pair) => (pair === null ? [] : [{ container: pair[0], image: pair[1] }])),
    keep: [...kept, ...(keepsInit ? (['initContainers'] as const) : [])],
    ...container,
  };
};

/** What debugging one target writes: a pod on the node, a copy of the pod, or a container in it. */
const debugs = (command: KubectlCommand, target: Target): readonly Effect[] => {
  const { invocation, namespace } = command;
  const traits = debugTraits(command);
  const doing = { ...PLAIN, verb: 'create', kind: 'exec', traits } as const;
  const attached = attaches(invocation);
  const stream = (name: string | null): readonly Effect[] =>
    attached ? [{ ...connects(command, namespace, name ?? '*', 'attach'), name }] : [];
  if (target.resource.name === 'nodes') {
    const onHost: readonly Trait[] = [...new Set<Trait>([...traits, 'host-namespaces', 'privileged'])];
    return [writeEffect(command, PODS, namespace, null, { ...doing, traits: onHost }), ...stream(null)];
  }
  const pod = target.resource.name === 'pods' ? target.name : '*';
  const copied = lastOf(invocation, 'copy-to') ?? '';
  const mutation = pod === '*' ? null : sent(command, () => debugOf(command, pod, copied));
  if (copied === '') {
    const patch = { ...doing, verb: 'patch', subresource: 'ephemeralcontainers', mutation } as const;
    return [writeEffect(command, PODS, namespace, pod, patch), ...stream(pod)];
  }
  const created = writeEffect(command, PODS, namespace, copied, { ...doing, mutation });
  const replaced = isOn(invocation, 'replace')
    ? [writeEffect(command, PODS, namespace, pod, { ...PLAIN, verb: 'delete', kind: 'delete-pod' })]
    : [];
  return [created, ...replaced, ...stream(copied)];
};

export function debug(command: KubectlCommand): CommandEffects {
  const { invocation } = command;
  const { args, argsBeforeDash } = invocation;
  const words = args.slice(0, argsBeforeDash ?? args.length);
  const targets = words.length === 0 ? [] : namedOf(command, 'pods', words);
  const argv = args.slice(words.length);
  const unseen = debugTraits(command).includes('unseen-content');
  const { unseen: paths } = manifestsOf(command);
  const profile: CommandEffects = unseen
    ? { ...NO_EFFECTS, undecided: true, refusals: [undecided('content', '--custom')] }
    : NO_EFFECTS;
  return concatAll([
    effectsOnly(targets.flatMap((target) => debugs(command, target))),
    targetConcerns(command, targets),
    readNestedCommands(command, asArgvs(commandsOf({ env: variablesOf(allOf(invocation, 'env')), command: argv }))),
    unseenWrite(command, paths, 'patch', 'exec', []),
    profile,
  ]);
}
