// Short questions to the flags of an invocation.
import type { Invocation } from './invocation.ts';

/** The value that counts: the last one; null where the flag is absent. */
export function lastOf(invocation: Invocation, name: string): string | null {
  if (invocation.flags.size === 0) return null;
  const values = invocation.flags.get(name);
  return values === undefined ? null : (values[values.length - 1] ?? null);
}

/** All values, of flags that add up; [] where the flag is absent. */
export function allOf(invocation: Invocation, name: string): readonly string[] {
  return invocation.flags.get(name) ?? [];
}

/** True when no flag is given, or a namespace alone: most commands, of which nothing has to be asked about other flags. */
export function isBare({ flags }: Invocation): boolean {
  return flags.size === 0 || (flags.size === 1 && flags.has('namespace'));
}

/** True when a bool flag is on. */
export function isOn(invocation: Invocation, name: string): boolean {
  return lastOf(invocation, name) === 'true';
}

/** True when the flag was given with a value that is not empty. */
export function isGiven(invocation: Invocation, name: string): boolean {
  return (lastOf(invocation, name) ?? '') !== '';
}
