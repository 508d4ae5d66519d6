import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTool, openMcp, REVISIONS } from '../../../test/support/mcp.ts';
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import { fieldText } from '../json-field.ts';
import { TOOLS } from './tools.ts';
import { SYSTEM_WAIT_CLOCK } from './wait-clock.ts';

const HUMAN = 'kubectl scale deployment web -n production --replicas=5';
const AUTO = 'kubectl scale deployment web -n dev --replicas=5';
const BLOCKED = 'kubectl delete namespace production';

/** What each takes, and nothing beside it (contract-2 section 9). */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  score_command: ['command', 'argv', 'request', 'namespace', 'cluster', 'files'],
  propose_action: ['incident', 'command', 'argv', 'request', 'namespace', 'cluster', 'files', 'diagnosis'],
  get_proposal: ['id'],
  wait_for_proposal: ['id', 'seconds'],
  cancel_proposal: ['id'],
  list_proposals: ['state', 'incident'],
  list_outcomes: [],
  explain_code: ['code'],
};

/** Every name of a field in a schema, however deep. */
const namesIn = (schema: Json): readonly string[] => {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (!isObject(schema)) return [];
  const own = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return [...own, ...Object.values(schema).flatMap(namesIn)];
};

for (const revision of REVISIONS) {
  test(`${revision}: the tools are these, in this order, and take this`, async () => {
    const client = await openMcp().connect('healer', revision);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})]),
      Object.entries(TAKES),
    );
    for (const { name, inputSchema, outputSchema, title, description } of tools) {
      assert.equal(inputSchema['additionalProperties'], false, `${name} takes what it does not name`);
      assert.equal(outputSchema?.type, 'object', name);
      assert.ok(title !== undefined && description !== undefined, name);
    }
  });

  test(`${revision}: no tool votes, pauses, or is told who proposes`, async () => {
    const client = await openMcp().connect('healer', revision);
    for (const { name, inputSchema, annotations } of (await client.listTools()).tools) {
      assert.doesNotMatch(name, /approv|reject|vote|pause|resume|break|admin/);
      // as: a schema is JSON.
      for (const field of namesIn(inputSchema as unknown as Json))
        assert.doesNotMatch(
          field,
          /approv|reject|vote|decision|digest|proposer|agent|person|user|owner|token|rights/i,
          name,
        );
      const writes = name === 'propose_action' || name === 'cancel_proposal';
      assert.equal(annotations?.readOnlyHint, !writes, name);
      assert.equal(annotations.destructiveHint, name === 'propose_action', name);
      assert.equal(annotations.idempotentHint, true, name);
    }
  });

  test(`${revision}: propose, wait, a person approves by HTTP, it runs, get_proposal`, async () => {
    // Somebody decides while the tool waits, and not before it has looked.
    let meanwhile: () => Promise<void> = async () => undefined;
    const clock = { ...SYSTEM_WAIT_CLOCK, sleep: () => meanwhile() };
    const { stage, connect, app } = openMcp({}, { clock });
    const client = await connect('healer', revision);
    const proposed = await callTool(client, 'propose_action', { incident: 'INC-1', command: HUMAN, diagnosis: 'slow' });
    assert.equal(proposed.isError, false, proposed.text);
    assert.partialDeepStrictEqual(proposed.body, {
      state: 'awaiting-approval',
      proposer: 'agent:healer',
      settled: false,
      tier: 'human',
    });
    const id = fieldText(proposed.body['id']);
    assert.match(proposed.text, /^`p-\d+` \(`INC-1`\): awaiting-approval · human \d+ · `kubectl scale /);
    const undecided = await callTool(client, 'wait_for_proposal', { id, seconds: 0 });
    assert.partialDeepStrictEqual(undecided.body, { waited: 'still-waiting', askAgainSeconds: 10 });
    meanwhile = async () => {
      const vote = await app.request(`/v1/proposals/${id}/votes`, {
        method: 'POST',
        headers: { authorization: 'Bearer ben' },
        body: JSON.stringify({ decision: 'approve', digest: proposed.body['digest'] ?? null }),
      });
      assert.equal(vote.status, 200);
    };
    const waited = await callTool(client, 'wait_for_proposal', { id, seconds: 45 });
    assert.partialDeepStrictEqual(waited.body, { state: 'approved', waited: 'changed', settled: false });
    await stage.pass(180);
    const done = await callTool(client, 'get_proposal', { id });
    assert.partialDeepStrictEqual(done.body, { id, state: 'succeeded', settled: true });
    const { body: outcomes } = await callTool(client, 'list_outcomes');
    assert.partialDeepStrictEqual(outcomes, { outcomes: [{ incident: 'INC-1' }], more: false });
  });

  test(`${revision}: the same call a hundred times is one proposal`, async () => {
    const { connect, stage } = openMcp();
    const client = await connect('healer', revision);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => callTool(client, 'propose_action', { incident: 'INC-1', command: HUMAN })),
    );
    const taken = answers.filter(({ isError }) => !isError);
    assert.ok(taken.length > 0);
    assert.equal(new Set(taken.map(({ body }) => body['id'])).size, 1);
    for (const { body } of answers.filter(({ isError }) => isError)) assert.equal(body['code'], 'rate-limited');
    const page = { limit: 200, before: null };
    const stored = await stage.gate.store.remediations.page({ state: null, incident: null }, page, stage.never);
    assert.equal(stored.remediations.length, 1);
  });

  test(`${revision}: what the gate refuses is a result with code and remedy`, async () => {
    const { connect } = openMcp();
    const client = await connect('healer', revision);
    const refused: readonly (readonly [tool: string, args: JsonObject, code: string])[] = [
      ['propose_action', { incident: 'INC-1', command: BLOCKED }, 'hard-rule'],
      ['propose_action', { incident: 'INC-1', command: 'kubectl get pods' }, 'nothing-to-do'],
      ['propose_action', { incident: 'not an incident', command: AUTO }, 'bad-incident'],
      ['get_proposal', { id: 'p-99' }, 'no-such-proposal'],
      ['wait_for_proposal', { id: 'p-99' }, 'no-such-proposal'],
      ['cancel_proposal', { id: 'p-99' }, 'no-such-proposal'],
      ['explain_code', { code: 'no-such-code' }, 'bad-arguments'],
    ];
    for (const [tool, args, code] of refused) {
      const { isError, body, text } = await callTool(client, tool, args);
      assert.equal(isError, true, `${tool}: ${text}`);
      assert.equal(body['code'], code, text);
      assert.equal(typeof body['message'], 'string');
      assert.ok('remedy' in body);
      assert.ok(text.startsWith(`\`${code}\`: `), text);
    }
  });

  test(`${revision}: arguments that do not fit are a result that says which`, async () => {
    const { connect, stage } = openMcp();
    const client = await connect('healer', revision);
    const wrong: readonly (readonly [tool: string, args: JsonObject, named: RegExp])[] = [
      ['propose_action', { incident: 'INC-1', command: HUMAN, proposer: 'ana' }, /proposer/],
      ['propose_action', { incident: 'INC-1', command: HUMAN, agent: 'mender' }, /agent/],
      ['propose_action', { incident: 'INC-1', command: HUMAN, approve: true }, /approve/],
      ['propose_action', { command: HUMAN }, /incident/],
      ['propose_action', { incident: 'INC-1' }, /exactly one/],
      ['propose_action', { incident: 'INC-1', command: HUMAN, argv: ['kubectl'] }, /exactly one/],
      ['score_command', { command: 5 }, /command/],
      ['score_command', { request: { method: 'GET', path: '/?a=b', query: 'c=d' } }, /query stands in two places/],
      ['score_command', { request: { method: 'GET', path: '/', impersonate: 'ana' } }, /impersonate/],
      ['propose_action', { incident: 'INC-1', command: HUMAN, request: { method: 'GET', path: '/' } }, /exactly one/],
      ['wait_for_proposal', { id: 'p-1', seconds: 600 }, /seconds/],
      ['list_proposals', { state: 'lost' }, /state/],
      ['list_outcomes', { all: true }, /all/],
    ];
    for (const [tool, args, named] of wrong) {
      const { isError, body } = await callTool(client, tool, args);
      assert.equal(isError, true, tool);
      assert.equal(body['code'], 'bad-arguments');
      assert.match(fieldText(body['message']), named);
    }
    const page = { limit: 200, before: null };
    const stored = await stage.gate.store.remediations.page({ state: null, incident: null }, page, stage.never);
    assert.equal(stored.remediations.length, 0);
  });

  test(`${revision}: only one's own is taken back, by an admin too`, async () => {
    const { connect } = openMcp();
    const [healer, mender, cho, ana] = await Promise.all(
      ['healer', 'mender', 'cho', 'ana'].map((who) => connect(who, revision)),
    );
    assert.ok(healer !== undefined && mender !== undefined && cho !== undefined && ana !== undefined);
    const id = async (client: typeof healer, incident: string, command: string) =>
      fieldText((await callTool(client, 'propose_action', { incident, command })).body['id']);
    const [ofHealer, ofMender] = [
      await id(healer, 'INC-1', HUMAN),
      await id(mender, 'INC-2', HUMAN.replace('web', 'api')),
    ];
    assert.equal((await callTool(mender, 'cancel_proposal', { id: ofHealer })).body['code'], 'no-right');
    assert.equal((await callTool(cho, 'cancel_proposal', { id: ofHealer })).body['code'], 'no-right');
    assert.equal((await callTool(ana, 'cancel_proposal', { id: ofMender })).body['code'], 'no-right', 'ana has admin');
    assert.equal((await callTool(healer, 'cancel_proposal', { id: ofHealer })).body['state'], 'cancelled');
    const again = await callTool(healer, 'cancel_proposal', { id: ofHealer });
    assert.equal(again.body['code'], 'not-open');
    const { body } = await callTool(healer, 'list_proposals', { state: 'cancelled' });
    assert.partialDeepStrictEqual(body, { proposals: [{ id: ofHealer, spec: { action: 'scale' } }], more: false });
  });

  test(`${revision}: score_command says what POST /v1/score says, of a command and of a request`, async () => {
    const { connect, app } = openMcp();
    const client = await connect('healer', revision);
    const patch = {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/production/deployments/web/scale',
      query: { fieldManager: ['kubectl'] },
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 5 } },
    };
    for (const asked of [
      { argv: ['kubectl', 'delete', 'pod', 'web-0'], namespace: 'shop' },
      { command: 'kubectl apply -f a.yaml', files: { 'a.yaml': '{apiVersion: v1, kind: Pod, metadata: {name: a}}' } },
      { request: patch },
      { request: { method: 'DELETE', path: '/api/v1/namespaces/shop' } },
    ]) {
      const { body, isError } = await callTool(client, 'score_command', asked);
      assert.equal(isError, false);
      const headers = { authorization: 'Bearer healer' };
      const answer = await app.request('/v1/score', { method: 'POST', headers, body: JSON.stringify(asked) });
      const { notice, ...scored } = body;
      assert.deepEqual(scored, await answer.json());
      assert.match(fieldText(notice), /words of others/);
    }
    const proposed = await callTool(client, 'propose_action', { incident: 'INC-1', request: patch });
    assert.partialDeepStrictEqual(proposed.body, { state: 'awaiting-approval', spec: { action: 'scale' } });
  });
}

test('what a tool promises beside its schema is published as it stands here', async () => {
  const client = await openMcp().connect('eve', '2026-07-28');
  const { tools } = await client.listTools();
  for (const [i, { annotations, description }] of TOOLS.entries()) {
    assert.deepEqual(tools[i]?.annotations, annotations);
    assert.equal(tools[i].description, description);
  }
});
