// A command and its text come in, the places of the text come out that nobody may read.
import type { Command, Surroundings } from '../../model/command.ts';
import { isTooLarge } from '../../model/limits.ts';
import { shapeSpans, tokenSpans } from '../../model/secret-shapes.ts';
import { joinSpans, type Span } from '../../model/span.ts';
import { locateArgv } from '../shell/located-line.ts';
import { locatedAt } from '../shell/located-text.ts';
import { readSimple } from '../shell/plain.ts';
import { baseName } from '../shell/programs.ts';
import { CLIENTS, readsSecret } from './clients.ts';
import { searchDocument } from './document-secrets.ts';
import { searchWords } from './program-secrets.ts';
import { hide, PLAINLY, type Readers, type Search } from './search.ts';
import { searchScript, searchText } from './text-secrets.ts';

const READERS: Readers = { text: searchText, document: searchDocument, words: searchWords };

/** Of texts within texts, whichever way they are read. */
const MOST_LETTERS = 1 << 19;

const NO_SPANS: readonly Span[] = [];

/** Words of names that are secrets; signs of a shape; escapes that may spell either; what only the cluster knows. */
const HINT =
  /passw|passph|passc|pswd|secret|token|credential|api.?key|bearer|basic|cookie|stringdata|private|signing|encryption|authoriz|nonce|pepper|requirep|masteru|mastera|storep|keypass|conn(?:ection)?.?str|identified|:\/\/|eyj|akia|asia|gh[pousr]_|github_pat|gl[a-z]+-|xox|xapp|[srp]k_|whsec|sk-|aiza|ya29|gocspx|hv[sbr]\.|npm_|pypi-|dckr_|do[opr]_|sg\.|shp|gls?[ac]_|hf_|pul-|xkeysib|sntrys|dapi|atatt|age-s|pmak|nrak|lin_api|figd|tfp_|atlasv1|:aa|hooks|\/env\/|\\[ux0-7]|[$`][^\s=]*=|(?:^|[^a-z])(?:pw|pwd|pass|pin|pat|otp|totp|psk|sas|sig|sk|key|keys|jwt|creds?|auths?|dsn|salt|hmac|userpass|authkey|signature)(?![a-z])/i;
/** The same in names such as appSk. */
const CAMEL_HINT =
  /[a-z](?:Pw|Pwd|Pass|Pin|Pat|Otp|Totp|Psk|Sas|Sig|Sk|Key|Keys|Jwt|Creds?|Auths?|Dsn|Salt|Hmac|Signature)(?![a-z])/;

/** Verbs of kubectl that run nothing inside a container. */
const PLAIN_VERBS =
  /^kubectl (?:get|describe|scale|rollout|delete|logs|top|cordon|uncordon|drain|taint|autoscale|expose|label|annotate|explain|wait|cp|apply|diff|set|patch|edit|replace|events|auth|version|api-resources|api-versions|cluster-info|port-forward) /;

const PLAIN_TEXT = /^[\w@%+=:,./ -]*$/;

const namesClient = (text: string): boolean => {
  for (const [word] of text.matchAll(/[\w.-]+/g)) if (CLIENTS.has(word) || readsSecret(baseName(word), [])) return true;
  return false;
};

/** Nothing in the text can be a secret: most commands, which are read no further. */
const holdsNone = (text: string): boolean => {
  const bare = /['"\\]/.test(text) ? text.replace(/['"]|\\(?![ux0-7])/g, '') : text;
  if (HINT.test(bare) || CAMEL_HINT.test(bare)) return false;
  return (PLAIN_VERBS.test(text) && PLAIN_TEXT.test(text)) || !namesClient(bare);
};

const behindWord = (text: string, at: number): number => at + (/^[\w-]*/.exec(text.slice(at))?.[0].length ?? 0);

/** What may stand behind the first secret of a line that cannot be read is hidden with it. */
const hideFromFirst = (text: string, found: readonly Span[]): readonly Span[] => {
  const first = found.reduce((least, { from }) => Math.min(least, from), text.length);
  const hint = HINT.exec(text);
  const from = Math.min(first, hint === null ? text.length : behindWord(text, hint.index + hint[0].length));
  return from < text.length ? [{ from, to: text.length }] : NO_SPANS;
};

/** A variable that stands in a secret holds one. */
const hideVariables = (search: Search, text: string): void => {
  for (
    let before = -1;
    search.assigned.length > 0 && before < search.found.length && search.found.length < MOST_FOUND;
  ) {
    before = search.found.length;
    const used = new Set(
      search.found.flatMap(({ from, to }) =>
        [...text.slice(from, to).matchAll(/\$\{?!?([A-Za-z_]\w*)/g)].map(([, name = '']) => name),
      ),
    );
    for (const { name, value } of search.assigned.splice(0)) {
      if (used.has(name)) hide(search, value);
      else search.assigned.push({ name, value });
      if (search.assigned.length > MOST_FOUND) return;
    }
  }
};

const MOST_FOUND = 4096;

/** A secret that is no word of any language stands nowhere else in the line either. */
const hideRepeated = (text: string, spans: readonly Span[]): readonly Span[] => {
  const repeated: Span[] = [];
  for (const { from, to } of spans.slice(0, MOST_REPEATED)) {
    const secret = text.slice(from, to).replace(/^["']|["']$/g, '');
    if (secret.length < 8 || secret.length > 256 || !/\d/.test(secret) || !/[A-Za-z]/.test(secret) || /\s/.test(secret))
      continue;
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length))
      repeated.push({ from: at, to: at + secret.length });
  }
  return joinSpans([...spans, ...repeated]);
};

const MOST_REPEATED = 32;

const spansOf = (command: Command, text: string, locate: Search['locate']): readonly Span[] => {
  const search: Search = { found: [], assigned: [], read: READERS, locate, letters: MOST_LETTERS };
  const words = command.kind === 'argv' ? locateArgv(text) : readSimple(text) === null ? null : locateArgv(text);
  let isReadable = true;
  if (words !== null) searchWords(search, words, PLAINLY);
  else isReadable = searchScript(search, locatedAt(text, 0), PLAINLY);
  if (!isReadable) return hideFromFirst(text, [...search.found, ...shapeSpans(text)]);
  search.found.push(...tokenSpans(text));
  hideVariables(search, text);
  return search.found.length === 0 ? NO_SPANS : hideRepeated(text, joinSpans(search.found));
};

/**
 * The places of a command's text that hold a secret, in order and apart from one another: by the parsed words and documents, those
 * within others too. What cannot be read is hidden. `text`: the argv quoted for a shell, or the line as given.
 */
export function secretSpans(
  command: Command,
  text: string,
  { readDocuments }: Pick<Surroundings, 'readDocuments'>,
): readonly Span[] {
  if (isTooLarge(command)) return everything(text);
  if (holdsNone(text)) return NO_SPANS;
  try {
    return spansOf(command, text, readDocuments.locate ?? null);
  } catch {
    return everything(text);
  }
}

/** All of it. */
export function everything(text: string): readonly Span[] {
  return text === '' ? NO_SPANS : [{ from: 0, to: text.length }];
}
