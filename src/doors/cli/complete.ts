// The words of a command line so far → what may stand where the last one is being typed, as kubectl asks its plugins.
import { STATES } from '../../core/remediation/state.ts';
import { explanations } from '../../core/text/explain.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { CLI_COMMANDS, type CommandName, isCommandName } from '../commands.ts';
import type { CliCommand } from '../terminal/command.ts';
import { optionMeaning } from './help.ts';

/** What the shell does beside the words offered (cobra, ShellCompDirective). */
const DIRECTIVE = { files: 0, wordsAlone: 4 } as const;

/** A word with what it means. */
type Offer = readonly [word: string, meaning: string];

interface Offers {
  readonly offers: readonly Offer[];
  readonly directive: (typeof DIRECTIVE)[keyof typeof DIRECTIVE];
}

const wordsAlone = (offers: readonly Offer[]): Offers => ({ offers, directive: DIRECTIVE.wordsAlone });
const plain = (words: readonly string[]): Offers => wordsAlone(words.map((word) => [word, '']));
const FILES: Offers = { offers: [], directive: DIRECTIVE.files };
const NOTHING = plain([]);

/** Options whose value is a file, and those whose values can be listed. */
const FILE_OPTIONS: ReadonlySet<string> = new Set(['policy', 'request', 'kubeconfig', 'against', 'agent']);
const LISTED = new Map<string, readonly string[]>([
  ['output', ['text', 'json']],
  ['state', STATES],
]);

/** The first word behind a command, where it is one of a few. */
const FIRST_WORDS: ReadonlyMap<string, (lang: Lang) => Offers> = new Map([
  ['help', commandsOf],
  ['completion', () => plain(['bash', 'zsh', 'fish'])],
  ['audit', () => plain(['list', 'verify', 'export'])],
  ['policy', () => plain(['check', 'test', 'explain'])],
  ['explain', (lang) => wordsAlone([...new Map(explanations(lang).map(({ code, message }) => [code, message]))])],
]);

function commandsOf(lang: Lang): Offers {
  const { commands } = DICTIONARIES[lang].help;
  // as: the keys of the table itself.
  const names = Object.keys(CLI_COMMANDS) as readonly CommandName[];
  return wordsAlone(names.map((name) => [name, commands[name].summary]));
}

/** `words`: those behind our own name; the last is being typed, and may be empty. */
export async function complete(words: readonly string[], lang: Lang): Promise<string> {
  const typed = words.at(-1) ?? '';
  const { offers, directive } = await offersFor(words, lang);
  const fitting = offers.filter(([word]) => word.startsWith(typed));
  // A tab stands between a word and its meaning, and a line holds one word.
  const lines = fitting.map(([word, meaning]) =>
    meaning === '' ? word : `${word}\t${meaning.replaceAll(/\s+/g, ' ')}`,
  );
  return `${[...lines, `:${directive}`].join('\n')}\n`;
}

const offersFor = async (words: readonly string[], lang: Lang): Promise<Offers> => {
  const [name = ''] = words;
  if (words.length <= 1) return commandsOf(lang);
  const before = words.slice(1, -1);
  if (before.length === 0 && !words[1]?.startsWith('-')) {
    const first = FIRST_WORDS.get(name);
    if (first !== undefined) return first(lang);
  }
  if (!isCommandName(name) || before.includes('--')) return FILES;
  const command = await CLI_COMMANDS[name].load();
  const asked = valueAsked(command, before.at(-1) ?? '');
  if (asked !== null) return FILE_OPTIONS.has(asked) ? FILES : plain(LISTED.get(asked) ?? []);
  if (words.at(-1)?.startsWith('-') === true) return optionsOf(command, lang);
  return name === 'policy' || name === 'replay' ? FILES : NOTHING;
};

/** The option that waits for its value, by its long name. */
const valueAsked = ({ options }: CliCommand, word: string): string | null => {
  const found = Object.entries(options).find(
    ([long, { type, short }]) => type === 'string' && (word === `--${long}` || word === `-${short}`),
  );
  return found?.[0] ?? null;
};

const optionsOf = (command: CliCommand, lang: Lang): Offers => {
  const { help } = DICTIONARIES[lang];
  const own = Object.keys(command.options).map((name): Offer => [`--${name}`, optionMeaning(command.name, name, help)]);
  return wordsAlone([...own, ['--help', help.common.help]]);
};
