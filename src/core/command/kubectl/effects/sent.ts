// What an effect sends, as data: only where all of it is known and none of it is a secret.
import type { Json } from '../../../model/json.ts';
import type { Mutation, MutationContent } from '../../../model/mutation.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandEffects, KubectlCommand } from './effect-builder.ts';
import { holdsHidden } from './holds-hidden.ts';

/**
 * What --record notes: the words of the command, then its flags (cli-runtime 0.36, record_flags.go); undefined where nothing
 * is noted, null where a flag that is given several times leaves it open in which words.
 */
const changeCauseOf = (invocation: Invocation): string | null | undefined => {
  if (!isOn(invocation, 'record')) return undefined;
  const flags = [...invocation.flags];
  if (flags.some(([, values]) => values.length !== 1)) return null;
  return [
    'kubectl',
    ...invocation.path,
    ...invocation.args,
    ...flags.map(([name, [value]]) => `--${name}=${value}`),
  ].join(' ');
};

/** Commands that take --resource-version as a condition on the object. */
const CONDITIONAL: ReadonlySet<string> = new Set(['annotate', 'label', 'scale', 'set selector']);

/** A selector beside files leaves some of their objects out: which, nobody has read. */
const choosesAmongFiles = (invocation: Invocation): boolean =>
  invocation.flags.has('filename') && isGiven(invocation, 'selector');

/**
 * The mutation of an effect of this command, null where nobody may carry it out by that. `make` answers null where the content is
 * not known; it is not asked in a dry run, which changes nothing.
 */
export function sent(
  command: KubectlCommand,
  make: () => MutationContent | null,
  of: 'the version named' | 'whatever version' = 'the version named',
): Mutation | null {
  const { invocation } = command;
  if (command.dryRun !== 'none' || choosesAmongFiles(invocation)) return null;
  const content = make();
  if (content === null) return null;
  const changeCause = changeCauseOf(invocation);
  if (changeCause === null) return null;
  const version =
    of === 'the version named' && CONDITIONAL.has(invocation.key) ? lastOf(invocation, 'resource-version') : null;
  const mutation: Mutation =
    changeCause === undefined && !version
      ? content
      : {
          ...content,
          ...(changeCause === undefined ? {} : { changeCause }),
          ...(version ? { resourceVersion: version } : {}),
        };
  // as: it is made of texts, numbers, lists and plain objects
  return holdsHidden(mutation as unknown as Json) ? null : mutation;
}

/** The same result, its writes with what they send. */
export function sending(result: CommandEffects, mutation: Mutation | null): CommandEffects {
  if (mutation === null) return result;
  return { ...result, effects: result.effects.map((effect) => (effect.dryRun ? effect : { ...effect, mutation })) };
}
