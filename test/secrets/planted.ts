// Commands and manifests with one random secret planted in a place that the API or a known client calls secret.
import fc from 'fast-check';
import { HIDDEN } from './hidden.ts';

/** A command or a body of a request, and the secret in it. */
export interface Planted {
  readonly line: string;
  readonly secret: string;
}

/** No word of any command, and nothing that a shape alone would find. */
export const secrets = fc
  .tuple(fc.stringMatching(/^[a-hj-z]{3}$/), fc.stringMatching(/^[a-z0-9]{9,18}$/))
  .map(([head, tail]) => `${head}Q7${tail}`);

/** Every place of the table that the word hunter2 stands in. */
const PLACES: readonly string[] = Object.values(HIDDEN)
  .flat()
  .filter((row) => row.includes('hunter2'))
  .map((row) => row.replaceAll(/[«»]/g, ''));

const inTable = fc
  .tuple(fc.constantFrom(...PLACES), secrets)
  .map(([place, secret]): Planted => ({ line: place.replaceAll('hunter2', secret), secret }));

/** A value of YAML or JSON, in one of the ways to write it. */
type Value = string | { readonly [key: string]: Value } | readonly Value[];

/** How a document is written. */
type Style = 'json' | 'indented json' | 'flow' | 'block' | 'quoted block';

const word = (text: string, style: Style): string => {
  if (style === 'json' || style === 'indented json') return JSON.stringify(text);
  return style === 'quoted block' || /[^\w./-]/.test(text) ? `"${text}"` : text;
};

const written = (value: Value, style: Style, indent = ''): string => {
  if (typeof value === 'string') return word(value, style);
  if (style === 'json') return JSON.stringify(value);
  if (style === 'indented json') return JSON.stringify(value, null, 2);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item) => written(item, style, inner));
    return style === 'flow'
      ? `[${items.join(', ')}]`
      : items.map((item) => `\n${indent}- ${item.replace(/^\n\s*/, '')}`).join('');
  }
  const pairs = Object.entries(value as { readonly [key: string]: Value });
  if (style === 'flow')
    return `{${pairs.map(([key, one]) => `${word(key, style)}: ${written(one, style)}`).join(', ')}}`;
  return pairs
    .map(([key, one], at) => {
      const text = written(one, style, inner);
      const begin = at === 0 && indent === '' ? '' : `\n${indent}`;
      return `${begin}${word(key, style)}:${text.startsWith('\n') ? text : ` ${text}`}`;
    })
    .join('');
};

/** Documents with one place for a secret. */
const DOCUMENTS: readonly ((secret: string) => Value)[] = [
  (secret) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { a: secret, b: 'x' } }),
  (secret) => ({ apiVersion: 'v1', data: { user: 'app', deep: secret }, kind: 'Secret' }),
  (secret) => ({ apiVersion: 'v1', kind: 'List', items: [{ kind: 'Secret', data: { a: secret } }] }),
  (secret) => ({ kind: 'Pod', spec: { containers: [{ name: 'a', env: [{ name: 'DB_PASSWORD', value: secret }] }] } }),
  (secret) => ({ kind: 'Pod', spec: { containers: [{ name: 'a', env: [{ name: 'JWT', value: secret }] }] } }),
  (secret) => ({ kind: 'Pod', spec: { initContainers: [{ command: ['mysql', `-p${secret}`, 'shop'] }] } }),
  (secret) => ({ kind: 'Pod', spec: { containers: [{ command: ['sh', '-c', `redis-cli -a ${secret} ping`] }] } }),
  (secret) => ({
    kind: 'Job',
    spec: { template: { spec: { containers: [{ image: 'x', args: ['--token', secret] }] } } },
  }),
  (secret) => ({ kind: 'ConfigMap', data: { db_password: secret, mode: 'fast' } }),
  (secret) => ({ kind: 'ConfigMap', data: { url: `postgres://app:${secret}@db/shop` } }),
  (secret) => ({ kind: 'Config', users: [{ name: 'ana', user: { token: secret } }] }),
  (secret) => ({ kind: 'Config', users: [{ name: 'ana', user: { 'client-key-data': secret } }] }),
  (secret) => ({ kind: 'Database', spec: { engine: 'pg', credentials: { username: 'app', password: secret } } }),
  (secret) => ({
    kind: 'Pod',
    spec: { containers: [{ livenessProbe: { httpGet: { httpHeaders: [{ name: 'X-Token', value: secret }] } } }] },
  }),
];

/** Ways to give a document to kubectl. */
const CARRIERS: readonly ((text: string) => string)[] = [
  (text) => `kubectl apply -f - <<EOF\n${text}\nEOF`,
  (text) => `kubectl create -n shop -f - <<'EOF'\n# made by hand\n${text}\nEOF`,
  (text) => `cat <<EOF | kubectl apply -f -\n${text}\nEOF`,
  (text) => `echo '${text}' | kubectl replace -f -`,
  (text) => `kubectl apply -f - <<< '${text}'`,
  (text) => `kubectl apply -f - <<EOF\nkind: ConfigMap\n---\n${text}\nEOF`,
  (text) => `kubectl patch deploy web --type=merge -p '${text}'`,
  (text) => `kubectl run x --image=a --overrides='${text}'`,
  (text) => `bash -c "kubectl apply -f - <<EOF\n${text.replaceAll('"', '\\"')}\nEOF\n"`,
];

const STYLES: readonly Style[] = ['json', 'indented json', 'flow', 'block', 'quoted block'];

const inDocument = fc
  .tuple(fc.constantFrom(...DOCUMENTS), fc.constantFrom(...STYLES), fc.constantFrom(...CARRIERS), secrets)
  .map(([document, style, carrier, secret]): Planted => ({ line: carrier(written(document(secret), style)), secret }));

/** What may stand around a command. */
const SURROUNDINGS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => `kubectl get pods -n shop; ${line}`,
  (line) => `if true; then\n${line}\nfi`,
  (line) => `( ${line}\n)`,
  (line) => `for i in 1 2; do\n${line}\ndone`,
];

/** A line with a secret in it, wherever. */
export const planted: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.oneof({ arbitrary: inTable, weight: 2 }, { arbitrary: inDocument, weight: 3 }),
    fc.constantFrom(...SURROUNDINGS),
  )
  .map(([{ line, secret }, around]) => ({ line: around(line), secret }));

/** Words of people and peers with a secret in them. */
export const spoken: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.constantFrom(
      'the log says password=§ and more',
      'DB_PASSWORD=§ is set',
      'MYSQL_ROOT_PW=§',
      'it was sent with Authorization: Bearer §',
      'dial postgres://app:§@db/shop: connection refused',
      'admission webhook denied the request: {"password":"§"}',
      'we ran mysql -uroot -p§ shop',
      'curl -u ana:§ https://x.example gave 401',
      'tool --api-key § --level info',
      "create user a identified by '§'",
      'client_secret: §',
      'GET https://x.example/?access_token=§&mode=fast: 403',
      '-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----',
    ),
    secrets,
  )
  .map(([text, secret]) => ({ line: text.replaceAll('§', secret), secret }));
