// A command → its text in pieces, each with what is dangerous about it; the page shows it so. It decides nothing: the score does.

export type Mark = 'deletes' | 'force' | 'wide' | 'runs' | 'image' | 'input' | 'privileged';

export interface Piece {
  readonly text: string;
  readonly mark: Mark | null;
}

/** Whole words of kubectl's language; the first that fits names the piece. */
const RULES: readonly (readonly [Mark, RegExp])[] = [
  ['deletes', /^(delete|drain|evict|prune|--prune(=true)?|--cascade(=.*)?)$/],
  [
    'force',
    /^(--force(=true)?|--now(=true)?|--grace-period=0|--disable-eviction(=true)?|--delete-emptydir-data(=true)?|--ignore-daemonsets(=true)?|--validate=(false|ignore)|--overwrite(=true)?|--force-conflicts(=true)?)$/,
  ],
  [
    'wide',
    /^(--all(=true)?|-A|--all-namespaces(=true)?|-l|--selector|-l=.+|--selector=.+|-R|--recursive(=true)?|--field-selector(=.+)?)$/,
  ],
  ['runs', /^(exec|run|debug|attach|cp|--|sh|bash|-c)$/],
  ['privileged', /^(--as(-group|-uid)?(=.+)?|--token(=.+)?|--kubeconfig(=.+)?|--context(=.+)?|--server(=.+)?|-s)$/],
  ['input', /^(-f|--filename(=.+)?|-f.+|-k|--kustomize(=.+)?)$/],
];

/** NAME=IMAGE whose image has no digest. */
const IMAGE = /^[\w.*-]+=[\w.-]+(?::\d+)?(?:\/[\w./-]+)?(?::[\w.-]+)?$/;

const markOf = (word: string, setsImage: boolean): Mark | null => {
  for (const [mark, rule] of RULES) if (rule.test(word)) return mark;
  if (setsImage && IMAGE.test(word) && !word.startsWith('-')) return 'image';
  return null;
};

/** Joined again, the pieces are the command. White space between words stays as it is. */
export function markedCommand(command: string): readonly Piece[] {
  const setsImage = /\bset\s+image\b/.test(command);
  const pieces = command.split(/(\s+)/).filter((text) => text !== '');
  return pieces.map((text, at) => {
    // The value of a selector looks like NAME=IMAGE and is none.
    const isSelector = /^(-l|--selector|--field-selector)$/.test(pieces[at - 2] ?? '');
    return { text, mark: markOf(text, setsImage && !isSelector) };
  });
}
