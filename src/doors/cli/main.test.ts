import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ranCli } from '../../../test/support/run-cli.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { fieldText } from '../json-field.ts';

const blastgate = ranCli;

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-cli-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const score = (line: string, ...options: string[]) =>
  blastgate(['score', '-o', 'json', ...options, '--', ...line.split(' ')]);

const EXITS: readonly (readonly [line: string, code: number])[] = [
  ['kubectl get pods', 0],
  ['kubectl', 0],
  ['kubectl delete pod web-0 -n shop', 0],
  ['kubectl delete pod web-0 -n shop --context=other', 10],
  ['kubectl get pods --context=other', 10],
  ['kubectl scale deploy/web --replicas=0 -n shop', 10],
  ['kubectl delete deployment web -n production', 20],
  ['kubectl delete ns shop', 30],
  ['kubectl delet pod x', 10],
  ['helm uninstall web', 20],
];
for (const [line, code] of EXITS) {
  test(`score exits ${code} for ${line}`, async () => assert.equal((await score(line)).code, code));
}

test('the answer has the pinned keys and reasons that add up', async () => {
  const { out } = await score('kubectl delete deployment web -n production');
  const answer = JSON.parse(out) as JsonObject;
  assert.deepEqual(Object.keys(answer), [
    'score',
    'tier',
    'action',
    'command',
    'executable',
    'runnable',
    'refusals',
    'hardRule',
    'dryRun',
    'evidence',
    'effects',
    'reasons',
  ]);
  assert.deepEqual(answer['effects'], [
    {
      verb: 'delete',
      group: 'apps',
      resource: 'deployments',
      subresource: null,
      namespace: 'production',
      name: 'web',
      selector: null,
    },
  ]);
  const reasons = answer['reasons'] as readonly JsonObject[];
  assert.deepEqual(
    reasons.map(({ code, points }) => [code, points]),
    [
      ['base', 40],
      ['weight', 5],
      ['multiplier', 23],
    ],
  );
});

test('--command and the argv behind -- say the same', async () => {
  for (const line of [
    'kubectl delete pod a -n prod',
    'kubectl get pods -A',
    'kubectl set image deploy/web web=web:2',
  ]) {
    assert.deepEqual(await blastgate(['score', '-o', 'json', '--command', line]), await score(line));
  }
});

test('-n is the namespace of a command that names none', async () => {
  const answer = JSON.parse((await score('kubectl delete pod a', '-n', 'kube-system')).out) as JsonObject;
  assert.equal(answer['tier'], 'human');
});

test('--stdin answers every line, an empty one included, and an argv written as JSON', async () => {
  const lines = [
    'kubectl get pods',
    '',
    '["kubectl","delete","pod","a b"]',
    'kubectl delete ns x; echo done',
    '[ -f x ] && kubectl get pods',
    '{"not": "an argv"}',
  ];
  const { code, out } = await blastgate(['score', '--stdin'], { lines });
  assert.equal(code, 0);
  const answers = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject);
  assert.equal(answers.length, lines.length);
  assert.deepEqual(answers.map(({ tier }) => tier).slice(0, 4), ['auto', 'human', 'human', 'blocked']);
});

test('a request to the API is judged from a line and from a file', async () => {
  const request = { method: 'DELETE', path: '/api/v1/namespaces/shop', query: { propagationPolicy: 'Foreground' } };
  const file = join(mkdtempSync(join(tmpdir(), 'request-')), 'request.json');
  for (const written of [request, { request }]) {
    writeFileSync(file, JSON.stringify(written));
    const one = await blastgate(['score', '-o', 'json', '--request', file]);
    const { out } = await blastgate(['score', '--stdin'], { lines: [JSON.stringify(written)] });
    assert.equal(one.code, 30);
    assert.deepEqual(JSON.parse(one.out), JSON.parse(out));
    const answer = JSON.parse(out) as JsonObject;
    assert.equal(answer['command'], 'DELETE /api/v1/namespaces/shop?propagationPolicy=Foreground');
    assert.deepEqual(answer['hardRule'] !== null, true);
  }
});

test("the proposer's words cannot steer a terminal", async () => {
  const { out } = await blastgate(['score', '--', 'kubectl', 'delete', 'pod', 'a\u001b[2Jb\u202ec\r\nd']);
  assert.doesNotMatch(out.replaceAll('\n', ''), /\p{C}/u);
});

const WRONG: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
  [['scroe'], /Did you mean "score"/],
  [['score', '--no-such-flag'], /there is no option --no-such-flag/],
  [['score', '--comand', 'x'], /did you mean --command/],
  [['score'], /write it behind --/],
  [['score', 'kubectl', 'get'], /behind --/],
  [['score', '-o', 'yaml', '--', 'kubectl'], /text or json/],
  [['score', '--command', 'kubectl', '--', 'kubectl'], /give one command/],
  [['score', '--request', 'nosuch.json'], /cannot be read as JSON/],
  [['score', '--request', 'package.json'], /holds no request/],
  [['score', '--request', 'package.json', '--', 'kubectl'], /give one command/],
  [['score', '--stdin', '--', 'kubectl'], /takes no other command/],
  [['explain', 'hard-rul'], /did you mean "hard-rule"/],
  [['audit'], /list, verify, export or prune/],
  [['policy', 'check'], /name one policy file/],
  [['completion', 'csh'], /bash, zsh or fish/],
  [['propose', '--', 'kubectl', 'get', 'pods'], /--incident is missing/],
  [['reject', 'INC-1'], /--reason is missing/],
  [['serve', 'now'], /takes no arguments/],
  [['list', 'INC-1'], /takes no arguments/],
  [['outcomes', 'INC-1'], /takes no arguments/],
];
for (const [argv, says] of WRONG) {
  test(`our own wrong usage exits 2: ${argv.join(' ')}`, async () => {
    const { code, out, err } = await blastgate(argv);
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, says);
  });
}

test('a policy that cannot be used ends with every line and column', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, 'version: 1\ntiers: { auto: 20, human: 50, dual: 99 }\nfloors: {}\n');
    const { code, out, err } = await blastgate(['score', '--policy', file, '--', 'kubectl', 'get', 'pods']);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /policy\.yaml:2:\d+: /);
    assert.match(err, /policy\.yaml:3:\d+: /);
  });
});

test('policy check says how writes are watched, and when the gate stops itself', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'policy.yaml');
    const verify = `verify:
  production:
    windowSeconds: 300
    checks:
      - { http: "https://shop.example/healthz", status: 200 }
`;
    const text = readFileSync(join(import.meta.dirname, '../../../policy/default.yaml'), 'utf8');
    writeFileSync(file, text.replace('verify: {}\n', verify).replace('writesAtOnce: 4', 'writesAtOnce: 2'));
    const { code, out } = await blastgate(['policy', 'check', file]);
    assert.deepEqual(out.split('\n').slice(1), [
      'breaker: 3 failures within 30 minutes',
      'writesAtOnce: 2',
      'verify: production: window 300 s, http https://shop.example/healthz 200',
      '',
    ]);
    assert.equal(code, 0);
  });
});

test('a missing policy, database or token is said with its remedy', async () => {
  await inFolder(async (folder) => {
    assert.match((await blastgate(['policy', 'check', join(folder, 'none.yaml')])).err, /cannot be read/);
    assert.match((await blastgate(['audit', 'verify'], { env: { BLASTGATE_DATA: folder } })).err, /BLASTGATE_DATA/);
    for (const words of [
      ['check', folder],
      ['copy', folder, 'configured'],
    ]) {
      const { code, err } = await blastgate(['store', ...words], { env: { BLASTGATE_DATA: join(folder, 'other') } });
      assert.equal(code, 1);
      assert.match(err, /there is no database in \S+: give the data folder of a gate, or the address of a database/);
      assert.doesNotMatch(err, /BLASTGATE_DATA/);
    }
    const configured = await blastgate(['store', 'check'], { env: { BLASTGATE_DATA: folder } });
    assert.match(configured.err, /BLASTGATE_DATA/);
    assert.match((await blastgate(['list'])).err, /BLASTGATE_TOKEN is not set/);
    const nobody = await blastgate(['list'], { env: { BLASTGATE_TOKEN: 'x', BLASTGATE_URL: 'http://127.0.0.1:1' } });
    assert.match(nobody.err, /no gate answers/);
    assert.equal(nobody.code, 1);
  });
});

test('serve names every setting that is wrong before it touches anything', async () => {
  const { code, err } = await blastgate(['serve'], { env: { AIOPS_P5_GITOPS_PR: 'maybe', GITEA_API_TOKEN: 'x' } });
  assert.equal(code, 1);
  assert.match(err, /AIOPS_P5_GITOPS_PR is "maybe"/);
  assert.match(err, /GITEA_API_URL, GITEA_REPO_OWNER, GITEA_REPO_NAME are missing/);
});

test('a token comes with the hash that people.yaml keeps, each time another', async () => {
  const [a, b] = [
    JSON.parse((await blastgate(['token', '-o', 'json'])).out),
    JSON.parse((await blastgate(['token', '-o', 'json'])).out),
  ] as readonly JsonObject[];
  assert.notEqual(a?.['token'], b?.['token']);
  assert.match(fieldText(a?.['hash']), /^sha256:[0-9a-f]{64}$/);
});

test('manifests named with -f are read by the client and judged object by object', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'web.yaml');
    writeFileSync(
      file,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: dev }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
    );
    const blocked = JSON.parse(
      (await blastgate(['score', '-o', 'json', '--', 'kubectl', 'delete', '-f', file])).out,
    ) as JsonObject;
    assert.equal(blocked['tier'], 'blocked');
    assert.equal((blocked['effects'] as readonly unknown[]).length, 2);
    const unseen = JSON.parse(
      (await blastgate(['score', '-o', 'json', '--', 'kubectl', 'apply', '-f', join(folder, 'none.yaml')])).out,
    ) as JsonObject;
    assert.equal(unseen['executable'], false);
  });
});

test('evaluate seals: same input, same digest; other input, another', async () => {
  const argv = [
    'evaluate',
    '-o',
    'json',
    '--incident',
    'INC-1',
    '--',
    'kubectl',
    'scale',
    'deploy/web',
    '--replicas=2',
  ];
  const digestOf = async (words: readonly string[]) =>
    (JSON.parse((await blastgate(words)).out) as JsonObject)['digest'];
  assert.equal(await digestOf(argv), await digestOf(argv));
  assert.notEqual(await digestOf(argv), await digestOf([...argv.slice(0, -1), '--replicas=3']));
  assert.notEqual(await digestOf(argv), await digestOf(argv.map((word) => (word === 'INC-1' ? 'INC-2' : word))));
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`completion for ${shell} knows every command`, async () => {
    const { out } = await blastgate(['completion', shell]);
    for (const word of ['score', 'evaluate', 'propose', 'approve', 'serve', 'doctor', 'namespace'])
      assert.match(out, new RegExp(word));
  });
}

test('--help of a command prints its usage and does nothing; behind -- it is the word of the command judged', async () => {
  for (const name of ['serve', 'doctor', 'pause', 'score']) {
    for (const word of ['--help', '-h']) {
      const { code, out, err } = await blastgate([name, word]);
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, new RegExp(`\nusage\n  blastgate ${name}`));
    }
  }
  assert.match((await score('kubectl delete ns x --help')).out, /"action": "none"/);
});

test('a body nested deeper than any object is judged like any other, and the lines behind it too', async () => {
  const deep = `kubectl patch deploy x -p '${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}'`;
  const { code, out, err } = await blastgate(['score', '-o', 'json', '--command', deep]);
  assert.equal(err, '');
  assert.equal(code, 20);
  assert.equal((JSON.parse(out) as JsonObject)['command'], "kubectl patch deploy x -p '***'");
  const many = await blastgate(['score', '--stdin'], { lines: [deep, 'kubectl get pods'] });
  assert.equal(many.out.trimEnd().split('\n').length, 2);
});

test('explain says every meaning of a code, in the language of BLASTGATE_LANG; without a code it lists them by kind', async () => {
  const both = await blastgate(['explain', 'not-found', '-o', 'json']);
  const kinds = (JSON.parse(both.out) as readonly JsonObject[]).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['refusal', 'no rollback']);
  const chinese = await blastgate(['explain', 'not-found'], { env: { BLASTGATE_LANG: 'zh-TW' } });
  assert.match(chinese.out, /^not-found \(拒絕受理\)\n {2}物件不存在。\n {2}處理方式：/);
  assert.match(
    (await blastgate(['explain', 'delete-namespace'])).out,
    /\(hard rule\)\n.*No policy can lower this rule\.\n$/,
  );
  assert.match((await blastgate(['explain', 'delete-crd'])).out, /A policy may lower this rule/);
  const list = await blastgate(['explain']);
  const titles = list.out.split('\n').filter((line) => /^\S/.test(line));
  assert.deepEqual(titles, [
    'refusal',
    'hard rule',
    'reason',
    'constraint',
    'no rollback',
    'state',
    'verdict',
    'HTTP problem',
  ]);
  assert.match(list.out, /\n {2}rolled-back +Nothing more happens: it was rolled back/);
});

test('a language that there is none of is said, and English is used', async () => {
  const { code, out, err } = await blastgate(['explain', 'hard-rule'], { env: { BLASTGATE_LANG: 'fr' } });
  assert.equal(code, 0);
  assert.equal(err, 'warning: BLASTGATE_LANG is "fr"; the languages are en and zh-TW. English is used.\n');
  assert.match(out, /A hard rule blocks this/);
  for (const language of ['en', 'zh-TW', ''])
    assert.equal((await blastgate(['explain', 'hard-rule'], { env: { BLASTGATE_LANG: language } })).err, '');
});

test('a test of no golden cases fails, and says so', async () => {
  await inFolder(async (folder) => {
    const { code, out, err } = await blastgate(['policy', 'test', folder]);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /there is no golden case in /);
  });
});

test('every format of evaluate is named to whoever asks for another', async () => {
  const { code, err } = await blastgate(['evaluate', '-o', 'yaml', '--', 'kubectl', 'get', 'pods']);
  assert.equal(code, 2);
  assert.match(err, /use text, json, dot or mermaid/);
});

test('a score is told in the language of BLASTGATE_LANG', async () => {
  const { out } = await blastgate(['score', '--', 'kubectl', 'delete', 'ns', 'x'], {
    env: { BLASTGATE_LANG: 'zh-TW' },
  });
  assert.match(out, / {2}硬性規則 {4}delete-namespace: 刪除 Namespace 會刪除其中的一切（namespaces x）。\n/);
  assert.match(out, / {2}可否執行 {4}否，hard-rule: /);
});
