// set image, env, resources, selector, serviceaccount, subject. It must never read a patch: these write their own.
import type { ContainerImage, Trait } from '../../effect.ts';
import { isOn } from '../flags.ts';
import { type Command, NOTHING, type Outcome, PLAIN } from './command.ts';
import { splitPairs } from './pairs.ts';
import { selectionByFlags } from './selection.ts';
import { writeArguments } from './write.ts';

/** An image that a tag names may be another one tomorrow. */
export const imageTraits = (images: readonly string[]): readonly Trait[] =>
  images.every((image) => /@sha(256|512):[0-9a-f]{64,128}$/.test(image))
    ? ['starts-image']
    : ['starts-image', 'mutable-image'];

export const setImage = (command: Command): Outcome => {
  if (isOn(command.invocation, 'local')) return NOTHING;
  const { resources, pairs } = splitPairs(command.invocation.args);
  const images = pairs
    .filter((pair) => pair.includes('='))
    .map(
      (pair): ContainerImage => ({
        container: pair.slice(0, pair.indexOf('=')),
        image: pair.slice(pair.indexOf('=') + 1),
      }),
    );
  const traits = imageTraits(images.map(({ image }) => image));
  return writeArguments(
    command,
    resources,
    selectionByFlags(command.invocation),
    (reached) => ({
      ...PLAIN,
      verb: 'patch',
      kind: 'set-image',
      change: { to: 'images', images },
      traits: [...traits, ...reached.traits],
    }),
    { verb: 'patch', kind: 'set-image', traits },
  );
};
