// Effects and refusals of a judged command → why this gate would not run it, or null.
import { type ActionKind, type Change, type Effect, isWrite } from '../model/effect.ts';
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
  return foreign === undefined ? null : noExecutor(foreign, writes);
}

/** Everything that keeps it from being run: all refusals, else the one reason why this gate would not run it. */
export function refusalsOf(judged: Runnable): readonly Refusal[] {
  if (judged.refusals.length > 0) return judged.refusals;
  const obstacle = whyNotRunnable(judged);
  return obstacle === null ? [] : [obstacle];
}

/** The annotation that `--record` writes (kubectl 1.36). */
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** The change of each action in its plain form, and the command that makes it. */
const PLAIN: { readonly [K in ActionKind]?: { readonly change: Change; readonly command: string } } = {
  scale: { change: { to: 'replicas', replicas: 1 }, command: 'kubectl scale' },
  'rollout-restart': { change: { to: 'restart' }, command: 'kubectl rollout restart' },
  'rollout-undo': { change: { to: 'revision', revision: null }, command: 'kubectl rollout undo' },
  'set-image': { change: { to: 'images', images: [{ container: '*', image: 'image' }] }, command: 'kubectl set image' },
};

const withoutRecord = (effect: Effect): Effect => ({
  ...effect,
  annotationKeys: effect.annotationKeys.filter((key) => key !== CHANGE_CAUSE),
});

/** What stands in the way of an executor: the flag or the form without which there would be one, else the action itself. */
const noExecutor = (effect: Effect, writes: readonly Effect[]): Refusal => {
  const about = `${effect.kind === 'delete-object' ? 'delete' : effect.kind.replaceAll('-', ' ')} of ${effect.resource}`;
  const flag = (name: string): Refusal => ({ code: 'no-executor', about, detail: { kind: 'flag', name } });
  // Of a scale the cause is a write of its own, beside the scale.
  const besides = effect.kind === 'annotate' && writes.some(({ kind }) => kind !== 'annotate');
  if (effect.annotationKeys.includes(CHANGE_CAUSE) && (besides || hasExecutor(withoutRecord(effect))))
    return flag('--record');
  if (effect.kind === 'scale' && effect.verb === 'update' && hasExecutor({ ...effect, verb: 'patch' }))
    return flag('--current-replicas / --resource-version');
  const plain = PLAIN[effect.kind];
  if (plain !== undefined && hasExecutor({ ...withoutRecord(effect), verb: 'patch', change: plain.change }))
    return { code: 'no-executor', about, detail: { kind: 'form', plain: plain.command } };
  return { code: 'no-executor', about };
};
