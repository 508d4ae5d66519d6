// Which flags make a command not executable by themselves (scoring section 8). It must never judge what a body holds.
import type { Refusal } from '../refusal.ts';
import type { Invocation } from './invocation.ts';

/** Refusals that the flags alone tell. */
export const refusedFlags = (_invocation: Invocation): readonly Refusal[] => [];
