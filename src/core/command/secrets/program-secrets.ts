// Finds the secrets among the words of a command: kubectl's by its grammar, those of other programs by the table of clients,
// and by names of flags and variables whatever the program is.
import { isNoSecret, isSecretName, isTellingName } from '../../model/secret-names.ts';
import { tokenSpans } from '../../model/secret-shapes.ts';
import { type LocatedText, sliceOf } from '../shell/located-text.ts';
import { baseName, isKubectl, SHELLS } from '../shell/programs.ts';
import { CLIENTS, type Client } from './clients.ts';
import { searchKubectl } from './kubectl-secrets.ts';
import { deeper, hide, type Search, type SearchContext } from './search.ts';

/** A flag of a word: its name without dashes, and where its glued value begins; -1 for none. */
interface FlagWord {
  readonly name: string;
  readonly isLong: boolean;
  readonly value: number;
}

const flagOf = (word: string): FlagWord | null => {
  const [, dashes, name] = /^(-{1,2})([A-Za-z][\w.-]*)(?:=|$)/.exec(word) ?? [];
  if (dashes === undefined || name === undefined) return null;
  const end = dashes.length + name.length;
  return { name, isLong: dashes === '--' || name.length > 2, value: end < word.length ? end + 1 : -1 };
};

/** Long flags that name a file or choose a manner, of any program. */
const looksLikePath = (value: string): boolean =>
  /^(?:[./~@]|[A-Za-z]:\\)|\.(?:pem|key|crt|json|ya?ml|txt|pub)$/.test(value);

/** Whether the flag's name says that its value is a secret. */
const isSecretFlag = (name: string, value: string): boolean => {
  if (isNoSecret(value) || /^no-/.test(name)) return false;
  if (
    isTellingName(name) ||
    /^(?:pass|pw|pwd|psk|pin|otp|jwt|creds?|userpass|storepass|keypass|passphrase)$/i.test(name)
  )
    return true;
  return isSecretName(name) && !looksLikePath(value) && value.length > 3;
};

/** NAME= in a word: A=b, a.b=c,d=e, {A=b}, ?x=y&z=w, --flag=A=b. */
const NAME = /(?<=^|[,;&?{\s"'(:=])-{0,2}([\w.[\]/-]{1,256})=/g;

/** Hides the values of secret names in a word; a comma or a blank ends a value only where another pair follows. */
const searchPairs = (search: Search, word: LocatedText): void => {
  const { text } = word;
  const names = [...text.matchAll(NAME)].map(({ 0: pair, 1: name = '', index }) => ({
    name,
    from: index,
    to: index + pair.length,
  }));
  names.forEach(({ name, to }, at) => {
    const next = names[at + 1]?.from;
    const rest = text.slice(to, next ?? text.length);
    if (!isSecretName(name) || isNoSecret(rest) || /^[[{]/.test(rest)) return;
    const ends = next === undefined ? /[;&"'})]/ : /[;&\s"'})]|,$/;
    const end = rest.search(ends);
    hide(search, word, to, end < 0 ? to + rest.length : to + end);
  });
};

/** Headers without secrets. */
const PLAIN_HEADER =
  /^(?:accept|accept-[a-z]+|content-[a-z]+|user-agent|host|origin|referer|range|connection|cache-control|expect|if-[a-z-]+|date|te|via|x-request-id|x-forwarded-[a-z]+|traceparent|dryrun|kubectl-[a-z]+)$/i;

const searchHeader = (search: Search, header: LocatedText): void => {
  const colon = header.text.indexOf(':');
  const name = header.text.slice(0, Math.max(colon, 0)).trim();
  if (header.text.startsWith('@') || PLAIN_HEADER.test(name)) return;
  const value = /^\s*(?:(?:Bearer|Basic|Token|Digest)\s+)?/i.exec(header.text.slice(colon + 1))?.[0].length ?? 0;
  hide(search, header, colon + 1 + value);
};

/** USER:SECRET, in the manners of several clients; without a user, or with nothing behind it, all of it. */
const searchUser = (search: Search, value: LocatedText): void => {
  const at = value.text.search(/[:,%]/);
  hide(search, value, at < 1 || at === value.text.length - 1 ? 0 : at + 1);
};

/** A body: a document, pairs, a file; anything else is hidden whole. */
const searchBody = (search: Search, body: LocatedText, context: SearchContext): void => {
  const { text } = body;
  if (/^@|^[\w.-]+=@/.test(text)) return;
  if (/^\s*[[{]/.test(text)) search.read.text(search, body, deeper(context));
  else if (/^[\w.[\]%-]+=/.test(text)) searchPairs(search, body);
  else if (!/^\w{0,3}$/.test(text)) hide(search, body);
};

const matches = (flags: readonly string[], flag: string): boolean => flags.includes(flag);

/** What a client's flag makes of its value. */
const searchClientValue = (
  search: Search,
  client: Client,
  flag: string,
  value: LocatedText,
  context: SearchContext,
): boolean => {
  const long = flag.startsWith('--') ? flag.slice(2) : flag.length > 1 ? flag : null;
  if (matches(client.header, flag)) searchHeader(search, value);
  else if (matches(client.body, flag)) searchBody(search, value, context);
  else if (matches(client.pair, flag)) searchUser(search, value);
  else if (long === null ? client.secret.includes(flag) : matches(client.long, long)) hide(search, value);
  else return false;
  return true;
};

/** Letters of curl that take no value, before one that does. */
const SWITCHES = /^[sSfLkvigIjJNqOR#aGMnZ0-9]*$/;

/** The letter of a client in a word of short flags, and where its glued value begins. */
const shortOf = (
  word: string,
  { secret, pair, header, body, clusters }: Client,
): { readonly letter: string; readonly value: number } | null => {
  if (!/^-[A-Za-z]/.test(word)) return null;
  const letters = secret + [...pair, ...header, ...body].filter((flag) => flag.length === 1).join('');
  for (let at = 1; at < (clusters ? word.length : 2); at++) {
    const letter = word[at] ?? '';
    if (letters.includes(letter)) return { letter, value: word[at + 1] === '=' ? at + 2 : at + 1 };
    if (!SWITCHES.test(letter)) return null;
  }
  return null;
};

/** One word, and what the flag in it makes of the next. Answers whether the next word is taken. */
const searchFlag = (
  search: Search,
  words: readonly LocatedText[],
  at: number,
  clients: ReadonlySet<Client>,
  context: SearchContext,
): boolean => {
  const [word, next] = [words[at], words[at + 1]];
  if (word === undefined || !word.text.startsWith('-') || word.text === '-') return false;
  const flag = flagOf(word.text);
  const value = flag === null ? null : flag.value >= 0 ? sliceOf(word, flag.value) : (next ?? null);
  const takesNext = flag !== null && flag.value < 0;
  for (const one of clients) {
    const client = activeAt(one, words, at);
    if (flag?.isLong === true && value !== null && searchClientValue(search, client, `--${flag.name}`, value, context))
      return takesNext;
    const short = shortOf(word.text, client);
    if (short === null) continue;
    const own = short.value < word.text.length ? sliceOf(word, short.value) : next;
    if (own !== undefined) searchClientValue(search, client, short.letter, own, context);
    return own === next;
  }
  if (flag?.isLong !== true || value === null) return false;
  if (/^from[-_]literal$/.test(flag.name)) {
    hide(search, value, value.text.indexOf('=') + 1);
    return takesNext;
  }
  if (takesNext && value.text.startsWith('-') && !isTellingName(flag.name)) return false;
  if (!isSecretFlag(flag.name, value.text)) return false;
  hide(search, value);
  return takesNext;
};

/** Without the word that a client's own secrets stand behind, it has only those of USER:SECRET, headers and bodies. */
const activeAt = (client: Client, words: readonly LocatedText[], at: number): Client =>
  client.behind.length === 0 || words.slice(0, Math.min(at, 64)).some(({ text }) => client.behind.includes(text))
    ? client
    : { ...client, secret: '', long: [] };

const searchWord = (search: Search, word: LocatedText, isScript: boolean, context: SearchContext): void => {
  const { text } = word;
  if (isScript) {
    search.read.text(search, word, deeper(context));
    return;
  }
  // a name that is only known when it runs may be any
  const [unknown] = /^[^=\s]*[$`][^=\s]*=/.exec(text) ?? [];
  if (unknown !== undefined) hide(search, word, unknown.length);
  else if (text.includes('=')) searchPairs(search, word);
  for (const { from, to } of tokenSpans(text)) hide(search, word, from, to);
  const value = /^-{0,2}[\w.-]+=(?=[[{])/.exec(text)?.[0].length ?? 0;
  // {A=b,C=d} is pairs, which are read above
  if (/[\s{["'`;|]/.test(text) && !/^[\w.-]*=?\{[^\s:]*\}$/.test(text))
    search.read.text(search, sliceOf(word, value), deeper(context));
};

/** The word behind the -c of a shell is a script, and so is what eval is given. */
const isScriptAt = (words: readonly LocatedText[], at: number): boolean => {
  const before = words[at - 1]?.text ?? '';
  return (
    before === 'eval' ||
    (/^-[a-zA-Z]*c$/.test(before) && words.slice(0, at).some(({ text }) => SHELLS.has(baseName(text))))
  );
};

/** Programs found among the words are read as they would be alone, so that every wrapper is looked through. */
const MOST_CLIENTS = 32;

/** Finds the secrets in the words of one command, a wrapper's inner command included. */
export function searchWords(search: Search, words: readonly LocatedText[], context: SearchContext): void {
  search.letters -= words.length;
  if (search.letters < 0) {
    for (const word of words) hide(search, word);
    return;
  }
  const clients = new Set<Client>();
  let taken = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) continue;
    if (isKubectl(word.text)) {
      searchKubectl(search, words.slice(at), context);
      return;
    }
    if (taken) {
      taken = false;
      continue;
    }
    const client = CLIENTS.get(baseName(word.text));
    if (client !== undefined && clients.size < MOST_CLIENTS && !clients.has(client)) {
      clients.add(client);
      hidePlaces(search, client, words.slice(at + 1));
    }
    searchWord(search, word, isScriptAt(words, at), context);
    taken = searchFlag(search, words, at, clients, context);
  }
}

const hidePlaces = (search: Search, client: Client, words: readonly LocatedText[]): void => {
  for (const { word, from } of client.places(words.map(({ text }) => text))) {
    const found = words[word];
    if (found !== undefined) hide(search, found, from);
  }
};
