// Globs of names: `*` and `[0-9]`, nothing else.

const one = (pattern: string): string =>
  pattern
    .split(/(\*|\[0-9\])/)
    .map((piece) => (piece === '*' ? '.*' : piece === '[0-9]' ? piece : piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')))
    .join('');

/** One expression that matches exactly the names which at least one pattern matches; none at all for no patterns. */
export function globs(patterns: readonly string[]): RegExp {
  return patterns.length === 0 ? /^(?!)/ : new RegExp(`^(?:${patterns.map(one).join('|')})$`, 's');
}
