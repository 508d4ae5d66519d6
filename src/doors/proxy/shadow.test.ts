// Shadow mode at the proxy: what passes, as whom and how often, what is refused even so, and what is put down.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { judgingHere } from '../../../test/fakes/judging.ts';
import { type OpenedProxy, openProxy } from '../../../test/support/proxy.ts';
import { decodeBody } from '../../adapters/request-body/decode-body.ts';
import { DEFAULT_POLICY_DOCUMENT } from '../../core/blast-radius/default-policy.ts';
import { policyOf } from '../../core/blast-radius/policy.ts';
import type { ShadowVerdict } from '../../core/decision/shadow-verdict.ts';
import type { Gate } from '../../flow/gate.ts';
import { createShadowWrites } from './shadow.ts';

const signal = new AbortController().signal;
const opened: OpenedProxy[] = [];
after(() => Promise.all(opened.map((one) => one.close())));

type Answer = Parameters<typeof openProxy>[0];
const CREATED: Answer = (_, response) => {
  response.writeHead(201, { 'content-type': 'application/json', 'audit-id': 'a-1' });
  response.end('{"kind":"Scale"}');
};

const open = async (more: Partial<Gate> = { observesEverything: true }, answer = CREATED): Promise<OpenedProxy> => {
  const proxy = await openProxy(
    answer,
    (gate, passage) => ({
      shadow: createShadowWrites(gate, {
        send: (request, as, gone) => passage.send(request, as, gone),
        decode: decodeBody,
      }),
    }),
    { judging: judgingHere(), ...more },
  );
  opened.push(proxy);
  return proxy;
};

/** What was put down; it is, just after the answer. */
const recorded = async ({ gate }: OpenedProxy, count = 1): Promise<readonly ShadowVerdict[]> => {
  for (;;) {
    const { verdicts } = await gate.store.shadow.page({ limit: 9, before: null }, signal);
    if (verdicts.length >= count) return verdicts;
    await new Promise((done) => setImmediate(done));
  }
};

const SCALE = '/apis/apps/v1/namespaces/production/deployments/web/scale';
const JSON_PATCH = { 'content-type': 'application/merge-patch+json' };
const patch = (proxy: OpenedProxy, path = SCALE, send = '{"spec":{"replicas":5}}') =>
  proxy.ask('healer', 'PATCH', path, { headers: JSON_PATCH, send });

test('a write reaches the API server once, as the agent, with the bytes that were sent, and its answer comes back', async () => {
  const proxy = await open();
  const { status, text, headers } = await patch(proxy, `${SCALE}?fieldManager=kubectl`);
  assert.deepEqual([status, text, headers['audit-id']], [201, '{"kind":"Scale"}', 'a-1']);
  assert.equal(proxy.heard.length, 1);
  const [heard] = proxy.heard;
  assert.deepEqual(
    [heard?.method, heard?.url, heard?.body, heard?.headers['impersonate-user'], heard?.headers['impersonate-group']],
    ['PATCH', `${SCALE}?fieldManager=kubectl`, '{"spec":{"replicas":5}}', 'blastgate:agent:healer', 'blastgate:agents'],
  );
  const [verdict] = await recorded(proxy);
  assert.deepEqual(
    [verdict?.action, verdict?.tier, verdict?.leadsTo, verdict?.whom, verdict?.became, verdict?.code, verdict?.path],
    ['scale', 'human', 'awaiting-approval', ['ben', 'cho', 'dee'], 'passed', 201, `${SCALE}?fieldManager=kubectl`],
  );
  assert.match(verdict?.incident ?? '', /^adhoc-healer-\d{8}$/);
});

test('whom the rules of approval ask for is put down, not everybody who may approve', async () => {
  const rules = [{ namespaces: ['production'], needed: 1, from: [{ team: 'payments', atLeast: 1 }] }] as const;
  const proxy = await open({
    observesEverything: true,
    policy: policyOf({ ...DEFAULT_POLICY_DOCUMENT, approvals: rules }, null),
  });
  const everybody = proxy.gate.people();
  Object.assign(proxy.gate, {
    people: () => ({ ...everybody, teams: [{ id: 'payments', people: ['ana', 'cho'] }] }),
  });
  await patch(proxy);
  const [verdict] = await recorded(proxy);
  assert.deepEqual([verdict?.tier, verdict?.approvals, verdict?.whom], ['human', 1, ['cho']]);
});

test('what the API server refuses is answered as it is, and put down', async () => {
  const proxy = await open({ observesEverything: true }, (_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"kind":"Status","code":403}');
  });
  const { status, text } = await patch(proxy);
  assert.deepEqual([status, text], [403, '{"kind":"Status","code":403}']);
  assert.equal((await recorded(proxy))[0]?.code, 403);
});

test('what a person sends is decided, as ever', async () => {
  const proxy = await open();
  const { people } = proxy.gate;
  const propose = ({ id }: { readonly id: string }) => (id === 'ana' ? (['read', 'propose', 'approve'] as const) : []);
  const everybody = people();
  Object.assign(proxy.gate, {
    people: () => ({ ...everybody, people: everybody.people.map((one) => ({ ...one, rights: propose(one) })) }),
  });
  await proxy.ask('ana', 'PATCH', SCALE, { headers: JSON_PATCH, send: '{"spec":{"replicas":5}}' });
  assert.deepEqual(
    proxy.heard.filter((one) => one.method !== 'GET'),
    [],
  );
  const { verdicts } = await proxy.gate.store.shadow.page({ limit: 9, before: null }, signal);
  assert.deepEqual(verdicts, []);
});

describe('refused even so', () => {
  const rows: readonly (readonly [
    what: string,
    method: string,
    path: string,
    send: string | undefined,
    says: RegExp,
  ])[] = [
    ['the deletion of a namespace', 'DELETE', '/api/v1/namespaces/shop', undefined, /hard-rule/],
    ['the deletion of a volume', 'DELETE', '/api/v1/persistentvolumes/pv', undefined, /hard-rule/],
    ['a key that stands twice', 'PATCH', SCALE, '{"spec":{"replicas":1,"replicas":9}}', /unreadable-request/],
    ['a body that is no JSON', 'PATCH', SCALE, '{"spec":', /unreadable-request/],
  ];
  for (const [what, method, path, send, says] of rows)
    test(what, async () => {
      const proxy = await open();
      const { status, text } = await proxy.ask('healer', method, path, {
        headers: JSON_PATCH,
        ...(send === undefined ? {} : { send }),
      });
      assert.equal(status, 403);
      assert.match(text, says);
      assert.deepEqual(
        proxy.heard.filter((one) => one.method !== 'GET'),
        [],
      );
      const [verdict] = await recorded(proxy);
      assert.deepEqual([verdict?.became, verdict?.code], ['refused', null]);
    });

  test('streams, tokens and impersonation, which never are writes to observe', async () => {
    const proxy = await open();
    for (const path of ['pods/web/exec?command=sh', 'serviceaccounts/robot/token'])
      assert.equal((await proxy.ask('healer', 'POST', `/api/v1/namespaces/shop/${path}`, { send: '{}' })).status, 403);
    // A token is left to the gate, which gives none.
    const headers = { ...JSON_PATCH, 'impersonate-user': 'admin' };
    assert.equal((await proxy.ask('healer', 'PATCH', SCALE, { headers, send: '{}' })).status, 403);
    assert.deepEqual(proxy.heard, []);
  });
});

test('who or what is not in shadow is decided as ever', async () => {
  const until = '2999-01-01T00:00:00Z';
  const ruled = (shadow: readonly object[]) =>
    open({ policy: policyOf({ ...DEFAULT_POLICY_DOCUMENT, shadow: shadow as [] }, null) });
  for (const proxy of [
    await open({}),
    await ruled([{ agents: ['other'], until }]),
    await ruled([{ namespaces: ['dev'], until }]),
    await ruled([{ until: '2000-01-01T00:00:00Z' }]),
  ]) {
    const { status, text } = await patch(proxy);
    assert.equal(status, 403);
    assert.match(text, /nobody was asked about this PATCH/);
    assert.deepEqual(proxy.heard, []);
  }
  const observed = await ruled([{ agents: ['healer'], namespaces: ['prod*'], until }]);
  assert.equal((await patch(observed)).status, 201);
});

test('a write that nobody heard of again is not to be sent again, and is put down without an answer', async () => {
  const proxy = await open({ observesEverything: true }, (_, response) => void response.destroy());
  const { status, headers, text } = await patch(proxy);
  assert.deepEqual([status, headers['retry-after']], [504, undefined]);
  assert.match(text, /may have arrived/);
  assert.equal(proxy.heard.length, 1);
  assert.deepEqual(
    (await recorded(proxy)).map(({ became, code }) => [became, code]),
    [['passed', null]],
  );
});

test('a store that fails lets the write pass, and the log says what is not put down', async () => {
  const proxy = await open();
  proxy.gate.store.shadow.append = () => Promise.reject(new Error('the disk is full'));
  assert.equal((await patch(proxy)).status, 201);
  assert.ok(proxy.log.lines.some(({ event }) => event === 'shadow_not_recorded'));
});

test('the answer of a write of a Secret is without its data, whatever the client asks for', async () => {
  const secret = { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'db' }, data: { password: 'aHVudGVyMg==' } };
  const path = '/api/v1/namespaces/shop/secrets/db';
  for (const [body, status, shown] of [
    [secret, 200, /"name":"db"/],
    [{ kind: 'SecretList', items: [secret] }, 200, /"status":"Success"/],
    [{ kind: 'Status', code: 404, message: 'not found' }, 404, /not found/],
    [secret, 409, /has refused it|"name":"db"/],
  ] as const) {
    const proxy = await open({ observesEverything: true }, (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    const headers = { ...JSON_PATCH, accept: 'application/vnd.kubernetes.protobuf' };
    const said = await proxy.ask('healer', 'PATCH', path, { headers, send: '{"metadata":{"labels":{"a":"b"}}}' });
    assert.equal(said.status, status);
    assert.match(said.text, shown);
    assert.doesNotMatch(said.text, /aHVudGVyMg/);
    assert.equal(proxy.heard.at(-1)?.headers.accept, 'application/json');
    assert.equal((await recorded(proxy))[0]?.code, status);
  }
});
