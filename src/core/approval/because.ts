// Words behind the digest of an approval → why it is given. Only behind `because`: any other word may be a condition.

/** Characters that a reason may have. */
export const REASON_LIMIT = 500;

/** null: no words. `words`: something else than a reason, which keeps the approval from counting. */
export function readBecause(words: readonly string[]): { readonly text: string } | 'words' | 'too-long' | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  if (first.toLowerCase() !== 'because' || rest.length === 0) return 'words';
  const text = rest.join(' ');
  return Array.from(text).length > REASON_LIMIT ? 'too-long' : { text };
}
