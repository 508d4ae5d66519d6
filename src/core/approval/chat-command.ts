// Reads one chat message as a command to the gate. It must never guess: what is not exactly a command gets a helpful answer.

export type ChatCommand =
  | { readonly kind: 'approve'; readonly incident: string; readonly digest: string | null }
  | { readonly kind: 'reject'; readonly incident: string; readonly reason: string }
  | { readonly kind: 'status'; readonly incident: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'help' }
  /** Talk between people, or a command to another bot. */
  | { readonly kind: 'not-for-us' }
  | { readonly kind: 'misread'; readonly problem: Misreading };

export const MISREADINGS = [
  'unknown-command',
  'no-incident',
  'bad-incident',
  'bad-digest',
  'too-many-words',
  'several-lines',
  'no-reason',
] as const;
export type Misreading = (typeof MISREADINGS)[number];
