// The values of an object that a spec shows as a hash: secrets, and what is too long to be read by anybody.
import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** Characters of a value's JSON: a longer one stands as its hash (contract section 7). */
const LONGEST = 4096;

/** Names of fields, keys and variables whose values are secrets. */
const SECRET_NAME =
  /passw(?:or)?d|passphrase|pwd|secret|token|credential|private|api[-_]?key|access[-_]?key|signing|encryption|bearer|cookie|dsn|conn(?:ection)?[-_]?str/i;
/** Fields that name a secret and hold none of it. */
const NAMES_ONE =
  /(?:Name|Ref|KeyRef|Selector)$|^serviceAccount|^automountServiceAccountToken$|^imagePullSecrets$|^secrets$/;
/** The whole of what was applied before, Secrets' values and all. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const isSecretName = (name: string): boolean =>
  name === LAST_APPLIED || (SECRET_NAME.test(name) && !NAMES_ONE.test(name));

/** Whether a value holds a text that may not be shown: {name: "PASSWORD", value: …}, or a field of such a name. */
const holdsSecret = (value: Json): boolean => {
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsSecret);
  if (!isObject(value)) return false;
  const named = typeof value['name'] === 'string' && isSecretName(value['name']) && typeof value['value'] === 'string';
  return (
    named ||
    Object.entries(value).some(
      ([key, inner]) => (typeof inner !== 'object' && inner !== null && isSecretName(key)) || holdsSecret(inner),
    )
  );
};

const isLeaf = (value: Json): boolean => typeof value !== 'object' || value === null;

/** A shorter secret hides only what is equal to it. */
const SHORT = 4;

/** Whether a text of the value is a secret that was found elsewhere, or holds one. */
const isKnownSecret = (value: Json, secrets: ReadonlySet<string>): boolean => {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    return secrets.has(text) || [...secrets].some((secret) => secret.length >= SHORT && text.includes(secret));
  }
  return !isLeaf(value) && Object.values(value as JsonObject).some((inner) => isKnownSecret(inner, secrets));
};

/** Of which object, and the texts that are known to be secret of it and of what is sent. */
interface HidingContext {
  readonly resource: string;
  readonly secrets: ReadonlySet<string>;
}

/**
 * Whether a field's value is hidden. `path`: a JSON pointer; `keys`: the names of the list elements on the way ("name=PASSWORD").
 * A field of a Secret's data is hidden whatever its name.
 */
export function hidesValue(
  { resource, secrets }: HidingContext,
  path: string,
  keys: readonly string[],
  value: Json,
): boolean {
  if (resource === 'secrets' && /^\/(?:data|stringData)(?:\/|$)/.test(path)) return true;
  const own = path
    .slice(path.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  const named = own === 'value' && isSecretName((keys.at(-1) ?? '').replace(/^name=/, ''));
  return (
    named ||
    (isSecretName(own) && (isLeaf(value) || own === LAST_APPLIED)) ||
    holdsSecret(value) ||
    isKnownSecret(value, secrets) ||
    JSON.stringify(value).length > LONGEST
  );
}
