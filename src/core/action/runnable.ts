// Effects and refusals of a judged command → why this gate would not run it, or null.
import { type ActionKind, type Effect, isWrite } from '../model/effect.ts';
import type { Refusal } from '../model/refusal.ts';
import { hasExecutor } from './executors.ts';

/** What of a blast radius, and of a spec, decides whether the gate would run it. */
export interface Runnable {
  readonly effects: readonly Effect[];
  readonly refusals: readonly Refusal[];
  /** null: no hard rule blocks it. */
  readonly hardRule: unknown;
}

/**
 * null: the gate would run it once it is approved. Every door asks this one function (contract 2, section 7): the refusals
 * come first, then whether there is anything to do, then whether each write has an executor.
 */
export function whyNotRunnable({ effects, refusals, hardRule }: Runnable): Refusal | null {
  const [refusal] = refusals;
  if (refusal !== undefined) return refusal;
  if (hardRule !== null) return { code: 'hard-rule', about: null };
  const writes = effects.filter(isWrite);
  if (writes.length === 0) return { code: 'nothing-to-do', about: null };
  const foreign = writes.find((effect) => !hasExecutor(effect));
  return foreign === undefined ? null : noExecutor(foreign);
}

/** Everything that keeps it from being run: all refusals, else the one reason why this gate would not run it. */
export function refusalsOf(judged: Runnable): readonly Refusal[] {
  if (judged.refusals.length > 0) return judged.refusals;
  const obstacle = whyNotRunnable(judged);
  return obstacle === null ? [] : [obstacle];
}

/** Actions whose requests the gate does not send at all, whatever they hold. */
const NOT_SENT: ReadonlySet<ActionKind> = new Set(['tunnel', 'sensitive-read', 'read', 'none']);

/** Why nobody here carries it out: the action itself, or what it would send. */
const noExecutor = (effect: Effect): Refusal => {
  const about = `${effect.kind === 'delete-object' ? 'delete' : effect.kind.replaceAll('-', ' ')} of ${effect.resource}`;
  const isStream = effect.verb === 'connect' && effect.subresource !== 'exec';
  return NOT_SENT.has(effect.kind) || effect.subresource === 'token' || effect.verb === 'delete' || isStream
    ? { code: 'no-executor', about }
    : { code: 'no-executor', about, detail: { kind: 'content' } };
};
