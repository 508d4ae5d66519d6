// set image, env, resources, selector, serviceaccount, subject: each patches one part of an object.

import type { ActionKind, ContainerImage, Trait } from '../../../model/effect.ts';
import type { EnvironmentVariable, MutationContent, TextByKey, VariableSource } from '../../../model/mutation.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import { imageTraits } from '../body/pod-spec.ts';
import { isSelected } from '../body/spec.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import { cutEnv, cutPairs } from '../pairs.ts';
import {
  bothTraits,
  type CommandEffects,
  type EffectDetails,
  isSecret,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
} from './effect-builder.ts';
import { readArguments } from './read.ts';
import { equalities, selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { adminTraits, subjectsOf } from './subjects.ts';
import { namedTargets } from './targets.ts';
import { type Reached, writeArguments } from './write.ts';

/** Patches what the words name; with --local nothing is sent. */
const patches = (
  command: KubectlCommand,
  resources: readonly string[],
  kind: ActionKind,
  own: readonly Trait[],
  more: (reached: Reached) => Partial<EffectDetails>,
): CommandEffects =>
  isOn(command.invocation, 'local')
    ? NO_EFFECTS
    : writeArguments(
        command,
        resources,
        selectionByFlags(command.invocation),
        (reached) => ({ ...PLAIN, verb: 'patch', kind, traits: bothTraits(own, reached.traits), ...more(reached) }),
        { verb: 'patch', kind, traits: own },
      );

/** Kinds whose images the change alone sets, and whose history brings them back. */
const ROLLOUTS: ReadonlySet<string> = new Set(['deployments', 'statefulsets', 'daemonsets']);

export function setImage(command: KubectlCommand): CommandEffects {
  const { resources, pairs } = cutPairs(command.invocation.args);
  const images = pairs
    .filter((pair) => pair.includes('='))
    .map((pair): ContainerImage => {
      const equals = pair.indexOf('=');
      return { container: pair.slice(0, equals), image: pair.slice(equals + 1) };
    });
  const traits = imageTraits(images.map(({ image }) => image));
  const recorded = isOn(command.invocation, 'record');
  const annotationKeys = recorded ? ['kubernetes.io/change-cause'] : [];
  const mutation = sent(command, () => (images.length < pairs.length ? null : { is: 'images', images }));
  return patches(command, resources, 'set-image', traits, ({ kind }) => ({
    change: { to: 'images', images },
    annotationKeys,
    // of a rollout the change says it all
    mutation: recorded || !ROLLOUTS.has(kind.resource.name) ? mutation : null,
  }));
}

/** --list only prints; with --resolve it prints the Secrets' values too. */
const listEnv = (command: KubectlCommand, resources: readonly string[]): CommandEffects => {
  const result = readArguments({ ...command, invocation: { ...command.invocation, args: resources } });
  if (!isOn(command.invocation, 'resolve')) return result;
  return { ...result, effects: result.effects.map((effect) => ({ ...effect, kind: 'sensitive-read' })) };
};

export function setEnv(command: KubectlCommand): CommandEffects {
  const { resources, pairs } = cutPairs(command.invocation.args);
  const from = lastOf(command.invocation, 'from') ?? '';
  const changes = pairs.length > 0 || from !== '' || allOf(command.invocation, 'env').length > 0;
  if (!changes || isOn(command.invocation, 'list'))
    return isOn(command.invocation, 'local') ? NO_EFFECTS : listEnv(command, resources);
  const secret = from !== '' && namedTargets(command, [from]).some(({ resource }) => isSecret(resource));
  const traits: readonly Trait[] = secret ? ['from-secret'] : [];
  const mutation = sent(command, () => environmentWanted(command));
  return patches(command, resources, 'set-config', traits, () => ({ mutation }));
}

/** The object of --from: one that is named; undefined where there is none, null where kubectl refuses it. */
const variableSource = (command: KubectlCommand, prefix: string): VariableSource | null | undefined => {
  const { invocation } = command;
  const from = lastOf(invocation, 'from') ?? '';
  if (from === '') return undefined;
  const [source, ...others] = namedTargets(command, [from]);
  const [group, resource] = [source?.resource.group, source?.resource.name];
  const isOne = others.length === 0 && !isGiven(invocation, 'selector') && !isOn(invocation, 'all');
  if (source === undefined || source.name === '*' || group !== '' || !isOne) return null;
  if (resource !== 'configmaps' && resource !== 'secrets') return null;
  return { resource, name: source.name, keys: allOf(invocation, 'keys').flatMap((keys) => keys.split(',')), prefix };
};

/** Variables of --env, of the words and of --from, in this order; null where kubectl reads others from its input, or refuses them. */
const environmentWanted = (command: KubectlCommand): MutationContent | null => {
  const { invocation } = command;
  const set: EnvironmentVariable[] = [];
  const remove: string[] = [];
  for (const pair of [...allOf(invocation, 'env'), ...cutEnv(invocation.args).pairs]) {
    const equals = pair.indexOf('=');
    if (pair === '-' || (equals < 0 && !pair.endsWith('-'))) return null;
    if (equals < 0) remove.push(pair.slice(0, -1));
    else if (equals === 0) return null;
    else set.push({ name: pair.slice(0, equals), value: pair.slice(equals + 1) });
  }
  if (remove.some((name) => set.some((one) => one.name === name))) return null;
  const prefix = lastOf(invocation, 'prefix') ?? '';
  const from = variableSource(command, prefix);
  if (from === null) return null;
  return {
    is: 'environment',
    containers: lastOf(invocation, 'containers') ?? '*',
    set: set.map(({ name, value }) => ({ name: `${prefix}${name}`, value })),
    remove,
    overwrite: (lastOf(invocation, 'overwrite') ?? 'true') === 'true',
    ...(from === undefined ? {} : { from }),
  };
};

/** "cpu=100m,memory=1Gi" of --requests, or of --limits where that says what is not asked for. */
const resourceOf = ({ invocation }: KubectlCommand, name: 'cpu' | 'memory'): string | null => {
  const said = (lastOf(invocation, 'requests') ?? '').split(',').find((one) => one.startsWith(`${name}=`));
  return said === undefined ? null : said.slice(name.length + 1);
};

/** "cpu=100m,memory=1Gi" → its pairs; null where it is not given, or kubectl refuses it. */
const quantitiesOf = (text: string): TextByKey | null => {
  const pairs = text.split(',').map((one) => one.split('='));
  return text !== '' && pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : null;
};

const resourcesWanted = ({ invocation }: KubectlCommand): MutationContent | null => {
  const [requests, limits] = ['requests', 'limits'].map((flag) => lastOf(invocation, flag) ?? '');
  const read = { requests: quantitiesOf(requests ?? ''), limits: quantitiesOf(limits ?? '') };
  if ((requests !== '' && read.requests === null) || (limits !== '' && read.limits === null)) return null;
  return { is: 'resources', containers: lastOf(invocation, 'containers') ?? '*', ...read };
};

export function setResources(command: KubectlCommand): CommandEffects {
  const [cpu, memory] = [resourceOf(command, 'cpu'), resourceOf(command, 'memory')];
  const mutation = sent(command, () => resourcesWanted(command));
  if (cpu === null && memory === null)
    return patches(command, command.invocation.args, 'set-config', [], () => ({ mutation }));
  const requests = [{ container: lastOf(command.invocation, 'containers') ?? '*', cpu, memory }];
  const pod = { nodeSelector: null, affinity: null, tolerations: null, requests };
  const desired = { selector: null, scales: null, pod };
  return patches(command, command.invocation.args, 'set-config', [], () => ({ desired, mutation }));
}

/** The last word is the selector or the account. */
const withoutLast = ({ invocation }: KubectlCommand): readonly string[] => invocation.args.slice(0, -1);

export function setServiceAccount(command: KubectlCommand): CommandEffects {
  const mutation = sent(command, () => ({ is: 'service-account', name: command.invocation.args.at(-1) ?? '' }));
  return patches(command, withoutLast(command), 'set-config', ['service-account'], () => ({ mutation }));
}

export function setSelector(command: KubectlCommand): CommandEffects {
  const { resources, pairs } = cutPairs(command.invocation.args);
  const labels = Object.fromEntries(
    pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
  const desired = { selector: { how: 'replaced', labels }, scales: null, pod: null } as const;
  const mutation = sent(command, () => {
    const selector = equalities(command.invocation.args.at(-1) ?? '');
    return selector === null ? null : { is: 'selector', labels: selector };
  });
  return patches(command, resources, 'set-config', [], ({ kind, traits }) =>
    isSelected(resourceKey({ group: kind.resource.group, resource: kind.resource.name }))
      ? { traits: ['membership', ...traits], desired, mutation }
      : { mutation },
  );
}

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();

/** The subjects of the flags as a binding has them; null where kubectl refuses an account. */
const subjectsWanted = ({ invocation, namespace }: KubectlCommand): MutationContent | null => {
  const accounts = sorted(allOf(invocation, 'serviceaccount')).map((account) => account.split(':'));
  if (accounts.some(({ length, [1]: name }) => length !== 2 || !name)) return null;
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    is: 'subjects',
    add: [
      ...sorted(allOf(invocation, 'user')).map((name) => ({ kind: 'User', apiGroup, name })),
      ...sorted(allOf(invocation, 'group')).map((name) => ({ kind: 'Group', apiGroup, name })),
      ...accounts.map(([place = '', name = '']) => ({
        kind: 'ServiceAccount',
        name,
        namespace: place === '' ? namespace : place,
      })),
    ],
  };
};

export function setSubject(command: KubectlCommand): CommandEffects {
  const subjects = subjectsOf(command);
  const mutation = sent(command, () => subjectsWanted(command));
  return patches(command, command.invocation.args, 'grant', adminTraits(null, subjects), () => ({
    subjects,
    mutation,
  }));
}
