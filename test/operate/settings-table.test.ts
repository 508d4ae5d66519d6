// The table of settings in docs/operate.md holds every variable that the gate reads, and nothing else; so for which of them may be files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SECRETS } from '../../src/doors/settings/environment.ts';
import { readSettings } from '../../src/doors/settings.ts';

const TEXT = readFileSync('docs/operate.md', 'utf8');
const SETTINGS = TEXT.slice(TEXT.indexOf('## Settings'), TEXT.indexOf('## ', TEXT.indexOf('## Settings') + 3));
const NAME = /`([A-Z][A-Z0-9]*_?[A-Z0-9_]*)`/g;
/** The first cell of each row. */
const inTable = SETTINGS.split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(NAME)].map(([, name]) => name ?? ''));

/** No settings of the gate's own: what a system or a workflow sets around it. */
const SURROUNDINGS = ['XDG_STATE_HOME', 'GITHUB_ACTIONS'];

/** The variables that are read where these are set; some are read only beside another. */
const namesRead = (env: { readonly [name: string]: string }): readonly string[] => {
  const asked = new Set<string>();
  const watched = new Proxy(env, {
    get: (target, name) => {
      asked.add(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  readSettings(watched);
  return [...asked];
};

const read = new Set([
  ...namesRead({}),
  ...namesRead({
    BLASTGATE_PROXY_LISTEN: '127.0.0.1:1',
    TELEGRAM_BOT_TOKEN: '1:x',
    TELEGRAM_CHAT_ID: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  }),
]);

test('every variable that the gate reads has its row, and every row is read', () => {
  const names = [...read].filter((name) => !name.endsWith('_FILE') || name === 'PROMETHEUS_TOKEN_FILE');
  assert.deepEqual(
    names.filter((name) => !SURROUNDINGS.includes(name) && !inTable.includes(name)),
    [],
    'read, and not in the table',
  );
  assert.deepEqual(
    inTable.filter((name) => !read.has(name)),
    [],
    'in the table, and not read',
  );
  assert.equal(new Set(inTable).size, inTable.length, 'a row stands twice');
});

test('a secret, and nothing else, is also read from the file that its _FILE names', () => {
  const asFiles = [...read].filter((name) => name.endsWith('_FILE') && name !== 'PROMETHEUS_TOKEN_FILE');
  // The token of a client is read by client commands.
  const secrets = SECRETS.filter((name) => name !== 'BLASTGATE_TOKEN').map((name) => `${name}_FILE`);
  assert.deepEqual(asFiles.toSorted(), secrets.toSorted());
});
