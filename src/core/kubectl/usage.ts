// What kubectl itself refuses as wrong usage, command by command. It must never look at a cluster or at a kind.
import type { Refusal } from '../refusal.ts';
import type { KubectlCommand } from './commands.ts';
import type { Invocation } from './invocation.ts';

/** Refusals in kubectl's words for arguments and flags that do not go together. */
export const usageErrors = (_invocation: Invocation, _command: KubectlCommand): readonly Refusal[] => [];
