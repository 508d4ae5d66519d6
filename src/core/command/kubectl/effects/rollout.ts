// rollout restart, undo, pause, resume. A bare type means every object of it (parsing rules C6).
import type { Change, Trait } from '../../../model/effect.ts';
import type { MutationContent } from '../../../model/mutation.ts';
import { lastOf } from '../flags.ts';
import {
  bothTraits,
  type CommandEffects,
  type EffectDetails,
  type KubectlCommand,
  OTHER,
  PLAIN,
} from './effect-builder.ts';
import { type Selection, selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { writeArguments } from './write.ts';

/** Without a selector a bare type is everything of it. */
const selectionOfRollout = (command: KubectlCommand): Selection => {
  const selection = selectionByFlags(command.invocation);
  return selection.traits.length === 0 ? { selector: null, traits: ['all'] } : selection;
};

const rollout =
  (
    kind: EffectDetails['kind'],
    traits: readonly Trait[],
    changeOf: (command: KubectlCommand) => Change,
    content: MutationContent | null = null,
  ) =>
  (command: KubectlCommand): CommandEffects => {
    const change = changeOf(command);
    const mutation = sent(command, () => content);
    return writeArguments(
      command,
      command.invocation.args,
      selectionOfRollout(command),
      (reached) => ({ ...PLAIN, verb: 'patch', kind, change, traits: bothTraits(traits, reached.traits), mutation }),
      { verb: 'patch', kind, traits },
    );
  };

/** --to-revision=0, the default, is the revision before the live one. */
const revisionOf = ({ invocation }: KubectlCommand): Change => {
  const given = Number(lastOf(invocation, 'to-revision') ?? 0);
  return { to: 'revision', revision: Number.isSafeInteger(given) && given > 0 ? given : null };
};

export const restart = rollout('rollout-restart', [], () => ({ to: 'restart' }));
export const undo = rollout('rollout-undo', [], revisionOf);
export const pause = rollout('rollout-pause', ['pause'], () => OTHER, { is: 'paused', value: true });
export const resume = rollout('rollout-pause', [], () => OTHER, { is: 'paused', value: false });
