// What is cut out of a command, of what was measured of it, and of the words of people and peers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import { NO_SECRETS } from '../model/understanding.ts';
import { maskCommand, maskRadius, maskText } from './mask.ts';

/** Each «…» is a secret. */
const MASKED: readonly string[] = [
  'the log says password=«hunter2» and user=ana',
  'DB_PASSWORD=«hunter2» was set, DB_HOST=db',
  'MYSQL_ROOT_PW=«hunter2» JWT=«swordfish»',
  "error: password='«hunter 2»' is wrong",
  'the body was {"user":"a","password":"«hunter2»","mode":"fast"}',
  'the body was "{\\"password\\":\\"«hunter2»\\"}"',
  'password: «hunter2»',
  'db.password: «hunter2» (from values.yaml)',
  'client_secret: "«hunter2»"',
  'Authorization: Bearer «hunter2hunter2»',
  'sent with Bearer «abcdef.ghijkl»',
  'header X-Api-Key: «hunter2»',
  'PRIVATE-TOKEN: «hunter2»',
  'key «AKIAIOSFODNN7EXAMPLE» was used',
  'dial postgres://app:«hunter2»@db/shop: refused',
  'dial amqp://app:«hun@ter/2»@mq:5672: refused',
  'cloned https://«ghx0123456789»@github.com/acme/web',
  'token «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln» expired',
  'push with «ghp_0123456789abcdefghijABCDEFGHIJ0123» failed',
  'chat «xoxb-0123456789-abcdef» is gone',
  '«-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----» was found',
  '«-----BEGIN OPENSSH PRIVATE KEY-----\nabc»',
  'we ran mysql -uroot -p«hunter2» shop',
  'we ran sshpass -p «hunter2» ssh host',
  'we ran redis-cli -a «hunter2» ping',
  'we ran curl -u ana:«hunter2» https://x.example',
  'we ran tool --api-key «hunter2» --level info',
  'we ran tool --client-secret=«hunter2»',
  "create user a identified by '«hunter2»'",
  "alter role a password '«hunter2»'",
  'GET https://x.example/?access_token=«hunter2»&mode=fast',
  'https://hooks.slack.com/services/«T0/B0/x0y1z2» answered 404',
  'AccountName=a;AccountKey=«hunter2==»;EndpointSuffix=x',
];

/** What an answer must still say. */
const SHOWN: readonly string[] = [
  'secrets "db" is forbidden: User "system:serviceaccount:shop:web" cannot get resource "secrets"',
  'deployments.apps shop/token-service was not found',
  'unknown flag: --frce',
  'kubectl rollout restart deployment/auth -n shop',
  'the image registry.example:5000/auth/token@sha256:0123456789abcdef cannot be pulled',
  'Secret "db-password" not found',
  'it is awaiting-approval',
  'label auth=enabled, key=value, tier=private',
  'PASSWORD_FILE=/run/secrets/db TOKEN_URL=https://id.example/token AUTH_ENABLED=true',
  'see https://shop.example:8443/a?b=c and ssh://git@host/x',
  'the token expired; the password was rotated yesterday',
  '--from-file=password=./password.txt',
  'sha256:4b825dc642cb6eb9a060e54bf8d69288fbee4904e54bf8d69288fbee4904aaaa',
  '2026-11-26T12:00:00.000Z p-1f2e3d INC-4711 12:0123abcd',
];

const withoutMarks = (row: string): string => row.replaceAll(/[«»]/g, '');

describe('words of people and peers', () => {
  for (const row of MASKED)
    test(row, () => assert.equal(maskText(withoutMarks(row)), row.replaceAll(/«[^»]*»/g, '***')));
  for (const text of SHOWN) test(`shown as it stands: ${text}`, () => assert.equal(maskText(text), text));

  test('masking twice is masking once', () => {
    for (const row of MASKED) assert.equal(maskText(maskText(withoutMarks(row))), maskText(withoutMarks(row)), row);
  });

  test('any text has an answer', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => assert.equal(typeof maskText(text), 'string')));
  });

  test('64 KiB of the worst is read in one go', () => {
    const units = [
      ...[
        "'",
        '"\\',
        'a=',
        '{"',
        'eyJaaaaaaaa-',
        'a.b:',
        'x://',
        'x://a:',
        'https://',
        '-p',
        '--a ',
        'token',
        'mysql ',
        'curl ',
      ],
      ...[
        '-----BEGIN PRIVATE KEY-----',
        '"password":',
        'password: ',
        'identified by ',
        'Bearer ',
        'AKIA',
        'Cookie:',
        '\\"a\\":',
      ],
    ];
    for (const unit of units) assert.equal(typeof maskText(unit.repeat(Math.ceil(65536 / unit.length))), 'string');
  });
});

const COMMAND = 'kubectl create secret generic db --from-literal=a=hunter2';
const COMMANDED = { command: COMMAND, secretSpans: [{ from: COMMAND.length - 7, to: COMMAND.length }] };

const radius = (change: Partial<BlastRadius>): BlastRadius => ({
  score: 10,
  tier: 'human',
  action: 'create',
  executable: false,
  refusals: [],
  hardRule: null,
  dryRun: false,
  evidence: 'none',
  effects: [],
  reasons: [],
  ...change,
});

describe('a command and what was measured of it', () => {
  test('the spans are cut, the rest stands', () => {
    assert.equal(maskCommand(COMMANDED), 'kubectl create secret generic db --from-literal=a=***');
    assert.equal(maskCommand({ command: COMMAND, secretSpans: NO_SECRETS }), COMMAND);
  });

  test('texts made from parts of it lose the same secrets, whole, escaped or in pieces', () => {
    const command = 'kubectl x --y=hunter2 --z="quoted \\"secret words\\""';
    const spans = [
      { from: 14, to: 21 },
      { from: 27, to: command.length - 1 },
    ];
    const shown = maskRadius(
      radius({
        refusals: [
          { code: 'bad-flag-value', about: 'invalid argument "hunter2" for "--y" flag' },
          { code: 'usage-error', about: 'no such thing: words' },
          { code: 'shell-syntax', about: null, detail: { kind: 'parts', commands: ['kubectl x --y=hunter2'] } },
        ],
        reasons: [{ code: 'base', points: 1, subject: 'pods shop/hunter2' }],
        hardRule: { code: 'delete-namespace', subject: 'namespaces hunter2' },
      }),
      { command, secretSpans: spans },
    );
    const text = JSON.stringify(shown);
    for (const word of ['hunter2', 'words']) assert.ok(!text.includes(word), text);
    assert.match(text, /invalid argument \\"\*\*\*\\" for \\"--y\\" flag/);
    assert.match(text, /no such thing: \*\*\*/);
    assert.match(text, /kubectl x --y=\*\*\*/);
  });

  test('a secret that the shell puts together from pieces is hidden as a program gets it', () => {
    const command = 'kubectl x --y=ab"hunter2"cd';
    const given = radius({ refusals: [{ code: 'usage-error', about: 'no value abhunter2cd is taken' }] });
    const [refusal] = maskRadius(given, { command, secretSpans: [{ from: 14, to: command.length }] }).refusals;
    assert.equal(refusal?.about, 'no value *** is taken');
  });

  test('a word that is shown of the command stays readable everywhere', () => {
    const command = 'kubectl create secret generic db -n production --from-literal=stage=production';
    const given = radius({
      refusals: [{ code: 'unknown-flag', about: 'unknown flag: --x' }],
      reasons: [{ code: 'base', points: 1, subject: 'secrets production/db' }],
    });
    const spans = [{ from: command.length - 'production'.length, to: command.length }];
    assert.deepEqual(maskRadius(given, { command, secretSpans: spans }), given);
  });

  test('without secrets nothing changes', () => {
    const given = radius({ refusals: [{ code: 'unknown-flag', about: 'unknown flag: --frce' }] });
    assert.deepEqual(maskRadius(given, { command: 'kubectl get pods --frce', secretSpans: NO_SECRETS }), given);
  });

  test('a peer or a proposer may quote a secret that no command has', () => {
    const given = radius({ refusals: [{ code: 'identity-flag', about: '--server=https://a:hunter2@x' }] });
    const [refusal] = maskRadius(given, { command: 'kubectl', secretSpans: NO_SECRETS }).refusals;
    assert.equal(refusal?.about, '--server=https://a:***@x');
  });
});
