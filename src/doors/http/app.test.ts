import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { judgingHere } from '../../../test/fakes/judging.ts';
import { CAST, setStage } from '../../../test/support/memory-gate.ts';
import type { People } from '../../core/approval/people.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { Gate } from '../../flow/gate.ts';
import { createRateLimit } from '../../flow/rate-limit.ts';
import { fieldText } from '../json-field.ts';
import { httpApp } from './app.ts';

const hash = (token: string) => `sha256:${createHash('sha256').update(token).digest('hex')}`;

/** Everyone's token is their id. */
const PEOPLE: People = {
  people: CAST.people.map((person) => ({ ...person, tokens: [hash(person.id)] })),
  agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hash('healer')] }],
};

const openDoor = (change: Partial<Gate> | ((gate: Gate) => Gate) = {}) => {
  const stage = setStage();
  const usual: Gate = { ...stage.gate, judging: judgingHere(), people: () => PEOPLE };
  const gate = typeof change === 'function' ? change(usual) : { ...usual, ...change };
  const ending = new AbortController();
  const app = httpApp(gate, {
    version: '1.2.3',
    ready: async () => ({ ok: true }),
    streams: { perToken: 50, inAll: 1000 },
    metrics: async () => 'blastgate_info 1\n',
    ending: ending.signal,
  });
  const call = async (who: string | null, method: string, path: string, body?: Json | string) => {
    const response = await app.request(path, {
      method,
      headers: who === null ? {} : { authorization: `Bearer ${who}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: (text.startsWith('{') ? JSON.parse(text) : { text }) as JsonObject,
    };
  };
  return { stage, gate, app, call, ending };
};

const SCALE = 'kubectl scale deployment web -n dev --replicas=5';
const HUMAN = 'kubectl scale deployment web -n production --replicas=5';

test('health needs no token, everything under /v1 does', async () => {
  const { call } = openDoor();
  assert.equal((await call(null, 'GET', '/healthz')).status, 200);
  assert.equal((await call(null, 'GET', '/readyz')).status, 200);
  assert.equal((await call(null, 'GET', '/v1/openapi.json')).status, 200);
  for (const token of [null, 'nobody', '']) {
    const answer = await call(token, 'GET', '/v1/proposals');
    assert.equal(answer.status, 401);
    assert.equal(answer.type, 'application/problem+json');
    assert.equal(answer.body['code'], 'unauthorized');
  }
});

test('score answers what the command line answers', async () => {
  const { call } = openDoor();
  const { status, body } = await call('eve', 'POST', '/v1/score', {
    argv: ['kubectl', 'delete', 'deployment', 'web', '-n', 'production'],
  });
  assert.equal(status, 200);
  assert.equal(body['score'], 68);
  assert.equal(body['tier'], 'dual');
  assert.equal(body['evidence'], 'none');
});

test('a request to the API is scored as the command that sends it', async () => {
  const { call } = openDoor();
  const path = '/apis/apps/v1/namespaces/production/deployments/web';
  for (const query of [undefined, 'propagationPolicy=Background', { propagationPolicy: ['Background'] }]) {
    const { status, body } = await call('eve', 'POST', '/v1/score', {
      request: { method: 'DELETE', path, ...(query === undefined ? {} : { query }) },
    });
    assert.deepEqual([status, body['score'], body['executable']], [200, 68, true]);
  }
});

test('a proposal waits for one person, takes the vote, and shows both', async () => {
  const { call } = openDoor();
  const proposed = await call('healer', 'POST', '/v1/proposals', {
    command: HUMAN,
    incident: 'INC-1',
    diagnosis: 'too slow',
  });
  assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
  assert.equal(proposed.body['state'], 'awaiting-approval');
  assert.deepEqual(proposed.body['needed'], { approvals: 1, have: 0 });
  const again = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  assert.equal(again.status, 200);
  assert.equal(again.body['id'], proposed.body['id']);
  const voted = await call('ben', 'POST', '/v1/proposals/INC-1/votes', {
    decision: 'approve',
    digest: fieldText(proposed.body['digest']).slice(7, 19),
  });
  assert.equal(voted.status, 200, JSON.stringify(voted.body));
  assert.equal(voted.body['state'], 'approved');
  const votes = voted.body['votes'] as readonly JsonObject[];
  assert.equal(votes[0]?.['person'], 'ben');
  assert.equal(votes[0]?.['channel'], 'http');
  const events = (await call('eve', 'GET', `/v1/proposals/${fieldText(proposed.body['id'])}`)).body[
    'events'
  ] as readonly JsonObject[];
  assert.deepEqual(
    events.map((event) => event['event']),
    ['proposed', 'decided', 'voted'],
  );
});

test('what a door refuses', async () => {
  const { call } = openDoor();
  const open = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const { digest } = open.body;
  const id = fieldText(open.body['id']);
  const vote = { decision: 'approve', digest } as JsonObject;
  const table: readonly (readonly [
    what: string,
    who: string,
    method: string,
    path: string,
    body: Json | string | undefined,
    status: number,
    code: string,
  ])[] = [
    ['a body that is no JSON', 'healer', 'POST', '/v1/proposals', '{', 400, 'bad-request'],
    ['an unknown key', 'eve', 'POST', '/v1/score', { command: SCALE, risk: 'low' }, 400, 'bad-request'],
    ['both argv and command', 'eve', 'POST', '/v1/score', { command: SCALE, argv: ['kubectl'] }, 400, 'bad-request'],
    ['a request that is none', 'eve', 'POST', '/v1/score', { request: { method: 'GET' } }, 400, 'bad-request'],
    [
      'a request with two queries',
      'eve',
      'POST',
      '/v1/score',
      { request: { method: 'GET', path: '/a?b', query: 'c' } },
      400,
      'bad-request',
    ],
    [
      'a request and a command',
      'eve',
      'POST',
      '/v1/score',
      { command: SCALE, request: { method: 'GET', path: '/a' } },
      400,
      'bad-request',
    ],
    ['neither', 'eve', 'POST', '/v1/score', {}, 400, 'bad-request'],
    ['an argv with a number', 'eve', 'POST', '/v1/score', { argv: ['kubectl', 1] }, 400, 'bad-request'],
    ['a proposal without an incident', 'healer', 'POST', '/v1/proposals', { command: SCALE }, 400, 'bad-request'],
    [
      'an incident id that steers a chat',
      'healer',
      'POST',
      '/v1/proposals',
      { command: SCALE, incident: '../x y' },
      422,
      'bad-incident',
    ],
    [
      'a read',
      'healer',
      'POST',
      '/v1/proposals',
      { command: 'kubectl get pods', incident: 'INC-2' },
      422,
      'nothing-to-do',
    ],
    [
      'a dry run',
      'healer',
      'POST',
      '/v1/proposals',
      { command: `${SCALE} --dry-run=server`, incident: 'INC-2' },
      422,
      'nothing-to-do',
    ],
    [
      'what nobody here can carry out',
      'healer',
      'POST',
      '/v1/proposals',
      { command: 'kubectl create token web -n shop', incident: 'INC-2' },
      422,
      'no-executor',
    ],
    [
      'a proposal by one who may only read',
      'eve',
      'POST',
      '/v1/proposals',
      { command: SCALE, incident: 'INC-2' },
      403,
      'no-right',
    ],
    ['a vote by the agent', 'healer', 'POST', `/v1/proposals/${id}/votes`, vote, 403, 'no-right'],
    ["a vote by the agent's owner", 'ana', 'POST', `/v1/proposals/${id}/votes`, vote, 403, 'own-proposal'],
    [
      'a vote on another digest',
      'ben',
      'POST',
      `/v1/proposals/${id}/votes`,
      { decision: 'approve', digest: 'ffffff' },
      409,
      'wrong-digest',
    ],
    [
      'a digest that is none',
      'ben',
      'POST',
      `/v1/proposals/${id}/votes`,
      { decision: 'approve', digest: 'x' },
      400,
      'bad-request',
    ],
    ['a vote on nothing', 'ben', 'POST', '/v1/proposals/p-none/votes', vote, 404, 'no-such-proposal'],
    ['an unknown proposal', 'eve', 'GET', '/v1/proposals/p-none', undefined, 404, 'no-such-proposal'],
    ['an unknown state', 'eve', 'GET', '/v1/proposals?state=open', undefined, 400, 'bad-request'],
    ['a cancellation by another', 'ben', 'DELETE', `/v1/proposals/${id}`, undefined, 403, 'no-right'],
    ['a pause by one who is no admin', 'ben', 'POST', '/v1/pause', {}, 403, 'no-right'],
    ['an address that is none', 'eve', 'GET', '/v1/nothing', undefined, 404, 'not-found-here'],
    ['a method that an address does not take', 'eve', 'PUT', '/v1/proposals', {}, 405, 'method-not-allowed'],
    ['the same with a parameter', 'eve', 'PATCH', `/v1/proposals/${id}`, {}, 405, 'method-not-allowed'],
    ['more than 1 MiB', 'eve', 'POST', '/v1/score', { command: 'x'.repeat(1024 * 1024) }, 413, 'body-too-large'],
  ];
  for (const [what, who, method, path, body, status, code] of table) {
    const answer = await call(who, method, path, body);
    assert.deepEqual(
      [answer.status, answer.body['code'], answer.type],
      [status, code, 'application/problem+json'],
      `${what}: ${JSON.stringify(answer.body)}`,
    );
  }
  assert.equal(
    (await call('ben', 'POST', `/v1/proposals/${id}/votes`, vote)).status,
    200,
    'the open proposal is still open after all that',
  );
});

test('what is answered to a new proposal is what is read of it afterwards, one that takes the place of another too', async () => {
  const { call } = openDoor();
  for (const replicas of [4, 5]) {
    const body = { command: `kubectl scale deployment web -n production --replicas=${replicas}`, incident: 'INC-77' };
    const proposed = await call('healer', 'POST', '/v1/proposals', body);
    assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
    const read = await call('eve', 'GET', `/v1/proposals/${fieldText(proposed.body['id'])}`);
    assert.deepEqual(read.body, proposed.body);
  }
});

test('blocked and refused proposals are stored and say their code', async () => {
  const { call } = openDoor();
  const blocked = await call('healer', 'POST', '/v1/proposals', {
    command: 'kubectl delete ns shop',
    incident: 'INC-1',
  });
  assert.deepEqual([blocked.status, blocked.body['state'], blocked.body['code']], [201, 'blocked', 'hard-rule']);
  const refused = await call('healer', 'POST', '/v1/proposals', {
    command: `${SCALE} --context=other`,
    incident: 'INC-2',
  });
  assert.deepEqual([refused.status, refused.body['state'], refused.body['code']], [201, 'refused', 'identity-flag']);
  const list = (await call('eve', 'GET', '/v1/proposals?state=blocked')).body['proposals'] as readonly JsonObject[];
  assert.equal(list.length, 1);
});

test('the pause switch stops new proposals and nothing else', async () => {
  const { call, stage } = openDoor();
  assert.equal((await call('ana', 'POST', '/v1/pause', {})).status, 200);
  const paused = await call('healer', 'POST', '/v1/proposals', { command: SCALE, incident: 'INC-1' });
  assert.deepEqual([paused.status, paused.body['code']], [409, 'paused']);
  assert.equal((await stage.store.trail.head(stage.never))?.seq, 1, 'an agent that insists does not fill the trail');
  assert.equal((await call('ana', 'POST', '/v1/resume', {})).status, 200);
  assert.equal((await call('healer', 'POST', '/v1/proposals', { command: SCALE, incident: 'INC-1' })).status, 201);
});

/** The same gate by two names: what is asked of the doors is told by the name alone. */
const ofTwo = (gate: Gate): Gate => {
  const named = (clusterName: string): Gate => ({ ...gate, clusterName, clusters });
  const clusters = () => ({ all: [named('eu-1'), named('us-1')], names: ['eu-1', 'us-1'] });
  return named('eu-1');
};

test('a problem is told in the language that is asked for; its code, title and status are the same', async () => {
  const { app } = openDoor();
  const ask = async (path: string, language?: string, body?: string) => {
    const headers = { authorization: 'Bearer ben', ...(language === undefined ? {} : { 'accept-language': language }) };
    const init = body === undefined ? {} : { method: 'POST', body };
    const response = await app.request(path, { headers, ...init });
    const { detail, remedy, ...rest } = (await response.json()) as Record<string, string | null>;
    return {
      detail,
      remedy,
      rest,
      language: response.headers.get('content-language'),
      vary: response.headers.get('vary'),
    };
  };
  for (const [path, body] of [
    ['/v1/proposals/p-99', undefined],
    ['/v1/nowhere', undefined],
    ['/v1/proposals?limit=x', undefined],
    ['/v1/pause', '{}'],
  ] as const) {
    const [english, chinese] = [await ask(path, undefined, body), await ask(path, 'zh-TW,en;q=0.5', body)];
    assert.deepEqual(chinese.rest, english.rest, path);
    assert.match(chinese.detail ?? '', /\p{Script=Han}/u, path);
    assert.match(chinese.remedy ?? '漢', /\p{Script=Han}/u, path);
    assert.doesNotMatch(`${english.detail} ${english.remedy}`, /\p{Script=Han}/u, path);
    assert.deepEqual([english.language, chinese.language], ['en', 'zh-TW']);
    assert.match(chinese.vary ?? '', /accept-language/i);
  }
});

test('pausing and resuming say what is paused by the whole gate, and what by itself', async () => {
  const { call } = openDoor((gate) => ofTwo(gate));
  const ask = async (path: string, body: JsonObject) => (await call('ana', 'POST', `/v1/${path}`, body)).body;
  assert.deepEqual(await ask('pause', { cluster: 'us-1' }), {
    paused: true,
    changed: true,
    gate: false,
    clusters: ['us-1'],
  });
  assert.deepEqual(await ask('pause', {}), { paused: true, changed: true, gate: true, clusters: ['us-1'] });
  assert.deepEqual(await ask('resume', { cluster: 'us-1' }), {
    paused: false,
    changed: true,
    gate: true,
    clusters: [],
  });
  assert.deepEqual(await ask('pause', { cluster: 'us-1' }), {
    paused: true,
    changed: true,
    gate: true,
    clusters: ['us-1'],
  });
  assert.deepEqual(await ask('resume', {}), { paused: false, changed: true, gate: false, clusters: ['us-1'] });
  assert.deepEqual(await ask('resume', {}), { paused: false, changed: false, gate: false, clusters: ['us-1'] });
});

test('the only cluster of a gate stays paused that was paused by its name among several, until the gate is resumed', async () => {
  const { call, stage } = openDoor((gate) => ({ ...gate, clusterName: 'eu-1' }));
  const note = { kind: 'note', at: '2026-01-01T00:00:00Z', what: 'paused', who: null, about: 'failures' } as const;
  await stage.store.controls.setPaused('paused', { ...note, cluster: 'eu-1' }, stage.never);
  const propose = () => call('healer', 'POST', '/v1/proposals', { command: SCALE, incident: 'INC-1' });
  const paused = await propose();
  assert.deepEqual([paused.status, paused.body['code']], [409, 'paused']);
  for (const changed of [true, false])
    assert.deepEqual((await call('ana', 'POST', '/v1/resume', {})).body, {
      paused: false,
      changed,
      gate: false,
      clusters: [],
    });
  assert.equal((await propose()).status, 201);
});

test('what is paused of a cluster that nobody looks after any more is not offered to be resumed', async () => {
  const { call, stage } = openDoor((gate) => ofTwo(gate));
  const note = {
    kind: 'note',
    at: '2026-01-01T00:00:00Z',
    what: 'paused',
    who: 'ana',
    about: 'gone',
    cluster: 'gone',
  } as const;
  await stage.store.controls.setPaused('paused', note, stage.never);
  assert.deepEqual((await call('ana', 'POST', '/v1/resume', {})).body['clusters'], []);
});

test('a list names all clusters where the gate looks after several', async () => {
  assert.deepEqual((await openDoor((gate) => ofTwo(gate)).call('eve', 'GET', '/v1/proposals')).body['clusters'], [
    'eu-1',
    'us-1',
  ]);
  assert.equal('clusters' in (await openDoor().call('eve', 'GET', '/v1/proposals')).body, false);
});

test('the sixty-first proposal of a minute is turned away', async () => {
  const { call } = openDoor();
  for (let i = 0; i < 60; i += 1) {
    const answer = await call('healer', 'POST', '/v1/proposals', { command: 'kubectl get pods', incident: `INC-${i}` });
    assert.equal(answer.body['code'], 'nothing-to-do');
  }
  const over = await call('healer', 'POST', '/v1/proposals', { command: 'kubectl get pods', incident: 'INC-61' });
  assert.deepEqual([over.status, over.body['code']], [429, 'rate-limited']);
});

test('events are streamed and resume behind the one named', async () => {
  const { app, call } = openDoor();
  await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const ending = new AbortController();
  const response = await app.request('/v1/events', {
    headers: { authorization: 'Bearer eve', 'last-event-id': '1' },
    signal: ending.signal,
  });
  assert.match(response.headers.get('content-type') ?? '', /text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('decided')) text += (await reader?.read())?.value ?? assert.fail(text);
  assert.doesNotMatch(text, /event: proposed/);
  assert.match(text, /id: 2/);
  await reader?.cancel();
  ending.abort();
});

test('a number from the future, as after a restored backup, resumes at the head', async () => {
  const { app, call } = openDoor();
  await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const response = await app.request('/v1/events', { headers: { authorization: 'Bearer eve', 'last-event-id': '99' } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.match((await reader?.read())?.value ?? '', /id: 2\n/);
  await reader?.cancel();
});

test('half a surrogate pair, which JSON can spell, breaks nothing', async () => {
  const { call } = openDoor();
  const half = String.raw`\ud800`;
  for (const [path, body, status] of [
    ['/v1/score', `{"command":"kubectl delete pod ${half}x"}`, 200],
    ['/v1/evaluate', `{"command":"kubectl delete pod ${half}x"}`, 200],
    [
      '/v1/evaluate',
      `{"argv":["kubectl","patch","deploy","web","-p","{\\"metadata\\":{\\"labels\\":{\\"\\${half}\\":\\"x\\"}}}"]}`,
      200,
    ],
    [
      '/v1/proposals',
      `{"command":"${HUMAN}","incident":"INC-1","diagnosis":"${half}","files":{"${half}":"${half}"}}`,
      201,
    ],
  ] as const) {
    const answer = await call('ana', 'POST', path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
  }
});

test('a problem has one title for each code, and another sentence of what happened', async () => {
  const { call } = openDoor();
  const propose = (command: string) => call('healer', 'POST', '/v1/proposals', { command, incident: 'INC-2' });
  for (const { body } of [
    await call(null, 'GET', '/v1/proposals'),
    await call('eve', 'GET', '/v1/nothing'),
    await call('eve', 'PUT', '/v1/proposals', {}),
    await call('eve', 'GET', '/v1/proposals/p-none'),
    await propose('kubectl get pods'),
    await propose('kubectl create token web -n shop'),
  ]) {
    const code = fieldText(body['code']);
    assert.equal(body['title'], `${code.slice(0, 1).toUpperCase()}${code.slice(1).replaceAll('-', ' ')}`);
    assert.notEqual(body['detail'], body['title']);
  }
});

test('what this gate would not run is named by its id, and shown', async () => {
  const { call } = openDoor();
  const foreign = { command: 'kubectl create token web -n shop', incident: 'INC-2' };
  const { status, body } = await call('healer', 'POST', '/v1/proposals', foreign);
  assert.deepEqual([status, body['code'], body['state']], [422, 'no-executor', 'refused']);
  const shown = await call('eve', 'GET', `/v1/proposals/${fieldText(body['id'])}`);
  assert.deepEqual([shown.body['state'], shown.body['code']], ['refused', 'no-executor']);
  const score = await call('eve', 'POST', '/v1/score', { command: foreign.command });
  assert.deepEqual(score.body['runnable'], shown.body['runnable']);
  assert.deepEqual((shown.body['runnable'] as JsonObject)['is'], false);
});

test('a stream ends with the gate, so that nobody who listens holds it up', async () => {
  const { app, ending } = openDoor();
  const response = await app.request('/v1/events', { headers: { authorization: 'Bearer eve' } });
  const reader = response.body?.getReader();
  await reader?.read();
  ending.abort();
  assert.equal((await reader?.read())?.done, true);
});

test('a proposal may ask for its own window, sealed, and what is evaluated is what is proposed', async () => {
  const { call } = openDoor();
  const body = { command: HUMAN, incident: 'INC-1', windowSeconds: 900 };
  const evaluated = await call('eve', 'POST', '/v1/evaluate', body);
  const proposed = await call('healer', 'POST', '/v1/proposals', body);
  assert.equal((proposed.body['spec'] as JsonObject)['convergeWithinSeconds'], 900);
  assert.equal(proposed.body['digest'], evaluated.body['digest']);
  for (const windowSeconds of [4, 3601, 7.5, '60', null]) {
    const answer = await call('healer', 'POST', '/v1/proposals', { ...body, windowSeconds });
    assert.deepEqual([answer.status, answer.body['code']], [400, 'bad-request'], String(windowSeconds));
  }
});

test('so many judgements a minute for each token, told with when to come again', async () => {
  const rates = { scores: createRateLimit(3), evaluations: createRateLimit(2), proposals: createRateLimit(60) };
  const { app, call } = openDoor({ rates });
  for (const [path, most] of [
    ['/v1/score', 3],
    ['/v1/evaluate', 2],
  ] as const) {
    const body = JSON.stringify({ command: SCALE });
    for (let i = 0; i < most; i += 1) assert.equal((await call('eve', 'POST', path, body)).status, 200);
    const over = await app.request(path, { method: 'POST', headers: { authorization: 'Bearer eve' }, body });
    const said = (await over.json()) as { readonly code: string };
    assert.deepEqual([over.status, said.code], [429, 'too-many-requests'], path);
    assert.match(over.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal((await call('ben', 'POST', path, body)).status, 200);
  }
});

test('what is wrong with a request is named', async () => {
  const { call } = openDoor();
  assert.match(
    fieldText((await call('eve', 'POST', '/v1/score', '{"a": nope}')).body['detail']),
    /^the body is no JSON: /,
  );
  assert.match(fieldText((await call('eve', 'POST', '/v1/score', '[]')).body['detail']), /^the body: .*object/);
  assert.match(fieldText((await call('eve', 'GET', '/v1/proposals?foo=1')).body['detail']), /^the query: .*foo/);
  assert.match(fieldText((await call('eve', 'GET', '/v1/proposals?state=no')).body['detail']), /^state: /);
});

test('an incident with nothing open shows the one proposal it has had, and still takes no vote', async () => {
  const { call } = openDoor();
  const first = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const reject = { decision: 'reject', digest: fieldText(first.body['digest']), reason: 'no' };
  assert.equal((await call('ben', 'POST', '/v1/proposals/INC-1/votes', reject)).status, 200);
  assert.equal((await call('eve', 'GET', '/v1/proposals/INC-1')).body['id'], first.body['id']);
  for (const late of [
    await call('ben', 'POST', '/v1/proposals/INC-1/votes', reject),
    await call('healer', 'DELETE', '/v1/proposals/INC-1'),
    await call('healer', 'DELETE', `/v1/proposals/${fieldText(first.body['id'])}`),
  ]) {
    assert.deepEqual([late.status, late.body['id'], late.body['state']], [409, first.body['id'], 'rejected']);
    assert.match(fieldText(late.body['detail']), /is rejected since .* ben: no/);
  }
  const second = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  assert.equal((await call('eve', 'GET', '/v1/proposals/INC-1')).body['id'], second.body['id'], 'the open one');
  assert.equal((await call('ben', 'POST', '/v1/proposals/INC-1/votes', reject)).status, 200);
  const both = await call('eve', 'GET', '/v1/proposals/INC-1');
  assert.equal(both.status, 404);
  assert.match(
    fieldText(both.body['detail']),
    new RegExp(`${fieldText(second.body['id'])} rejected, ${fieldText(first.body['id'])} rejected`),
  );
});

test('every address is in the OpenAPI document', async () => {
  const { call } = openDoor();
  const paths = Object.keys((await call(null, 'GET', '/v1/openapi.json')).body['paths'] as JsonObject);
  for (const path of [
    '/v1/score',
    '/v1/evaluate',
    '/v1/proposals',
    '/v1/proposals/{id}',
    '/v1/proposals/{id}/votes',
    '/v1/events',
    '/v1/outcomes',
    '/v1/shadow',
    '/v1/audit',
    '/v1/pause',
    '/v1/resume',
  ]) {
    assert.ok(paths.includes(path), `${path} is not documented`);
  }
});

test('the audit trail is narrowed by incident, event and time, page by page', async () => {
  const { call } = openDoor();
  for (const incident of ['INC-1', 'INC-2'])
    await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident });
  const seqs = async (query: string): Promise<{ seqs: readonly Json[]; next: Json }> => {
    const { status, body } = await call('ana', 'GET', `/v1/audit?${query}`);
    assert.equal(status, 200, query);
    return { seqs: (body['lines'] as readonly JsonObject[]).map(({ seq }) => seq ?? null), next: body['next'] ?? null };
  };
  assert.deepEqual(await seqs('incident=INC-2'), { seqs: [3, 4], next: null });
  assert.deepEqual(await seqs('event=proposed'), { seqs: [1, 3], next: null });
  assert.deepEqual(await seqs('since=2000-01-01T01:00:00%2B02:00&event=decided'), { seqs: [2, 4], next: null });
  assert.deepEqual(await seqs('since=2999-01-01T00:00:00Z'), { seqs: [], next: null });
  const first = await seqs('incident=INC-2&limit=1');
  assert.deepEqual(first.seqs, [3]);
  assert.deepEqual(await seqs(`incident=INC-2&limit=1&cursor=${fieldText(first.next ?? undefined)}`), {
    seqs: [4],
    next: null,
  });
  for (const [query, says] of [
    ['event=approved', /event: /],
    ['since=yesterday', /since: is a time with its zone/],
    ['since=2026-11-26', /since: is a time with its zone/],
    ['who=ana', /who/],
  ] as const) {
    const { status, body } = await call('ana', 'GET', `/v1/audit?${query}`);
    assert.equal(status, 400, query);
    assert.match(fieldText(body['detail']), says);
  }
});

test('JSON nested deeper than any object is answered, in a command, a file or the request itself', async () => {
  const { call } = openDoor();
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  for (const body of [
    { argv: ['kubectl', 'patch', 'deploy', 'x', '-p', nested(2_000)] },
    { argv: ['kubectl', 'apply', '-f', 'a.json'], files: { 'a.json': nested(50_000) } },
  ]) {
    assert.equal((await call('ana', 'POST', '/v1/score', body)).status, 200);
    assert.equal((await call('ana', 'POST', '/v1/evaluate', body)).status, 200);
  }
  const odd = `{"argv": ["kubectl", "get", "pods"], "namespace": "\\ud800", "x": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  assert.notEqual((await call('ana', 'POST', '/v1/score', odd)).status, 500);
});

test('a body nested too deep is refused at every address that takes one, wherever it is nested', async () => {
  const { call } = openDoor();
  const open = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const id = fieldText(open.body['id']);
  const deep = (inner: string) => `${'{"a":'.repeat(20_000)}${inner}${'}'.repeat(20_000)}`;
  const addresses = ['/v1/score', '/v1/evaluate', '/v1/proposals', `/v1/proposals/${id}/votes`, '/v1/pause'];
  for (const address of addresses)
    for (const body of [
      deep('1'),
      deep('"\\ud800"'),
      `{"command":${deep('1')}}`,
      `{"command":"kubectl get pods","files":{"x":${deep('1')}},"x":"\\ud800"}`,
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      `{"argv":${'['.repeat(50_000)}"\\ud800"${']'.repeat(50_000)}}`,
    ]) {
      const { status, body: answer } = await call('ana', 'POST', address, body);
      assert.equal(status, 400, `${address}: ${JSON.stringify(answer)}`);
      assert.equal(answer['code'], 'bad-request');
    }
  const command = `kubectl patch deployment web -n dev -p '${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}'`;
  for (const address of ['/v1/score', '/v1/evaluate', '/v1/proposals'])
    assert.ok(
      (await call('ana', 'POST', address, { command, ...(address === '/v1/proposals' ? { incident: 'INC-2' } : {}) }))
        .status < 500,
    );
});

test('a judging that takes too long, or would come too late, is refused with what to do', async () => {
  for (const [code, status, wait] of [
    ['too-complex', 422, null],
    ['busy', 429, '5'],
  ] as const) {
    const callers: string[] = [];
    const judging: Gate['judging'] = {
      ...judgingHere(),
      ask: async (_task, _question, { caller }) => {
        callers.push(caller);
        return { ok: false, refusal: { code, about: null } };
      },
    };
    const { app, gate } = openDoor({ judging });
    for (const path of ['score', 'evaluate', 'proposals']) {
      const response = await app.request(`/v1/${path}`, {
        method: 'POST',
        headers: { authorization: 'Bearer healer' },
        body: JSON.stringify({ command: HUMAN, ...(path === 'score' ? {} : { incident: 'INC-1' }) }),
      });
      const { code: said, remedy } = (await response.json()) as JsonObject;
      assert.deepEqual([response.status, said, response.headers.get('retry-after')], [status, code, wait], path);
      assert.ok(typeof remedy === 'string' && remedy.length > 10);
    }
    assert.deepEqual(callers, Array(3).fill('agent healer'));
    const stored = await gate.store.remediations.page(
      { state: null, incident: null },
      { limit: 10, before: null },
      new AbortController().signal,
    );
    assert.deepEqual(stored.remediations, []);
  }
});

test('a command that writes to more objects than are compared is refused, and nothing is asked of the cluster', async () => {
  let asked = 0;
  const { call, stage } = openDoor();
  const reader: Gate['reader'] = {
    ...stage.cluster,
    readFacts: async (...args) => {
      asked += 1;
      return stage.cluster.readFacts(...args);
    },
  };
  const door = openDoor({ reader });
  for (const [many, code] of [
    [1001, 'too-complex'],
    [1000, undefined],
  ] as const) {
    const argv = ['kubectl', 'delete', 'pod', ...Array.from({ length: many }, (_, i) => `p${i}`)];
    const { body } = await door.call('eve', 'POST', '/v1/evaluate', { argv });
    assert.deepEqual([body['code'], asked > 0], [code, code === undefined]);
    assert.equal((await call('eve', 'POST', '/v1/score', { argv })).status, 200);
  }
});

test('more files than any command names are refused by their number', async () => {
  const { call } = openDoor();
  const filesOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 'a: b']));
  const ask = (count: number) =>
    call('eve', 'POST', '/v1/score', { command: 'kubectl get pods', files: filesOf(count) });
  assert.equal((await ask(1000)).status, 200);
  const { status, body } = await ask(1001);
  assert.equal(status, 400);
  assert.match(fieldText(body['detail']), /at most 1000 files/);
});

test('what was observed in shadow mode is listed page by page, and every list says that it is so', async () => {
  const { call, gate } = openDoor({ observesEverything: true });
  const verdict = {
    at: '2026-11-26T12:00:00.000Z',
    proposer: 'healer',
    incident: 'INC-1',
    method: 'DELETE',
    path: '/api/v1/namespaces/shop/pods/web',
    action: 'delete-pod',
    score: 20,
    tier: 'human',
    leadsTo: 'awaiting-approval',
    approvals: 1,
    whom: ['ben'],
    reasons: [],
    refusals: [],
    hardRule: null,
    became: 'passed',
    code: 200,
  } as const;
  for (const code of [200, 201, 202])
    await gate.store.shadow.append({ ...verdict, code }, new AbortController().signal);
  const first = await call('ana', 'GET', '/v1/shadow?limit=2');
  const codes = (body: JsonObject) => (body['verdicts'] as readonly JsonObject[]).map(({ code }) => code);
  assert.deepEqual([first.status, codes(first.body)], [200, [202, 201]]);
  const second = await call('ana', 'GET', `/v1/shadow?limit=2&cursor=${fieldText(first.body['next'])}`);
  assert.deepEqual([codes(second.body), second.body['next']], [[200], null]);
  assert.deepEqual(second.body['summary'], [
    { proposer: 'healer', action: 'delete-pod', counts: { auto: 0, human: 3, dual: 0, blocked: 0 }, refused: 0 },
  ]);
  assert.match(fieldText(second.body['notice']), /SHADOW MODE/);
  assert.match(fieldText((await call('ana', 'GET', '/v1/proposals')).body['notice']), /SHADOW MODE/);
  assert.equal((await openDoor().call('ana', 'GET', '/v1/shadow')).body['notice'], null);
  assert.equal((await openDoor().call('ana', 'GET', '/v1/proposals')).body['notice'], undefined);
});

test('break-glass: by a person with the right alone, with the digest that stands and a reason', async () => {
  const may = (id: string) => id === 'ana' || id === 'ben';
  const people: People = {
    ...PEOPLE,
    people: PEOPLE.people.map((one) => (may(one.id) ? { ...one, rights: [...one.rights, 'break-glass'] } : one)),
  };
  const { call } = openDoor({ people: () => people });
  const proposed = await call('healer', 'POST', '/v1/proposals', { command: HUMAN, incident: 'INC-1' });
  const [id, digest] = [fieldText(proposed.body['id']), fieldText(proposed.body['digest'])];
  const press = (who: string, body: Json) => call(who, 'POST', `/v1/proposals/${id}/break-glass`, body);
  const reason = 'the shop is down';
  for (const [who, body, status, code] of [
    ['healer', { digest, reason }, 403, 'no-right'],
    ['cho', { digest, reason }, 403, 'no-right'],
    ['ana', { digest, reason }, 403, 'own-proposal'],
    ['ben', { digest: '0'.repeat(12), reason }, 409, 'wrong-digest'],
    ['ben', { digest }, 400, 'bad-request'],
    ['ben', { digest, reason: ' ' }, 400, 'reason-required'],
  ] as const) {
    const answer = await press(who, body);
    assert.deepEqual([answer.status, answer.body['code']], [status, code], who);
  }
  const broken = await press('ben', { digest, reason });
  assert.deepEqual([broken.status, broken.body['state']], [200, 'approved']);
  assert.equal((broken.body['breakGlass'] as JsonObject)['by'], 'ben');
  const { body } = await call('eve', 'GET', '/v1/proposals');
  const [listed] = body['proposals'] as [JsonObject];
  assert.equal((listed['breakGlass'] as JsonObject)['reason'], reason);
  assert.equal((await press('ben', { digest, reason })).status, 409);
});
