// Words of oc for what kubectl does become kubectl's (scoring section 1): oc adm drain, oc policy add-*, oc rsh, oc extract.

/** Words of oc, and those of the kubectl command that does the same. */
const SAME: readonly (readonly [oc: readonly string[], kubectl: readonly string[]])[] = [
  [['adm', 'drain'], ['drain']],
  [['adm', 'cordon'], ['cordon']],
  [['adm', 'uncordon'], ['uncordon']],
  [['adm', 'taint'], ['taint']],
  [['adm', 'certificate'], ['certificate']],
];

/** oc's own flags that take the next word: it must not be taken for a name. */
const TAKES_NEXT =
  /^(?:-[nzc]|--(?:namespace|serviceaccount|role-namespace|rolebinding-name|container|shell|to|keys|context|as|kubeconfig|token|server|user|cluster))$/;

interface Said {
  /** Words that are no flags, the command's own first. */
  readonly names: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Every flag as it was written, with its value. */
  readonly asWritten: readonly (readonly string[])[];
}

/** Words and flags, as far as oc's own commands need them told apart; what follows the `last`-th name is left as names. */
const readWords = (words: readonly string[], last = Number.POSITIVE_INFINITY): Said => {
  const names: string[] = [];
  const flags = new Map<string, string[]>();
  const asWritten: string[][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      names.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word.length < 2) {
      names.push(word);
      if (names.length > last) {
        names.push(...words.slice(at + 1).filter((one, index) => index > 0 || one !== '--'));
        break;
      }
      continue;
    }
    const takes = TAKES_NEXT.test(word) && at + 1 < words.length;
    const equals = word.indexOf('=');
    const glued = /^-[nzc]./.test(word) && !word.startsWith('--');
    const name = glued ? word.slice(0, 2) : equals < 0 ? word : word.slice(0, equals);
    const value = glued ? word.slice(2).replace(/^=/, '') : takes ? (words[at + 1] ?? '') : word.slice(equals + 1);
    flags.set(name, [...(flags.get(name) ?? []), value]);
    asWritten.push(takes ? [word, words[at + 1] ?? ''] : [word]);
    if (takes) at++;
  }
  return { names, flags, asWritten };
};

/** Flags that oc's command and kubectl's share, which stay as they are. */
const SHARED =
  /^(?:-n|--namespace|--dry-run|-o|--output|--context|--kubeconfig|--as|--token|--server|--cluster)(?:=|$)|^-n./;

const shared = ({ asWritten }: Said): readonly string[] => asWritten.filter(([flag = '']) => SHARED.test(flag)).flat();

const GRANT = /^add-(role|cluster-role|scc)-to-(user|group)$/;

/**
 * [adm] policy add-cluster-role-to-user ROLE WHO… [-z SERVICEACCOUNT]: a binding is created, or gets more subjects. A
 * security context constraint is bound through the cluster role that allows its use.
 */
const grantOf = (words: readonly string[], context: string): readonly string[] | null => {
  const said = readWords(words);
  const [, verb = '', role, ...who] = said.names[0] === 'adm' ? said.names.slice(1) : said.names;
  const grant = GRANT.exec(verb);
  if (grant === null || role === undefined) return null;
  const [, what, to = 'user'] = grant;
  const bound = what === 'scc' ? `system:openshift:scc:${role}` : role;
  const namespace = said.flags.get('-n')?.at(-1) ?? said.flags.get('--namespace')?.at(-1) ?? context;
  const accounts = [...(said.flags.get('-z') ?? []), ...(said.flags.get('--serviceaccount') ?? [])];
  const name = said.flags.get('--rolebinding-name')?.at(-1) ?? bound;
  return [
    'create',
    what === 'role' ? 'rolebinding' : 'clusterrolebinding',
    name,
    said.flags.has('--role-namespace') ? `--role=${role}` : `--clusterrole=${bound}`,
    ...who.map((one) => `--${to}=${one}`),
    ...accounts.map((one) => `--serviceaccount=${one.includes(':') ? one : `${namespace}:${one}`}`),
    ...shared(said),
  ];
};

/** rsh [-c CONTAINER] POD [COMMAND…]: exec, with a shell where no command is given. */
const rshOf = (words: readonly string[]): readonly string[] | null => {
  const said = readWords(words, 1);
  const [, pod, ...command] = said.names;
  if (pod === undefined) return null;
  const container = said.flags.get('-c')?.at(-1) ?? said.flags.get('--container')?.at(-1);
  return [
    'exec',
    ...shared(said),
    ...(container === undefined ? [] : [`--container=${container}`]),
    ...(command.length === 0 ? ['-it'] : []),
    pod,
    '--',
    ...(command.length === 0 ? ['sh'] : command),
  ];
};

/** extract secret/NAME --to=…: the object is read and its content written, into the working directory unless to "-". */
const extractOf = (words: readonly string[]): OcCommand | null => {
  const said = readWords(words);
  const [, ...objects] = said.names;
  if (objects.length === 0) return null;
  return { argv: ['get', ...objects, '-o=yaml', ...shared(said)], writesFile: said.flags.get('--to')?.at(-1) !== '-' };
};

/** Words of oc in kubectl's. */
export interface OcCommand {
  readonly argv: readonly string[];
  /** It writes what it reads into a file of the host. */
  readonly writesFile: boolean;
}

/**
 * The kubectl command that does the same as these words of oc; the words themselves where oc has none of its own.
 * `namespace`: the context's.
 */
export function fromOc(words: readonly string[], namespace: string): OcCommand {
  const same = (argv: readonly string[]): OcCommand => ({ argv, writesFile: false });
  const [first = '', second = ''] = readWords(words).names;
  const [, kubectl] = SAME.find(([oc]) => oc[0] === first && oc[1] === second) ?? [];
  if (kubectl !== undefined) {
    const at = words.indexOf(first);
    return same([...words.slice(0, at), ...kubectl, ...words.slice(words.indexOf(second, at + 1) + 1)]);
  }
  if (first === 'extract') return extractOf(words) ?? same(words);
  const policy = first === 'policy' || (first === 'adm' && second === 'policy');
  const twin = policy ? grantOf(words, namespace) : first === 'rsh' ? rshOf(words) : null;
  return same(twin ?? words);
}
