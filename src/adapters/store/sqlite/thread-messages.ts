// What the gate's thread and the store's say to each other: calls, their ends, and errors in a form that can be copied.
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Store } from '../../../ports/store.ts';

/** The parts of the port: each is an object of methods whose last argument is a signal. */
export const PARTS = [
  'remediations',
  'outbox',
  'history',
  'controls',
  'trail',
  'hidden',
  'shadow',
  'sessions',
] as const satisfies readonly (keyof Store)[];
export type StorePart = (typeof PARTS)[number];

/** To the store's thread. `abort`: whoever asked waits no longer; the call is answered all the same. */
export type StoreRequest =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly part: StorePart;
      readonly method: string;
      readonly values: readonly unknown[];
    }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'close' };

/** From the store's thread. */
export type StoreAnswer =
  | { readonly kind: 'open' }
  | { readonly kind: 'not-open'; readonly error: CopiedError }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: CopiedError }
  | { readonly kind: 'closed' };

export interface CopiedError {
  readonly message: string;
  readonly name: string;
  /** null: it is no AdapterError. */
  readonly adapter: { readonly kind: AdapterError['kind']; readonly reason: string | null } | null;
}

export function copyError(error: unknown): CopiedError {
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  const adapter = error instanceof AdapterError ? { kind: error.kind, reason: error.reason } : null;
  return { message, name, adapter };
}

export function errorOf({ message, name, adapter }: CopiedError): Error {
  if (adapter !== null)
    return new AdapterError(adapter.kind, message, adapter.reason === null ? {} : { reason: adapter.reason });
  return Object.assign(new Error(message), { name });
}
