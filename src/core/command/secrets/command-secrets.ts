// Finds the secrets of one simple command of a line: its words, the variables that it sets, and what it is given to read.
import { isNoSecret, isSecretName } from '../../model/secret-names.ts';
import type { LocatedAssignment, LocatedCommand } from '../shell/located-line.ts';
import type { LocatedText } from '../shell/located-text.ts';
import { baseName, isKubectl } from '../shell/programs.ts';
import { readsSecret } from './clients.ts';
import { makesSecret, readsSecrets } from './kubectl-secrets.ts';
import { deeper, hide, type Search, type SearchContext } from './search.ts';

/** What a command makes of its standard input. */
type Feed = 'a secret' | 'about secrets' | 'anything';

const feedOf = (words: readonly LocatedText[]): Feed => {
  const kubectl = words.findIndex(({ text }) => isKubectl(text));
  if (kubectl >= 0) {
    const own = words.slice(kubectl);
    if (makesSecret(own)) return own.some(({ text }) => /^-(?:f|-filename)/.test(text)) ? 'about secrets' : 'a secret';
    if (readsSecrets(own)) return 'about secrets';
  }
  const texts = words.map(({ text }) => text);
  return texts.some((text, at) => at < 16 && readsSecret(baseName(text), texts.slice(at + 1)))
    ? 'a secret'
    : 'anything';
};

const PRINTERS = /^(?:echo|printf|print|cat|tee|tr|yes)$/;
/** Flags of printers, and formats without words. */
const FORMAT = /^-[neE]+$|^(?:%[-\w.]+|\\\w|\s)*$/;

/** What printers print into a command is what it reads. */
const searchFeeders = (search: Search, { feeders }: LocatedCommand, feed: Feed, context: SearchContext): void => {
  if (feed === 'anything') return;
  for (const { words, inputs } of feeders) {
    const [program, ...said] = words;
    if (!PRINTERS.test(baseName(program?.text ?? ''))) continue;
    const texts = [...said.filter(({ text }) => !FORMAT.test(text)), ...inputs];
    for (const text of texts) searchFed(search, text, feed, context);
  }
};

const searchFed = (search: Search, text: LocatedText, feed: Feed, context: SearchContext): void => {
  if (feed === 'a secret') hide(search, text);
  else search.read.text(search, text, deeper({ ...context, aboutSecret: feed === 'about secrets' }));
};

/** A value whose name says so is hidden; another is looked into. */
const searchAssigned = (search: Search, { name, value }: LocatedAssignment, context: SearchContext): void => {
  search.assigned.push({ name, value });
  if (isSecretName(name) && !isNoSecret(value.text)) hide(search, value);
  else if (/[^\w./-]/.test(value.text)) search.read.text(search, value, deeper(context));
};

/** Finds the secrets of a simple command. */
export function searchCommand(search: Search, command: LocatedCommand, context: SearchContext): void {
  const { words, assigned, inputs } = command;
  search.read.words(search, words, context);
  for (const one of assigned) searchAssigned(search, one, context);
  if (inputs.length === 0 && command.feeders.length === 0) return;
  const feed = feedOf(words);
  for (const input of inputs) searchFed(search, input, feed, context);
  searchFeeders(search, command, feed, context);
  if (words[0]?.text === 'read')
    for (const { text } of words.slice(1)) for (const value of inputs) search.assigned.push({ name: text, value });
}
