// Hides secrets inside a proposed command before anyone reads it (design section 3, rule 7).
import { isDeeperThan, isObject, type Json, MAX_DEPTH } from '../model/json.ts';

/** What stands in place of a secret. */
const MASK = '***';

/** Names whose values are secrets: variables, keys of patches and manifests, flags. */
const SECRET_NAME =
  /pass(word|wd|phrase)?|pwd|secret|token|credential|private|api[-_]?key|access[-_]?key|signing|encryption|auth|bearer|cookie|dsn|conn(ection)?[-_]?str|(^|[-_.])key($|[-_.])|salt/i;

/** Flags that take a secret as the next word or after "=". */
const SECRET_FLAG = /^--(from-literal|docker-password|password|token|bearer-token|client-key-data)$/;
/** Flags whose value may be a body: JSON is masked key by key, the rest as a whole where it may hold a Secret. */
const BODY_FLAG = /^(-p|--patch|--overrides|--override)$/;

/** Names so telling that their value is hidden wherever it stands. */
const TELLING_NAME = /passw(or)?d|passphrase|secret|token|api[_-]?key|credential/i;

/**
 * Secrets that are one by their shape, wherever they stand. Each begins where no longer run could have begun, so that a
 * text of 64 KiB is read in one go.
 */
const SHAPES: readonly (readonly [shape: RegExp, shown: (match: string, ...groups: readonly string[]) => string])[] = [
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, (_, url) => `${url}:${MASK}@`],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/g, (_, scheme) => `${scheme} ${MASK}`],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, () => MASK],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, () => MASK],
  [
    /(?<![\w-])([\w-]+)=([^\s'"&|;,)}\]]+)/g,
    (all, name = '') => (TELLING_NAME.test(name) && !/^-*from-/.test(name) ? `${name}=${MASK}` : all),
  ],
  [
    /("([\w.-]{1,80})"\s*:\s*)"[^"]*"/g,
    (all, head, key = '') => (TELLING_NAME.test(key) && !/Name$/.test(key) ? `${head}"${MASK}"` : all),
  ],
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}\b|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}/g,
    () => MASK,
  ],
];

const maskShapes = (text: string): string =>
  SHAPES.reduce((masked, [shape, shown]) => masked.replace(shape, shown), text);

/** A word as it stands in the line, and as a program would get it. */
interface RawWord {
  readonly raw: string;
  readonly value: string;
}

/** A run of plain, escaped and quoted pieces; a quote that never closes runs to the end. */
const WORD = /(?:'[^']*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|\\[\s\S]|\\$|[^\s'"\\])+/g;

const unquote = (raw: string): string =>
  raw.replace(/'([^']*)(?:'|$)|"((?:\\[\s\S]|[^"\\])*)(?:"|\\?$)|\\([\s\S])/g, (_, single, double, escaped) =>
    String(single ?? (double === undefined ? escaped : double.replace(/\\(["\\$`\n])/g, '$1'))),
  );

const quote = (value: string): string =>
  /^[\w@%+=:,./*-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Whose command it is: one of Secrets; one that runs a database client, whose -p is a password; another. */
type About = 'secret' | 'client' | 'other';

/** Every leaf below becomes the mask. No deeper than MAX_DEPTH, like maskBody below. */
const maskLeaves = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(maskLeaves);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskLeaves(inner)]));
  return value === null ? null : MASK;
};

/** `secret`: the body may be one of a Secret, so its data are hidden too. */
const maskBody = (value: Json, about: About): Json => {
  if (typeof value === 'string') return maskShapes(value);
  if (Array.isArray(value)) return value.map((inner) => maskBody(inner, about));
  if (!isObject(value)) return value;
  const secret = about === 'secret' || value['kind'] === 'Secret';
  const points = typeof value['path'] === 'string' ? value['path'] : '';
  const named = typeof value['name'] === 'string' && SECRET_NAME.test(value['name']);
  const hidesValue = named || SECRET_NAME.test(points) || (secret && /^\/(data|stringData)(\/|$)/.test(points));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (secret && (key === 'data' || key === 'stringData')) return [key, maskLeaves(inner)];
      if (key === 'value' && hidesValue) return [key, maskLeaves(inner)];
      const leaf = typeof inner === 'string' || typeof inner === 'number';
      if (leaf && SECRET_NAME.test(key) && !/Name$|^serviceAccount/.test(key)) return [key, MASK];
      return [key, maskBody(inner, secret ? 'secret' : about)];
    }),
  );
};

const readJson = (text: string): Json | undefined => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** A body of JSON, key by key, hidden whole where it is nested too deep; one that is no JSON is shown only where it cannot hold a secret. */
const maskBodyText = (text: string, about: About): string => {
  const json = readJson(text);
  if (json !== undefined) {
    if (isDeeperThan(json, MAX_DEPTH)) return MASK;
    const masked = JSON.stringify(maskBody(json, about));
    return masked === JSON.stringify(json) ? text : masked;
  }
  return about !== 'other' || SECRET_NAME.test(text) ? MASK : maskShapes(text);
};

const maskPair = (pair: string, which: 'always' | 'by name'): string => {
  const at = pair.indexOf('=');
  if (at < 0) return which === 'always' ? MASK : pair;
  const name = pair.slice(0, at);
  return which === 'always' || SECRET_NAME.test(name) ? `${name}=${MASK}` : maskShapes(pair);
};

/** One word that follows no flag of its own. */
const maskWord = (value: string, about: About): string => {
  const flag = /^(--?[\w-]+)=([\s\S]*)$/.exec(value);
  if (flag !== null) {
    const [, name = '', given = ''] = flag;
    if (name === '--from-literal') return `${name}=${maskPair(given, 'always')}`;
    if (SECRET_FLAG.test(name)) return `${name}=${MASK}`;
    if (BODY_FLAG.test(name)) return `${name}=${maskBodyText(given, about)}`;
    if (/^(--env|-e)$/.test(name)) return `${name}=${maskPair(given, 'by name')}`;
    return maskShapes(value);
  }
  const glued = /^-(p|e)([\s\S]+)$/.exec(value);
  if (glued !== null) {
    const [, letter = '', given = ''] = glued;
    if (letter === 'e' && /^\w+=/.test(given)) return `-e${maskPair(given, 'by name')}`;
    if (letter === 'p') return `-p${about === 'client' ? MASK : maskBodyText(given, about)}`;
  }
  if (readJson(value) !== undefined) return maskBodyText(value, about);
  return /^[\w.-]+=/.test(value) ? maskPair(value, 'by name') : maskShapes(value);
};

/** The word after a flag that takes a secret or a body. */
const maskValueOf = (flag: string, value: string, about: About): string => {
  if (flag === '--from-literal') return maskPair(value, 'always');
  if (SECRET_FLAG.test(flag)) return MASK;
  return maskBodyText(value, about);
};

/** Values below data or stringData of a Secret in a here-document; what is not a plain line there is hidden whole. */
const maskManifest = (text: string): string => {
  if (!/["']?kind["']?\s*:\s*["']?Secret\b/.test(text)) return text;
  let depth: number | null = null;
  return text
    .split('\n')
    .map((line) => {
      const indent = line.search(/\S/);
      if (depth !== null && indent > depth)
        return line.replace(/(:\s*).*|(\S+)$/, (_, colon) => `${colon ?? ''}${MASK}`);
      depth = /^\s*(data|stringData)\s*:/.test(line) ? indent : null;
      return depth === null ? line : line.replace(/(:\s*)\S.*/, `$1${MASK}`);
    })
    .join('\n')
    .replace(/("(?:data|stringData)"\s*:\s*)\{[^}]*\}?/g, `$1{${MASK}}`);
};

const aboutOf = (command: string): About => {
  if (/\bsecrets?\b|kind\W+Secret/i.test(command)) return 'secret';
  return /\b(mysql|mysqldump|mysqladmin|mariadb|mongo|mongosh|mongodump)\b/.test(command) ? 'client' : 'other';
};

/**
 * The command with every secret that it can be seen to hold replaced by `***`; the rest stands as it was. It works on the
 * text, since a line that nobody can parse may hold secrets too.
 */
export function maskCommand(command: string): string {
  const about = aboutOf(command);
  let flag: string | null = null;
  let end = 0;
  let shown = '';
  for (const match of maskManifest(command).matchAll(WORD)) {
    const word: RawWord = { raw: match[0], value: unquote(match[0]) };
    const masked: string = flag === null ? maskWord(word.value, about) : maskValueOf(flag, word.value, about);
    const gap = match.input.slice(end, match.index);
    shown += gap + (masked === word.value ? word.raw : quote(masked));
    end = match.index + word.raw.length;
    flag = flag === null && (SECRET_FLAG.test(word.value) || BODY_FLAG.test(word.value)) ? word.value : null;
  }
  const rest = maskManifest(command).slice(end);
  return maskShapes(shown + rest);
}
