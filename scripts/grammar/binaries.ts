// Learns the grammar from real kubectl binaries, by their help and by their errors of usage.
import { execFile } from 'node:child_process';
import { availableParallelism, tmpdir } from 'node:os';
import type { CommandFact, FlagFact, GrammarFacts } from './grammar-data.ts';

interface Answer {
  readonly out: string;
  readonly error: string;
}

/** Flags that help does not list. They are looked for on every command. */
const HIDDEN = ['record', 'cpu-percent', 'username', 'password', 'reorder', 'enable-managedby-label'];

/** Commands that help does not list. */
const HIDDEN_COMMANDS = ['alpha', 'options', 'help'];

/** What help cannot tell: the value of an optional flag that stands without "=". */
const BARE_VALUES: Readonly<Record<string, string>> = {
  'dry-run': 'unchanged',
  cascade: 'background',
  validate: 'strict',
};

const ask = (binary: string, words: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const env = { HOME: tmpdir(), KUBECONFIG: '/dev/null', KUBERC: 'off', PATH: '/nowhere' };
    execFile(binary, [...words], { env, timeout: 30_000 }, (_error, out, error) => resolve({ out, error }));
  });

/** Sections of a help text: "Available Commands:", "Options:" and their like, with the lines below them. */
const section = (help: string, title: RegExp): readonly string[] => {
  const found: string[] = [];
  let inside = false;
  for (const line of help.split('\n')) {
    if (/^\S.*:$/.test(line)) inside = title.test(line);
    else if (inside) found.push(line);
  }
  return found;
};

const childrenOf = (help: string): readonly string[] =>
  section(help, /Commands/)
    .map((line) => /^ {2}(\S+)\s{2,}\S/.exec(line)?.[1])
    .filter((name) => name !== undefined);

const aliasesOf = (help: string, name: string): readonly string[] =>
  section(help, /^Aliases:$/)
    .flatMap((line) => line.trim().split(/,\s*/))
    .filter((alias) => alias !== '' && alias !== name);

interface Listed {
  readonly name: string;
  readonly short: string;
}

/** "    -n, --namespace='':" → namespace, n. */
const flagsOf = (help: string): readonly Listed[] =>
  help
    .split('\n')
    .map((line) => /^ {4}(?:-(\w), |)\s*--([a-z][\w-]*)=/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ name: match[2] ?? '', short: match[1] ?? '' }));

/** The type of a flag, told by what kubectl says to values that only some types take. Help is always asked for first. */
const probe = async (binary: string, path: readonly string[], { name, short }: Listed): Promise<FlagFact | null> => {
  const said = async (...words: readonly string[]): Promise<string> =>
    (await ask(binary, [...path, '--help', ...words])).error;
  const bare = await said(`--${name}`);
  if (bare.includes('unknown flag')) return null;
  const wrong = await said(`--${name}=a"b`);
  const takesNext = bare.includes('flag needs an argument');
  const type = wrong.includes('ParseBool')
    ? 'bool'
    : wrong.includes('invalid duration')
      ? 'duration'
      : wrong.includes('ParseInt')
        ? (await said(`--${name}=2147483648`)).includes('out of range')
          ? 'int32'
          : 'int64'
        : wrong.includes('parse error') || wrong.includes('bare "')
          ? 'stringSlice'
          : wrong.includes('must be formatted as key=value')
            ? 'stringToString'
            : wrong.includes('filename=N')
              ? 'moduleSpec'
              : wrong.includes('malformed pair')
                ? 'mapStringString'
                : 'string';
  const noOptDefault = takesNext ? '' : type === 'bool' ? 'true' : (BARE_VALUES[name] ?? 'true');
  return { name, short, type, noOptDefault, required: false, since: '' };
};

/** Runs tasks a few at a time, in order of their answers' places. */
const inTurns = async <T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const answers: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) answers[at] = await task(items[at] as T);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return answers;
};

interface Seen {
  readonly path: readonly string[];
  readonly help: string;
}

const commandsOf = async (binary: string): Promise<readonly Seen[]> => {
  const seen: Seen[] = [];
  const walk = async (path: readonly string[]): Promise<void> => {
    const help = (await ask(binary, [...path, '--help'])).out;
    seen.push({ path, help });
    const names = path.length === 0 ? [...new Set([...childrenOf(help), ...HIDDEN_COMMANDS])].sort() : childrenOf(help);
    await inTurns(names, (name) => walk([...path, name]));
  };
  await walk([]);
  return seen.sort((one, other) => (one.path.join(' ') < other.path.join(' ') ? -1 : 1));
};

const versionOf = async (binary: string): Promise<string> => {
  const { out } = await ask(binary, ['version', '--client']);
  const version = /v(1\.\d+)/.exec(out)?.[1];
  if (version === undefined) throw new Error(`${binary} does not say which kubectl it is`);
  return version;
};

const minor = (version: string): number => Number(version.split('.')[1]);

/**
 * The grammar of the newest binary, with the age of each flag told by the older ones. What a binary cannot tell (which
 * list of strings is split at commas, which flag is required, what writes) is taken over by name from `before`, the
 * grammar that stands in the repository.
 */
export const readBinaries = async (paths: readonly string[], before: GrammarFacts): Promise<GrammarFacts> => {
  const binaries = await inTurns(paths, async (path) => ({ path, version: await versionOf(path) }));
  const ordered = [...binaries].sort((one, other) => minor(one.version) - minor(other.version));
  const newest = ordered.at(-1);
  if (newest === undefined) throw new Error('name at least one kubectl');
  const ages = await Promise.all(
    ordered.map(async ({ path, version }) => ({ version, commands: await commandsOf(path) })),
  );
  const global = flagsOf((await ask(newest.path, ['options'])).out);
  const current = ages.at(-1)?.commands ?? [];
  const commands = await inTurns(current, async ({ path, help }): Promise<CommandFact> => {
    const key = path.join(' ');
    const known = before.commands.find((command) => command.path.join(' ') === key);
    const listed = path.length === 0 ? global : flagsOf(help);
    const hidden = HIDDEN.filter(
      (name) => !listed.some((flag) => flag.name === name) && known?.flags.some((flag) => flag.name === name),
    );
    const wanted = [...listed, ...hidden.map((name) => ({ name, short: '' })), { name: 'help', short: 'h' }];
    const probed = await inTurns(wanted, (flag) => probe(newest.path, path, flag));
    const flags = probed
      .filter((flag) => flag !== null)
      .map((flag): FlagFact => {
        const old = known?.flags.find((one) => one.name === flag.name);
        const first = ages.find((age) =>
          age.commands.some(
            (one) => one.path.join(' ') === key && flagsOf(one.help).some(({ name }) => name === flag.name),
          ),
        );
        const since = path.length === 0 || first === undefined || first === ages[0] ? '' : first.version;
        const sameShape = old !== undefined && old.noOptDefault === flag.noOptDefault;
        return {
          ...flag,
          type: sameShape ? old.type : flag.type,
          required: old?.required ?? false,
          since: old?.since ?? since,
        };
      });
    const name = path.at(-1) ?? '';
    return {
      path,
      aliases: aliasesOf(help, name),
      mutates: known?.mutates ?? true,
      supportsDryRun: flags.some((flag) => flag.name === 'dry-run'),
      flags: flags.sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  });
  return { version: newest.version, commands };
};
