// The lines of a unified diff → per object, rows for one column or two. Pure.

export type DiffRow =
  | { readonly is: 'same'; readonly before: string; readonly after: string }
  | { readonly is: 'changed'; readonly before: string | null; readonly after: string | null };

export interface ObjectDiff {
  readonly name: string;
  readonly op: 'update' | 'create' | 'delete' | 'run';
  readonly rows: readonly DiffRow[];
}

const headOf = (lines: readonly string[], at: number): { name: string; op: ObjectDiff['op'] } | null => {
  const [line = '', next = ''] = [lines[at], lines[at + 1]];
  if (line.startsWith('=== ')) return { name: line.slice(4), op: 'run' };
  if (!line.startsWith('--- ') || !next.startsWith('+++ ')) return null;
  if (line === '--- /dev/null') return { name: next.slice(4), op: 'create' };
  return { name: line.slice(4), op: next === '+++ /dev/null' ? 'delete' : 'update' };
};

/** Removed and added lines that follow each other stand in one row each pair. */
const rowsOf = (lines: readonly string[]): readonly DiffRow[] => {
  const rows: DiffRow[] = [];
  let [removed, added]: [string[], string[]] = [[], []];
  const close = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push({ is: 'changed', before: removed[at] ?? null, after: added[at] ?? null });
    [removed, added] = [[], []];
  };
  for (const line of lines) {
    if (line.startsWith('-')) {
      if (added.length > 0) close();
      removed.push(line.slice(1));
    } else if (line.startsWith('+')) added.push(line.slice(1));
    else {
      close();
      rows.push({ is: 'same', before: line.slice(1), after: line.slice(1) });
    }
  }
  close();
  return rows;
};

/** What core/text/change-diff.ts gives; a program's words come without a sign in front. */
export function objectDiffs(lines: readonly string[]): readonly ObjectDiff[] {
  const heads = lines.flatMap((_, at) => {
    const head = headOf(lines, at);
    return head === null ? [] : [{ ...head, at }];
  });
  return heads.map(({ name, op, at }, which) => {
    const body = lines.slice(at + (op === 'run' ? 1 : 2), heads[which + 1]?.at ?? lines.length);
    const rows = op === 'run' ? body.map((line): DiffRow => ({ is: 'same', before: line, after: line })) : rowsOf(body);
    return { name, op, rows };
  });
}

/** The same rows for one column: removed lines before added ones. */
export function inlineRows(
  rows: readonly DiffRow[],
): readonly { readonly sign: ' ' | '-' | '+'; readonly text: string }[] {
  const lines: { sign: ' ' | '-' | '+'; text: string }[] = [];
  let added: string[] = [];
  const close = (): void => {
    lines.push(...added.map((text) => ({ sign: '+' as const, text })));
    added = [];
  };
  for (const row of rows) {
    if (row.is === 'same') {
      close();
      lines.push({ sign: ' ', text: row.before });
      continue;
    }
    if (row.before !== null) lines.push({ sign: '-', text: row.before });
    if (row.after !== null) added.push(row.after);
  }
  close();
  return lines;
}

const TAKEN_BACK = { update: 'update', create: 'delete', delete: 'create', run: 'run' } as const;

/** The same, the other way round: what the way back changes where every field comes back. A program is not taken back. */
export function takenBack(diffs: readonly ObjectDiff[]): readonly ObjectDiff[] {
  return diffs
    .filter(({ op }) => op !== 'run')
    .map(({ name, op, rows }) => ({
      name,
      op: TAKEN_BACK[op],
      rows: rows.map((row) => ({ ...row, before: row.after, after: row.before }) as DiffRow), // as: a row of the same kind
    }));
}
