// What the programs of a line are to us (scoring section 1, "Other programs").

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Shells that take a script as text or from their standard input. */
export const SHELLS = set('sh bash zsh dash ash ksh mksh fish rbash busybox-sh');

/** Clients that execute the SQL they are given. */
export const SQL_CLIENTS = set(
  'psql mysql mariadb sqlite sqlite3 sqlcmd mssql-cli isql osql sqlplus db2 cqlsh clickhouse clickhouse-client ' +
    'clickhouse-local cockroach usql mycli pgcli litecli duckdb bq snowsql vsql impala-shell beeline hive spark-sql trino ' +
    'presto presto-cli mysqlsh mysqladmin dropdb tsql fbsql exasql crash q sqlcl',
);

/** Interpreters whose arguments are code. */
export const INTERPRETERS = set(
  'python python2 python3 perl ruby node php lua deno bun Rscript tclsh expect osascript',
);

/** Filters and printers: they read standard input, print, and reach nothing. */
const FILTERS = set(
  'grep egrep fgrep rg zgrep head tail wc sort uniq cut tr jq yq column base64 less nl rev tac paste comm diff fold seq ' +
    'strings od xxd sha256sum md5sum cat tee',
);

/** Printers and the shell's own words that reach nothing. */
const QUIET = set(
  'echo printf date true false sleep [ [[ test : cd pwd read set shift local declare readonly export return exit break ' +
    'continue typeset unset wait jobs bg fg umask',
);

/** Programs whose words are data, however they read: their tails are not commands. */
const DATA_PROGRAMS = set('git man which type whatis apropos logger');

/** Programs of whose words none is taken for a script: they carry texts. */
const CARRIERS = set('git gh curl wget');

/** They switch the context or namespace that every later kubectl uses. */
const CONTEXT_SWITCHERS = set('kubectx kubens');

/** ShellVariables that steer kubectl or the shell: setting one may change what the other commands mean. */
const STEERING = set(
  'KUBECONFIG KUBERC KUBECTL_KUBERC KUBERNETES_MASTER KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT POD_NAMESPACE ' +
    'KUBECACHEDIR KUBE_EDITOR EDITOR VISUAL KUBECTL_EXTERNAL_DIFF KUBECTL_COMMAND_HEADERS HTTP_PROXY HTTPS_PROXY ALL_PROXY ' +
    'NO_PROXY http_proxy https_proxy all_proxy no_proxy PATH HOME LD_PRELOAD LD_LIBRARY_PATH BASH_ENV ENV SHELLOPTS ' +
    'BASHOPTS IFS PROMPT_COMMAND SSL_CERT_FILE SSL_CERT_DIR CDPATH',
);

/** The name of a program without the path in front of it. */
export function baseName(word: string): string {
  const slash = word.lastIndexOf('/');
  return slash < 0 ? word : word.slice(slash + 1);
}

const KUBECTL_NAMES = /^(?:kubectl(?:\.exe)?|kubectl[-.]v?\d+(?:\.\d+)*(?:\.exe)?|k|oc|microk8s\.kubectl)$/;

/** kubectl by any name it goes by: kubectl.exe, kubectl-1.28, k, oc, and any of them with a path. */
export function isKubectl(word: string): boolean {
  return word === 'kubectl' || KUBECTL_NAMES.test(baseName(word));
}

/** rm, whatever the path before it. */
export function isRm(word: string): boolean {
  return word === 'rm' || word.endsWith('/rm');
}

/** True when setting the variable may steer kubectl. */
export function steersKubectl(variable: string): boolean {
  return STEERING.has(variable);
}

/** True when no word of the program is taken for a script, though it begins like one. */
export function carriesTexts(program: string): boolean {
  return CARRIERS.has(program);
}

/**
 * What a program that is none of kubectl, rm, a wrapper or a shell is to us. `reader`: it shows a file; `switcher`: it
 * picks the context or namespace of every later command.
 */
export type ProgramKind = 'quiet' | 'filter' | 'editor' | 'reader' | 'switcher' | 'data' | 'other';

/** Flags that make a filter write a file or run something. */
const writesFile = (name: string, words: readonly string[]): boolean => {
  switch (name) {
    case 'yq':
      return words.some((word) => /^-[A-Za-z]*i/.test(word) || word.startsWith('--inplace') || /split-exp/.test(word));
    case 'sort':
      return words.some((word) => /^-[A-Za-z]*o/.test(word) || /^--(?:o|co)/.test(word));
    case 'date':
      return words.some((word) => /^-[A-Za-z]*s/.test(word) || word.startsWith('--s'));
    case 'rg':
      return words.some((word) => word.startsWith('--pre'));
    case 'uniq':
    case 'xxd':
      return words.filter((word) => word === '-' || !word.startsWith('-')).length > 1;
    case 'base64':
      return words.some((word) => /^-[A-Za-z]*o/.test(word) || word.startsWith('--o'));
    case 'less':
      // "+!command" runs it, -o and -O write a log, -k and --lesskey bind keys to commands
      return words.some((word) => /^(?:\+|-[A-Za-z]*[oOk]|--(?:l|L|o|O|k))/.test(word));
    case 'tee':
      // only standard streams: a file that is written is more than printing
      return words.some((word) => word !== '-' && (!word.startsWith('-') || word === '--output'));
    default:
      return false;
  }
};

/** cat shows its files; the others print what they are given. */
const readsFile = (name: string, words: readonly string[]): boolean =>
  name === 'cat' && words.some((word) => word !== '-' && !word.startsWith('-'));

/** Judges a program by its name and words; a path before a name that reaches nothing is still that name. */
export function programKind(word: string, words: readonly string[]): ProgramKind {
  const name = word.startsWith('/bin/') || word.startsWith('/usr/bin/') ? baseName(word) : word;
  if (FILTERS.has(name)) return readsFile(name, words) ? 'reader' : writesFile(name, words) ? 'other' : 'filter';
  if (QUIET.has(name)) return writesFile(name, words) ? 'other' : 'quiet';
  if (name === 'awk' || name === 'gawk' || name === 'mawk' || name === 'sed' || name === 'gsed') return 'editor';
  if (CONTEXT_SWITCHERS.has(name)) return 'switcher';
  return DATA_PROGRAMS.has(name) ? 'data' : 'other';
}
