// How the gate's decisions are told to a client of the Kubernetes API: status, reason, words, and the object of a write.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { beforeEach, describe, test } from 'node:test';
import { judgingHere } from '../../../test/fakes/judging.ts';
import { type Stage, scaling, setStage } from '../../../test/support/memory-gate.ts';
import type { Gate } from '../../flow/gate.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { UpstreamRequest } from '../upstream.ts';
import type { AnsweredWrite, ArrivedWrite } from './arrived-write.ts';
import { createProxyCounts } from './counts.ts';
import { readTarget } from './request-target.ts';
import { resourcePath } from './route.ts';
import { createWrites } from './writes.ts';
import { withoutSecrets } from './written-object.ts';

const NEVER = new AbortController().signal;
const IDENTITY = { proposer: { kind: 'agent', id: 'healer', owner: 'ana' }, rights: ['read', 'propose'] } as const;

/** As an API server answers. */
const said = (status: number, body: object): IncomingMessage =>
  Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), { statusCode: status, headers: {} }) as never;

interface Status {
  readonly kind: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly name?: string; readonly causes?: readonly { readonly reason: string }[] };
}

let stage: Stage;
let gate: Gate;
let asked: UpstreamRequest[];
let api: (request: UpstreamRequest) => IncomingMessage;
let write: (arrived: ArrivedWrite, gone: AbortSignal) => Promise<AnsweredWrite>;

/** A PATCH of a Scale is understood as the scaling of the stage: "/…/namespaces/NS/deployments/NAME/scale" with its replicas. */
const understandRequests = (): Gate['judging'] =>
  judgingHere(({ command }) => {
    if (command.kind !== 'request') return scaling('what');
    const { path, body } = command.request;
    const [, namespace = '', name = ''] = /namespaces\/([^/]+)\/deployments\/([^/]+)/.exec(path) ?? [];
    const text = body.kind === 'text' ? body.text : '';
    const replicas = /"replicas":(\d+)/.exec(text)?.[1];
    return scaling(replicas === undefined ? 'rm -rf /' : `scale ${namespace}/${name} ${replicas}`);
  });

beforeEach(() => {
  stage = setStage();
  gate = { ...stage.gate, judging: understandRequests() };
  asked = [];
  api = () => said(404, { kind: 'Status', status: 'Failure', code: 404 });
  const upstream = {
    read: async (request: UpstreamRequest) => {
      asked.push(request);
      return api(request);
    },
    dryRun: async (request: UpstreamRequest) => {
      asked.push(request);
      return api(request);
    },
  };
  write = createWrites(gate, {
    upstream,
    counts: createProxyCounts(),
    patience: { waitSeconds: 30, holdSeconds: 10 },
    ending: NEVER,
    decode: (_, body) => ({ kind: 'text', text: body.toString() }),
  });
});

const arrived = (method: string, raw: string, body: object | null, session: string | null = 's-1'): ArrivedWrite => {
  const target = readTarget(raw);
  const resource = target && resourcePath(target.segments);
  if (target === null || resource === null) throw new Error(`${raw} is no address of a kind`);
  return {
    method,
    target,
    resource,
    contentType: 'application/merge-patch+json',
    body: Buffer.from(body === null ? '' : JSON.stringify(body)),
    identity: IDENTITY,
    mayStill: () => true,
    session,
  };
};

const scale = (place: string, replicas: number): ArrivedWrite => {
  const [namespace, name] = place.split('/');
  const path = `/incidents/INC-1/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`;
  return arrived('PATCH', path, { spec: { replicas } });
};

/** Lets time pass until it is answered. */
const answered = async (
  promise: Promise<AnsweredWrite>,
  act: (second: number) => Promise<unknown> = async () => undefined,
) => {
  let answer: AnsweredWrite | null = null;
  const watched = promise.then((value) => {
    answer = value;
  });
  for (let second = 0; second < 120; second += 1) {
    await act(second);
    for (let i = 0; i < 8; i += 1) {
      await stage.settle();
      await new Promise((next) => setImmediate(next));
    }
    if (answer !== null) {
      await watched;
      return answer as AnsweredWrite;
    }
    stage.clock.pass(1);
  }
  throw new Error('it is never answered');
};

const statusOf = ({ body }: AnsweredWrite): Status => JSON.parse(body) as Status;
const codeOf = (answer: AnsweredWrite): string | undefined => statusOf(answer).details?.causes?.[0]?.reason;

/** From now on the cluster answers writes with this. */
const replying = (status: number, body: object): void => {
  const inner = stage.cluster.write.bind(stage.cluster);
  const answering: ClusterWriter['write'] = async (permit, intent, ...rest) => {
    const answer = await inner(permit, intent, ...rest);
    if (intent.wantsReply !== true) return answer;
    const heard = { status, auditId: 'audit-1', body: body as never };
    return status < 400 ? { ...answer, heard } : { outcome: 'refused', why: 'no', written: 0, heard };
  };
  stage.cluster.write = answering;
};

describe('a write that is done', () => {
  test('is answered as the API server answered, with a warning that names proposal and score', async () => {
    replying(201, { kind: 'Scale', spec: { replicas: 4 } });
    const answer = await answered(write(scale('dev/web', 4), NEVER));
    assert.equal(answer.status, 201);
    assert.deepEqual(JSON.parse(answer.body), { kind: 'Scale', spec: { replicas: 4 } });
    assert.match(answer.headers['warning'] ?? '', /^299 - "blastgate: p-1, score \d+, auto"$/);
    assert.equal(answer.headers['audit-id'], 'audit-1');
  });

  test('without the answer it is read back, as the agent', async () => {
    api = () => said(200, { kind: 'Scale', spec: { replicas: 4 } });
    const answer = await answered(write(scale('dev/web', 4), NEVER));
    assert.deepEqual([answer.status, (JSON.parse(answer.body) as Status).kind], [200, 'Scale']);
    assert.deepEqual(
      asked.map(({ method, path }) => `${method} ${path}`),
      ['GET /apis/apps/v1/namespaces/dev/deployments/web/scale'],
    );
  });

  test('where it cannot be read back, it is no success and no invention', async () => {
    api = () => said(403, { kind: 'Status', code: 403 });
    const answer = await answered(write(scale('dev/web', 4), NEVER));
    assert.equal(answer.status, 500);
    assert.match(statusOf(answer).message ?? '', /p-1 has been carried out/);
  });

  test('that the API server refused when it came to it: its own words', async () => {
    replying(422, { kind: 'Status', code: 422, reason: 'Invalid', message: 'spec.replicas: no' });
    const answer = await answered(write(scale('dev/web', 4), NEVER));
    assert.equal(answer.status, 422);
    assert.equal(statusOf(answer).message, 'spec.replicas: no');
  });
});

test('a write that waits: 429, when to come again, who must agree', async () => {
  const answer = await answered(write(scale('production/web', 1), NEVER));
  assert.equal(answer.status, 429);
  assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
  const { reason, message = '', details } = statusOf(answer);
  assert.equal(reason, 'TooManyRequests');
  assert.equal(details?.name, 'p-1');
  assert.match(message, /p-1 \(score \d+, (?:human|dual)\): .*blastgate approve p-1/);
});

test('a wait that is over: 403 ApprovalRequired', async () => {
  let answer = await answered(write(scale('production/web', 1), NEVER));
  while (answer.status === 429) {
    stage.clock.pass(Number(answer.headers['retry-after']));
    answer = await answered(write(scale('production/web', 1), NEVER));
  }
  assert.equal(answer.status, 403);
  assert.equal(statusOf(answer).reason, 'ApprovalRequired');
  assert.equal(codeOf(answer), 'approval-required');
});

test('rejected: 403 with the person and the reason', async () => {
  const answer = await answered(write(scale('production/web', 1), NEVER), async (second) => {
    if (second === 2) await stage.vote('p-1', 'ben', 'reject');
  });
  assert.deepEqual([answer.status, statusOf(answer).reason], [403, 'Forbidden']);
  assert.match(statusOf(answer).message ?? '', /rejected/);
});

test('blocked and paused: 403 at once, with their code', async () => {
  const blocked = await answered(write(arrived('DELETE', '/api/v1/namespaces/production', null), NEVER));
  assert.deepEqual([blocked.status, codeOf(blocked)], [403, 'hard-rule']);
  const note = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: 'ana', about: '' } as const;
  await stage.store.controls.setPaused('paused', note, NEVER);
  const paused = await answered(write(scale('dev/api', 4), NEVER));
  assert.deepEqual([paused.status, codeOf(paused)], [403, 'paused']);
});

test('frozen: 403 at once with its code, and the proposal stays open', async () => {
  const freeze = { name: 'sale', cron: '* * * * *', minutes: 5, timezone: 'UTC' };
  stage.setPolicy({ freezes: [freeze] });
  Object.assign(gate, { policy: stage.gate.policy });
  const answer = await answered(write(scale('dev/api', 4), NEVER));
  assert.deepEqual([answer.status, codeOf(answer), statusOf(answer).reason], [403, 'frozen', 'Frozen']);
  assert.match(statusOf(answer).message ?? '', /sale, until/);
  assert.equal((await stage.read('p-1')).state, 'approved');
});

test('a store that fails: 503, to be sent again', async () => {
  const { AdapterError } = await import('../../ports/adapter-error.ts');
  stage.store.controls.paused = async () => {
    throw new AdapterError('no-answer', 'the disk is full');
  };
  const answer = await answered(write(scale('dev/web', 4), NEVER));
  assert.equal(answer.status, 503);
  assert.ok(answer.headers['retry-after']);
});

test('a write without an incident belongs to that of the agent and the day; over midnight it stays the same', async () => {
  const plain = (): ArrivedWrite =>
    arrived('PATCH', '/apis/apps/v1/namespaces/production/deployments/web/scale', { spec: { replicas: 1 } });
  stage.clock.pass(24 * 3600 - 5);
  const first = await answered(write(plain(), NEVER));
  assert.equal(statusOf(first).details?.name, 'p-1');
  assert.equal((await stage.read('p-1')).incident, 'adhoc-healer-20260101');
  const second = await answered(write(plain(), NEVER));
  assert.equal(statusOf(second).details?.name, 'p-1');
});

test('what is never said: 202, 409, or a Status as success', async () => {
  for (const place of ['dev/web', 'production/web', 'default/nosuch']) {
    const answer = await answered(write(scale(place, 2), NEVER));
    assert.ok(![202, 409].includes(answer.status), `${place}: ${answer.status}`);
    assert.ok(answer.status >= 400 || statusOf(answer).kind !== 'Status', place);
  }
});

test('nor has its refusal, where the API server shows the whole of it', async () => {
  const message = '"" is invalid: patch: Invalid value: "{\\"data\\":{\\"password\\":\\"aHVudGVyMg==\\"}}"';
  api = () => said(422, { kind: 'Status', status: 'Failure', code: 422, reason: 'Invalid', message });
  const judging = judgingHere(() => scaling('scale shop/gone 2'));
  const upstream = {
    read: async (request: UpstreamRequest) => api(request),
    dryRun: async (request: UpstreamRequest) => api(request),
  };
  const state = {
    upstream,
    counts: createProxyCounts(),
    patience: { waitSeconds: 30, holdSeconds: 10 },
    ending: NEVER,
  };
  const refused = createWrites({ ...stage.gate, judging }, { ...state, decode: () => ({ kind: 'none' }) });
  for (const path of ['/api/v1/namespaces/shop/secrets/db', '/api/v1/namespaces/shop/secrets'])
    for (const method of ['PATCH', 'PUT', 'POST']) {
      const answer = await answered(
        refused(arrived(method, `/incidents/INC-1${path}`, { metadata: { labels: { a: 1 } } }), NEVER),
      );
      assert.equal(answer.status, 422);
      assert.doesNotMatch(answer.body, /aHVudGVyMg|password/);
    }
});

test('the answer of a write of a Secret has none of it', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"c2VjcmV0"}}', other: '1' };
  const secret = { kind: 'Secret', type: 'Opaque', metadata: { name: 'a', annotations }, data: { a: 'c2VjcmV0' } };
  const shown = withoutSecrets(secret);
  assert.doesNotMatch(JSON.stringify(shown), /c2VjcmV0/);
  assert.deepEqual(shown, { kind: 'Secret', type: 'Opaque', metadata: { name: 'a' } });
});

test('what is so already is answered with the object as it is, and nothing is written or asked of anybody', async () => {
  const web = { kind: 'Scale', spec: { replicas: 3 } };
  api = () => said(200, web);
  const answer = await answered(write(scale('production/web', 3), NEVER));
  assert.deepEqual([answer.status, JSON.parse(answer.body)], [200, web]);
  assert.match(String(answer.headers['warning']), /it is so already; nothing was written/);
  assert.deepEqual(
    asked.map(({ method }) => method),
    ['GET'],
  );
  api = () => said(403, { kind: 'Status', status: 'Failure', code: 403 });
  const denied = await answered(write(scale('production/web', 3), NEVER));
  assert.equal(denied.status, 403);
  assert.match(denied.body, /nothing-to-do/);
});
