// Names whose values are secrets: of variables, of keys in bodies and files, of flags.

/** A name that has one of these words in it names a secret, unless its last word says otherwise. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  (
    'pw pwd pass passwd password passwords passphrase passcode passwort pswd secret secrets token tokens key keys apikey jwt ' +
    'sk cred creds credential credentials auth authorization authkey bearer cookie cookies dsn salt pepper signature sig hmac ' +
    'otp totp pin psk pat sas private signing encryption nonce userpass requirepass masterauth auths'
  ).split(' '),
);

/** The same where the words are written as one: dbpassword, mysecret, authtoken. */
const RUN_TOGETHER =
  /passw|passphrase|secret|token|credential|apikey|accesskey|privatekey|signingkey|encryptionkey|accountkey|connectionstring|connstr|storepass|keypass/;

/** A last word that says that the value only names, places or describes the secret. */
const ONLY_ABOUT: ReadonlySet<string> = new Set(
  (
    'name names ref refs path paths file files dir directory type ttl seconds minutes days expiration expiry expires policy class ' +
    'mode enabled disabled enable disable count length size version versions algorithm alg provider providers endpoint server host ' +
    'port issuer audience audiences audience method methods kind namespace format hint stdin timeout duration required rotation user ' +
    'username email usages mount mounts projection revision selector store engine strategy scheme realm plugin url uri domain ' +
    'database source env db'
  ).split(' '),
);

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Longer than any real name: not looked into, and taken for one of a secret. */
const LONGEST_NAME = 256;

/** True for a name whose value is a secret: DB_PASSWORD, JWT, stripe.sk, clientSecret, x-api-key; not secretName, TOKEN_URL. */
export function isSecretName(name: string): boolean {
  if (name.length > LONGEST_NAME) return true;
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ONLY_ABOUT.has(last)) return false;
  return words.some((word) => SECRET_WORDS.has(word)) || RUN_TOGETHER.test(words.join(''));
}

const TELLING =
  /passw(?:or)?d|passwd|passphrase|secret|token|apikey|credential|accesskey|privatekey|clientkey|authorization|accountkey|sharedkey|connectionstring/;

/** True for a name that tells of a secret wherever it stands, in prose and logs too: not key, auth or pin. */
export function isTellingName(name: string): boolean {
  return isSecretName(name) && (TELLING.test(wordsOf(name).join('')) || name === name.toUpperCase());
}

/** A value that says whether, not what: nobody's secret. */
export function isNoSecret(value: string): boolean {
  return /^(?:|true|false|yes|no|on|off|null|none|~|\*{3})$/i.test(value.trim());
}
