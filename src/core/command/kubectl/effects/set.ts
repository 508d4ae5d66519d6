// set image, env, resources, selector, serviceaccount, subject: each patches one part of an object.

import type { ActionKind, ContainerImage, Trait } from '../../../model/effect.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import { imageTraits } from '../body/pod-spec.ts';
import { isSelected } from '../body/spec.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import { cutPairs } from '../pairs.ts';
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
import { selectionByFlags } from './selection.ts';
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

const nothingMore = (): Partial<EffectDetails> => ({});

export function setImage(command: KubectlCommand): CommandEffects {
  const { resources, pairs } = cutPairs(command.invocation.args);
  const images = pairs
    .filter((pair) => pair.includes('='))
    .map((pair): ContainerImage => {
      const equals = pair.indexOf('=');
      return { container: pair.slice(0, equals), image: pair.slice(equals + 1) };
    });
  const traits = imageTraits(images.map(({ image }) => image));
  const annotationKeys = isOn(command.invocation, 'record') ? ['kubernetes.io/change-cause'] : [];
  return patches(command, resources, 'set-image', traits, () => ({ change: { to: 'images', images }, annotationKeys }));
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
  return patches(command, resources, 'set-config', traits, nothingMore);
}

/** "cpu=100m,memory=1Gi" of --requests, or of --limits where that says what is not asked for. */
const resourceOf = ({ invocation }: KubectlCommand, name: 'cpu' | 'memory'): string | null => {
  const said = (lastOf(invocation, 'requests') ?? '').split(',').find((one) => one.startsWith(`${name}=`));
  return said === undefined ? null : said.slice(name.length + 1);
};

export function setResources(command: KubectlCommand): CommandEffects {
  const [cpu, memory] = [resourceOf(command, 'cpu'), resourceOf(command, 'memory')];
  if (cpu === null && memory === null) return patches(command, command.invocation.args, 'set-config', [], nothingMore);
  const requests = [{ container: lastOf(command.invocation, 'containers') ?? '*', cpu, memory }];
  const pod = { nodeSelector: null, affinity: null, tolerations: null, requests };
  const desired = { selector: null, scales: null, pod };
  return patches(command, command.invocation.args, 'set-config', [], () => ({ desired }));
}

/** The last word is the selector or the account. */
const withoutLast = ({ invocation }: KubectlCommand): readonly string[] => invocation.args.slice(0, -1);

export function setServiceAccount(command: KubectlCommand): CommandEffects {
  return patches(command, withoutLast(command), 'set-config', ['service-account'], nothingMore);
}

export function setSelector(command: KubectlCommand): CommandEffects {
  const { resources, pairs } = cutPairs(command.invocation.args);
  const labels = Object.fromEntries(
    pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
  const desired = { selector: { how: 'replaced', labels }, scales: null, pod: null } as const;
  return patches(command, resources, 'set-config', [], ({ kind, traits }) =>
    isSelected(resourceKey({ group: kind.resource.group, resource: kind.resource.name }))
      ? { traits: ['membership', ...traits], desired }
      : {},
  );
}

export function setSubject(command: KubectlCommand): CommandEffects {
  const subjects = subjectsOf(command);
  return patches(command, command.invocation.args, 'grant', adminTraits(null, subjects), () => ({ subjects }));
}
