// The values of an object that a spec shows as a hash: secrets, and what is too long to be read by anybody.
import type { Json } from '../model/json.ts';
import { isObject } from '../model/json.ts';

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

/**
 * Whether a field's value is hidden. `path`: a JSON pointer; `keys`: the names of the list elements on the way ("name=PASSWORD").
 * A field of a Secret's data is hidden whatever its name.
 */
export function hidesValue(resource: string, path: string, keys: readonly string[], value: Json): boolean {
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
    JSON.stringify(value).length > LONGEST
  );
}
