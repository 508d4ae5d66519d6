// Whether what a command sends holds what nobody knows before it runs, or a secret as far as names and shapes tell: asked before it
// is kept where people read.
import { isObject, type Json, ownValue } from '../../../model/json.ts';
import { isUnknown } from '../../shell/unknown.ts';

/** Names whose values are secrets, as core/text/mask.ts hides them. */
const SECRET_NAME =
  /pass(word|wd|phrase)?|pwd|secret|token|credential|private|api[-_]?key|access[-_]?key|signing|encryption|auth|bearer|cookie|dsn|conn(ection)?[-_]?str|(^|[-_.])key($|[-_.])|salt/i;

/** Names so telling that whatever stands behind "=" is a secret. */
const TELLING_NAME = /passw(or)?d|passphrase|secret|token|api[_-]?key|credential/i;

/** Values that are secrets by their shape; each begins where no longer run could have begun. */
const SHAPES: readonly RegExp[] = [
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
  /\b(?:Bearer|Basic)\s+[\w+/=.~-]{8,}/,
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"[\w.-]{0,80}(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|credential)[\w.-]{0,80}"\s*:\s*"/i,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}\b|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}/,
];

const ASSIGNED = /(?<![\w.-])([\w.-]+)[ \t]*[=:][ \t]*[^\s&|;,)}\]]/g;

/** What any of these needs; most texts have none of it. */
const WORTH_A_LOOK = /[=:]|Bearer|Basic|eyJ|AKIA|ASIA|gh[pousr]_|glpat-|xox[abprs]-|PRIVATE KEY/;

/** A text that is not known, or holds a secret: of a known shape, or "PASSWORD=…", "token: …" anywhere in it. */
const isHiddenText = (text: string): boolean => {
  if (isUnknown(text)) return true;
  // shorter ones hold a secret only behind "=" or ":"
  if (text.length < 13 && !text.includes('=') && !text.includes(':')) return false;
  if (!WORTH_A_LOOK.test(text)) return false;
  if (SHAPES.some((shape) => shape.test(text))) return true;
  for (const [, name = ''] of text.matchAll(ASSIGNED))
    if (TELLING_NAME.test(name) && !/(?:^-*from-|Name$)/.test(name)) return true;
  return false;
};

/** A flag behind which a secret stands as the next word. */
const isSecretFlag = (word: Json | undefined): boolean =>
  typeof word === 'string' && /^--?[\w.-]+$/.test(word) && TELLING_NAME.test(word);

/**
 * Fields whose name sounds like a secret and whose value names one, or a thing of the API: tolerations, expressions and
 * references have a "key", pods a "serviceAccountName".
 */
const NAMES_ONE = /^key$|Name$|^serviceAccount|Path$|Seconds$/;

/** Names that are met most often, and sound like no secret: for speed. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(
  'is on type name namespace kind apiVersion image value labels effect containers container port targetPort protocol app env restartPolicy dnsPolicy replicas changeCause'.split(
    ' ',
  ),
);

const isLeaf = (value: Json): boolean => (typeof value === 'string' && value !== '') || typeof value === 'number';

const hasLeaf = (value: Json): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(hasLeaf) : isLeaf(value);

/** Whether one field of an object holds a secret by its name. */
const isSecretField = (name: string, value: Json, hidesValue: boolean, inData: boolean): boolean =>
  name === 'value' && hidesValue
    ? hasLeaf(value)
    : isLeaf(value) && !PLAIN_NAMES.has(name) && SECRET_NAME.test(name) && (inData || !NAMES_ONE.test(name));

/** "/data/…" of a JSON patch, a variable called PASSWORD: what its `value` holds is a secret. */
const hidesValueOf = ({ name, path, value }: { readonly [key: string]: Json | undefined }): boolean =>
  value !== undefined &&
  ((typeof name === 'string' && SECRET_NAME.test(name)) || (typeof path === 'string' && SECRET_NAME.test(path)));

/** Fields of free words, where a name says what its value is. */
const DATA: ReadonlySet<string> = new Set(['data', 'stringData', 'binaryData']);

const inList = (list: readonly Json[]): boolean => {
  for (const [at, one] of list.entries())
    if (holdsHidden(one) || (at > 0 && isLeaf(one) && isSecretFlag(list[at - 1]))) return true;
  return false;
};

/**
 * True where a value holds a secret, an object that is one, or a text that is only known when the command runs. No deeper than
 * MAX_DEPTH: what is deeper was not read.
 */
export function holdsHidden(value: Json, inData = false): boolean {
  if (typeof value === 'string') return isHiddenText(value);
  if (Array.isArray(value)) return inList(value);
  if (!isObject(value)) return false;
  if (value['kind'] === 'Secret') return true;
  const hidesValue = hidesValueOf(value);
  for (const name of Object.keys(value)) {
    const inner = ownValue(value, name) ?? null;
    if (isUnknown(name) || isSecretField(name, inner, hidesValue, inData) || holdsHidden(inner, DATA.has(name)))
      return true;
  }
  return false;
}
