// Secrets that are one by their shape, wherever they stand in a text: URLs with a password, bearer tokens, keys of known makers.
import { isNoSecret, isSecretName, isTellingName } from './secret-names.ts';
import { cutSpans, joinSpans, MASK, type Span } from './span.ts';

/** One shape: found only where `hint` stands in the text; the secret is the group `secret`, or all that is found. */
interface Shape {
  /** Lower case. */
  readonly hint: string;
  readonly pattern: RegExp;
  /** It stands in a text of one word: without white space, quotes and signs that part a name from its value. */
  readonly isWord?: true;
  /** For a name and its value: what must be true of them. */
  readonly holds?: (groups: { readonly [name: string]: string | undefined }) => boolean;
}

/** Each begins where no longer run could have begun or is bounded, so that a text of 64 KiB is read in one go. */
const SHAPES: readonly Shape[] = [
  // a password may hold "@" and "/"; a number and a slash are a port
  {
    hint: '://',
    pattern: /:\/\/[^\s/:@"'`<>]{0,256}:(?!\d{1,5}(?:[/?#"'\s,]|$))(?<secret>[^\s"'`<>]{1,256})@/dg,
  },
  // a token in the place of the user
  { hint: 'http', pattern: /\bhttps?:\/\/(?<secret>[^\s/:@"'`<>?#]{1,1024})@/dgi },
  { hint: 'sic ', pattern: /\bBasic\s+(?<secret>[\w+/=-]{6,})/dgi },
  { hint: 'bearer', pattern: /\bBearer[\s:=]+(?<secret>[\w+/=.~-]{6,})/dgi },
  { hint: 'eyj', isWord: true, pattern: /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/dg },
  {
    hint: 'private key',
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/dg,
  },
  // NAME=value, "name": "value", name='value'
  {
    hint: '=',
    pattern: /(?<![\w.-])(?<name>[\w.[\]-]{1,256})\s?=\s?(?<secret>"[^"]*"?|'[^']*'?|[^\s'"&|;,)}\]]+)/dg,
    holds: ({ name = '', secret = '' }) =>
      isTellingName(name.replace(/^-+/, '')) && !/^-*from[-_]/.test(name) && !isNoSecret(secret),
  },
  {
    hint: '"',
    pattern: /\\?"(?<name>[\w.-]{1,80})\\?"\s*:\s*(?<secret>\\"[^"\\]*(?:\\"|$)|"(?:\\.|[^"\\])*(?:"|$)|[\d.]{4,})/dg,
    holds: ({ name = '', secret = '' }) => isTellingName(name) && !isNoSecret(secret.replaceAll(/\\?"/g, '')),
  },
  {
    hint: ':',
    pattern: /(?<![\w.-])(?<name>[\w.-]{1,80})["']?\s?:\s(?<secret>"[^"]*"?|'[^']*'?|[^\s'"&|;,)}\]]+)/dg,
    holds: ({ name = '', secret = '' }) =>
      /passw(?:or)?d|passphrase|api[-_]?key|(?:client|access|private|secret|shared)[-_]?(?:key|secret)|[-_]token$/i.test(
        name,
      ) &&
      isSecretName(name) &&
      !isNoSecret(secret),
  },
  // a flag and its value: --password S, -token S
  {
    hint: '-',
    pattern: /(?<![\w-])--?(?<name>[a-z][a-z_-]{2,60})[ =](?<secret>"[^"]*"?|'[^']*'?|[^\s'"|;&)-][^\s'"|;&)]*)/dgi,
    holds: ({ name = '', secret = '' }) => isTellingName(name) && !isNoSecret(secret),
  },
  // headers that carry one
  {
    hint: ':',
    pattern:
      /\b(?:Proxy-)?(?:Authorization|Cookie|Set-Cookie|X-[A-Za-z-]{0,40}(?:Key|Token|Auth|Secret|Password)|PRIVATE-TOKEN|JOB-TOKEN|DEPLOY-TOKEN|Api-Key|apikey|X-Auth)\s*:\s*(?:(?:Bearer|Basic|Token|Digest)\s+)?(?<secret>[^\s'"][^'"\r\n]*)/dgi,
  },
  // SQL that sets a password
  { hint: 'identified', pattern: /\bidentified\s+by(?:\s+password)?\s*(?<secret>'(?:[^']|'')*'?|"[^"]*"?)/dgi },
  {
    hint: 'password',
    pattern:
      /(?<![\w"'-])password(?:\s+for\s+\S{1,128})?(?:\s*[=(]\s*|\s+)(?:password\s*\(\s*)?(?<secret>'(?:[^']|'')*'?|"[^"]*"?)/dgi,
  },
  // clients that take it as a glued or following word, as people paste them
  { hint: 'mysql', pattern: /\bmysql[a-z]*\b[^\n|;]{0,256}?\s-p(?<secret>[^\s'"|;]+)/dg },
  { hint: 'sshpass', pattern: /\bsshpass\s+-p\s?(?<secret>"[^"]*"?|'[^']*'?|[^\s'"|;]+)/dg },
  { hint: 'redis-cli', pattern: /\bredis-cli\b[^\n|;]{0,256}?\s-a\s?(?<secret>"[^"]*"?|'[^']*'?|[^\s'"|;]+)/dg },
  { hint: 'curl', pattern: /\bcurl\b[^\n|;]{0,512}?\s(?:-u|--user)[ =]?['"]?[^\s:'"]{1,128}:(?<secret>[^\s'"|;]+)/dg },
  // tokens of known makers
  {
    hint: '',
    isWord: true,
    pattern:
      /(?<![A-Za-z0-9_])(?:(?:AKIA|ASIA|AGPA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt|oas)-[\w-]{16,}|xox[abeprs]-[\w-]{8,}|xapp-[\w-]{10,}|[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[\w+/=]{12,}|sk-(?:ant-|proj-|svcacct-)?[\w-]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|hv[sbr]\.[\w-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{16,}|dckr_pat_[\w-]{16,}|do[opr]_v1_[a-f0-9]{20,}|SG\.[\w-]{10,}\.[\w-]{10,}|shp(?:at|ss|ca|pa)_[a-fA-F0-9]{20,}|glsa_\w{20,}|glc_[\w+/=]{20,}|hf_[A-Za-z]{20,}|pul-[a-f0-9]{30,}|xkeysib-[\w-]{20,}|sntrys_[\w+/=-]{20,}|dapi[a-f0-9]{30,}|ATATT3[\w=-]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}|PMAK-[\w-]{20,}|NRAK-[A-Z0-9]{20,}|lin_api_\w{20,}|figd_[\w-]{20,}|tfp_\w{20,}|\w{14}\.atlasv1\.[\w-]{30,}|\d{8,10}:AA[\w-]{30,})/dg,
  },
  {
    hint: 'hooks',
    pattern:
      /\b(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/(?<secret>[\w/-]+)/dg,
  },
];

/** Those that need no name beside them. */
const TOKENS: readonly Shape[] = SHAPES.filter(({ holds }) => holds === undefined);

const ONE_WORD = /^[^\s=:"'/(]*$/;
/** Most texts of a log are one word: a name, an id, a state. */
const IN_ONE_WORD = SHAPES.filter(({ isWord }) => isWord);

const find = (text: string, asked: readonly Shape[]): readonly Span[] => {
  if (text.length < 4) return [];
  const shapes = ONE_WORD.test(text) ? IN_ONE_WORD : asked;
  const low = text.toLowerCase();
  const spans: Span[] = [];
  for (const { hint, pattern, holds } of shapes) {
    // Most find nothing, and are not copied for that as matchAll does.
    if (!low.includes(hint) || text.search(pattern) < 0) continue;
    for (const found of text.matchAll(pattern)) {
      if (holds !== undefined && !holds(found.groups ?? {})) continue;
      const place = found.indices?.groups?.['secret'] ?? found.indices?.[0];
      if (place !== undefined) spans.push(withoutQuotes(text, { from: place[0], to: place[1] }));
    }
  }
  return spans;
};

const withoutQuotes = (text: string, { from, to }: Span): Span => {
  const [before = ''] = /^\\?["']/.exec(text.slice(from, from + 2)) ?? [];
  const isClosed = before !== '' && to - from > 2 * before.length && text.slice(from, to).endsWith(before);
  return { from: from + before.length, to: isClosed ? to - before.length : to };
};

/** Where the secrets stand that are one by their shape or by the name beside them; in no order. For texts that nobody can parse. */
export function shapeSpans(text: string): readonly Span[] {
  return find(text, SHAPES);
}

/** Only those by their own shape: tokens, URLs, keys. */
export function tokenSpans(text: string): readonly Span[] {
  return find(text, TOKENS);
}

/** The text with the mask in place of each. For words of people and peers, which nobody can parse. */
export function maskShapes(text: string): string {
  const spans = shapeSpans(text);
  return spans.length === 0 ? text : cutSpans(text, joinSpans(spans));
}

/**
 * A text made from parts of a command, without the command's secrets: each of them as it stands or escaped, and every word
 * that stands in one of them. What of the command is shown besides is hidden nowhere: a namespace may be called like a value.
 */
export function hideSecrets(text: string, secrets: readonly string[], shown: string): string {
  let hidden = text;
  for (const secret of secrets) {
    for (const spelled of new Set([secret, JSON.stringify(secret).slice(1, -1)]))
      if (spelled.length >= SHORT && !shown.includes(spelled)) hidden = hidden.replaceAll(spelled, MASK);
  }
  const all = secrets.join('\n');
  return hidden.replace(/[^\s"'`=,:;(){}[\]]+/g, (word) =>
    (word.length >= SHORT || secrets.includes(word)) && word !== MASK && all.includes(word) && !shown.includes(word)
      ? MASK
      : word,
  );
}

/** A secret shorter than this is hidden only where it is a whole word. */
const SHORT = 4;
