// set image, env, resources, selector, serviceaccount, subject: each patches one part of workloads, services or bindings.
// It must never read a patch: these write their own.
import type { ActionKind, ContainerImage, Trait } from '../../../model/effect.ts';
import { imageTraits } from '../body/pod-spec.ts';
import { keyOf } from '../body/read-body.ts';
import { isSelected } from '../body/spec.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import { type Command, type Doing, isSecret, NOTHING, type Outcome, PLAIN } from './command.ts';
import { splitPairs } from './pairs.ts';
import { readArguments } from './read.ts';
import { selectionByFlags } from './selection.ts';
import { adminTraits, subjectsOf } from './subjects.ts';
import { targetsOf } from './targets.ts';
import { type Reached, writeArguments } from './write.ts';

/** Patches what the words name; with --local nothing is sent. */
const patches = (
  command: Command,
  resources: readonly string[],
  kind: ActionKind,
  own: readonly Trait[],
  more: (reached: Reached) => Partial<Doing>,
): Outcome =>
  isOn(command.invocation, 'local')
    ? NOTHING
    : writeArguments(
        command,
        resources,
        selectionByFlags(command.invocation),
        (reached) => ({ ...PLAIN, verb: 'patch', kind, traits: [...own, ...reached.traits], ...more(reached) }),
        { verb: 'patch', kind, traits: own },
      );

const nothingMore = (): Partial<Doing> => ({});

export const setImage = (command: Command): Outcome => {
  const { resources, pairs } = splitPairs(command.invocation.args);
  const images = pairs
    .filter((pair) => pair.includes('='))
    .map((pair): ContainerImage => {
      const equals = pair.indexOf('=');
      return { container: pair.slice(0, equals), image: pair.slice(equals + 1) };
    });
  const traits = imageTraits(images.map(({ image }) => image));
  const annotationKeys = isOn(command.invocation, 'record') ? ['kubernetes.io/change-cause'] : [];
  return patches(command, resources, 'set-image', traits, () => ({ change: { to: 'images', images }, annotationKeys }));
};

/** --list only prints; with --resolve it prints the Secrets' values too. */
const listEnv = (command: Command, resources: readonly string[]): Outcome => {
  const outcome = readArguments({ ...command, invocation: { ...command.invocation, args: resources } });
  if (!isOn(command.invocation, 'resolve')) return outcome;
  return { ...outcome, effects: outcome.effects.map((effect) => ({ ...effect, kind: 'sensitive-read' })) };
};

export const setEnv = (command: Command): Outcome => {
  const { resources, pairs } = splitPairs(command.invocation.args);
  const from = lastOf(command.invocation, 'from') ?? '';
  const changes = pairs.length > 0 || from !== '' || allOf(command.invocation, 'env').length > 0;
  if (!changes || isOn(command.invocation, 'list'))
    return isOn(command.invocation, 'local') ? NOTHING : listEnv(command, resources);
  const secret = from !== '' && targetsOf(command, [from]).some(({ resource }) => isSecret(resource));
  const traits: readonly Trait[] = secret ? ['from-secret'] : [];
  return patches(command, resources, 'set-config', traits, nothingMore);
};

export const setResources = (command: Command): Outcome =>
  patches(command, command.invocation.args, 'set-config', [], nothingMore);

/** The last word is the selector or the account. */
const withoutLast = ({ invocation }: Command): readonly string[] => invocation.args.slice(0, -1);

export const setServiceAccount = (command: Command): Outcome =>
  patches(command, withoutLast(command), 'set-config', ['service-account'], nothingMore);

export const setSelector = (command: Command): Outcome => {
  const { resources } = splitPairs(command.invocation.args);
  return patches(command, resources, 'set-config', [], ({ kind, traits }) =>
    isSelected(keyOf(kind.resource)) ? { traits: ['membership', ...traits] } : {},
  );
};

export const setSubject = (command: Command): Outcome => {
  const subjects = subjectsOf(command);
  return patches(command, command.invocation.args, 'grant', adminTraits(null, subjects), () => ({ subjects }));
};
