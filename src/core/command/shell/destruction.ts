// What destroys without being a Kubernetes request: rm of whole trees, and SQL that drops (scoring section 7, core).

const SHORT_FLAGS = /^-[A-Za-z]+$/;

/** GNU's long options may be cut short as far as one of them is meant: of rm "--r" is "--recursive", "--f" "--force". */
const isLong = (word: string, name: string): boolean => word.length > 2 && name.startsWith(word);

/** "/", "/*", "~", "/etc", and the same written with more slashes and dots. */
const isWholeTree = (target: string): boolean => {
  const plain = target.replace(/\/\.(?=\/|$)/g, '').replace(/\/{2,}/g, '/');
  return /^(?:\/|~)?(?:\/?\*?)$/.test(plain) ? plain !== '' && plain !== '*' : /^\/[^/]+\/?\*?$/.test(plain);
};

/**
 * True for rm that is recursive and forced, or recursive on a root or one component below it. `words` are those after
 * "rm", globs as written.
 */
export function removesTrees(words: readonly string[]): boolean {
  const dashes = words.indexOf('--');
  const before = dashes < 0 ? words : words.slice(0, dashes);
  const short = (letters: RegExp): boolean => before.some((word) => SHORT_FLAGS.test(word) && letters.test(word));
  const recursive = short(/[rR]/) || before.some((word) => isLong(word, '--recursive'));
  const forced = short(/f/) || before.some((word) => isLong(word, '--force'));
  if (!recursive) return false;
  const targets = [...before.filter((word) => !word.startsWith('-')), ...(dashes < 0 ? [] : words.slice(dashes + 1))];
  return forced || targets.some(isWholeTree);
}

const DROPS = /\bdrop\s+(?:table|database|schema)\b/i;

/** Comments go as a whole, to a blank or to nothing; a later line of a "--" comment stays. */
const withoutComments = (sql: string, left: '' | ' '): string =>
  sql.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, left).replace(/(?:--|#)[^\n]*/g, left);

/** MySQL runs what stands in a comment of its kind: only the markers go. */
const withoutMarkers = (sql: string): string =>
  sql
    .replace(/\/\*(?:!\d*|\+)?/g, ' ')
    .replace(/\*\//g, ' ')
    .replace(/--|#/g, ' ');

/** True when SQL text drops a table, a database or a schema, in any case and spacing, whatever its comments hide. */
export function dropsSql(sql: string): boolean {
  if (DROPS.test(sql)) return true;
  if (!/\/\*|--|#/.test(sql)) return false;
  return (
    DROPS.test(withoutComments(sql, ' ')) || DROPS.test(withoutComments(sql, '')) || DROPS.test(withoutMarkers(sql))
  );
}

/** True for programs that drop a whole database by themselves: dropdb, and mysqladmin's drop, which may be cut short. */
export function dropsDatabase(program: string, words: readonly string[]): boolean {
  if (/^dropdb(?:-\d+)?$/.test(program)) return !words.some((word) => /^(?:--help|--version|-\?|-V)$/.test(word));
  return /^(?:mysqladmin|mariadb-admin)$/.test(program) && words.some((word) => /^dro?p?$/i.test(word));
}
