import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maskOutput, secretAskedFor } from './mask-output.ts';

/** [argv, the secret that it asks for]; null: none, and its output is read. */
const ASKED: readonly (readonly [argv: readonly string[], name: string | null])[] = [
  [['ls', '-l', '/run/secrets'], null],
  [['ps', 'aux'], null],
  [['cat', '/etc/hosts'], null],
  [['env'], null],
  [['curl', '-s', 'http://localhost/healthz'], null],
  [['psql', '-c', 'select count(*) from orders'], null],
  [['redis-cli', 'dbsize'], null],
  [['printenv', 'DB_PASSWORD'], 'DB_PASSWORD'],
  [['printenv', 'STRIPE_KEY'], 'STRIPE_KEY'],
  [['/usr/bin/printenv', 'MODE'], null],
  [['cat', '/run/secrets/db'], '/run/secrets/db'],
  [
    ['cat', '/var/run/secrets/kubernetes.io/serviceaccount/token'],
    '/var/run/secrets/kubernetes.io/serviceaccount/token',
  ],
  [['head', '-1', '/app/private.key'], '/app/private.key'],
  [['sh', '-c', 'echo $DB_PASSWORD'], 'DB_PASSWORD'],
  [['sh', '-c', `echo "${'$'}{API_TOKEN}" | wc -c`], 'API_TOKEN'],
  [['sh', '-c', 'cd /app && cat secrets.json'], 'secrets.json'],
  [['psql', '-c', 'select password from users'], 'password'],
  [['python', '-c', 'print(open("/etc/secrets/db").read())'], '/etc/secrets/db'],
];

describe('what a program printed', () => {
  for (const [argv, name] of ASKED)
    test(`${argv.join(' ')}: ${name ?? 'no secret is asked for'}`, () => {
      assert.equal(secretAskedFor(argv), name);
      assert.equal(maskOutput('plain words\n', argv), name === null ? 'plain words\n' : '***');
      assert.equal(maskOutput('', argv), '');
    });

  for (const [text, shown] of [
    ['DB_PASSWORD=hunter2\nMODE=slow\n', 'DB_PASSWORD=***\nMODE=slow\n'],
    ['postgres://app:hunter2@db/shop\n', 'postgres://app:***@db/shop\n'],
    ['{"token": "abcdef123456"}', '{"token": "***"}'],
    ['client_secret: "abc def"\n', 'client_secret: "***"\n'],
    ['-----BEGIN PRIVATE KEY-----\nMIIB\n', '***'],
  ] as const)
    test(`${JSON.stringify(text)} is shown without its secret`, () => {
      assert.equal(maskOutput(text, ['cat', '/etc/app.conf']), shown);
    });
});
