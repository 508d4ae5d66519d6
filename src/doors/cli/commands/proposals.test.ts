import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { serve } from '@hono/node-server';
import { judgingHere } from '../../../../test/fakes/judging.ts';
import { CAST, type Stage, setStage } from '../../../../test/support/memory-gate.ts';
import { ranCli } from '../../../../test/support/run-cli.ts';
import type { Gate } from '../../../flow/gate.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { httpApp } from '../../http/app.ts';
import { hashOfToken } from './token.ts';

const HUMAN = 'kubectl scale deployment web -n production --replicas=';

/** A gate behind its HTTP door, and the command line of each person, whose token is their id. */
const withGate = async (
  play: (
    as: (who: string, ...argv: readonly string[]) => Promise<{ code: number; out: string; err: string }>,
    stage: Stage,
  ) => Promise<void>,
  as: (gate: Gate) => Gate = (gate) => gate,
): Promise<void> => {
  const stage = setStage();
  const people = {
    people: CAST.people.map((person) => ({ ...person, tokens: [hashOfToken(person.id)] })),
    agents: CAST.agents.map((agent) => ({
      ...agent,
      rights: ['read', 'propose'] as const,
      tokens: [hashOfToken(agent.id)],
    })),
  };
  const app = httpApp(as({ ...stage.gate, judging: judgingHere(), people: () => people }), {
    version: '1.2.3',
    ready: async () => ({ ok: true }),
    streams: { perToken: 50, inAll: 1000 },
    metrics: async () => '',
    ending: new AbortController().signal,
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await play(async (who, ...argv) => {
      return ranCli(argv, { env: { BLASTGATE_URL: `http://127.0.0.1:${port}`, BLASTGATE_TOKEN: who } });
    }, stage);
  } finally {
    server.close();
  }
};

const proposing = (replicas: number) => ['propose', '--incident', 'INC-1', '--command', `${HUMAN}${replicas}`];

test('approve takes an incident while it has had one digest ever', () =>
  withGate(async (as) => {
    assert.equal((await as('healer', ...proposing(5))).code, 10);
    const { code, out, err } = await as('ben', 'approve', 'INC-1');
    assert.equal(code, 0, err);
    assert.match(out, /state +approved/);
  }));

test('approve asks for the digest once another proposal took the place of the one that was read', () =>
  withGate(async (as) => {
    await as('healer', ...proposing(5));
    const { out } = await as('healer', ...proposing(4));
    const digest = /sha256:([0-9a-f]{12})/.exec(out)?.[1] ?? '';
    const unread = await as('ben', 'approve', 'INC-1');
    assert.equal(unread.code, 1);
    assert.match(unread.err, new RegExp(`digest-required: INC-1 has had 2 digests.*--digest ${digest}`));
    assert.match((await as('ben', 'approve', 'INC-1', '--digest', digest)).out, /state +approved/);
  }));

/** Whoever looks after two clusters. */
const withTwo = (play: Parameters<typeof withGate>[0]) =>
  withGate(play, (gate) => {
    const named = (clusterName: string): Gate => ({ ...gate, clusterName, clusters });
    const clusters = () => ({ all: [named('eu-1'), named('us-1')], names: ['eu-1', 'us-1'] });
    return named('eu-1');
  });

test('resume says what stays paused, and how to resume it', () =>
  withTwo(async (as) => {
    const said = async (...argv: readonly string[]) => (await as('ana', ...argv)).out;
    assert.equal(await said('pause', '--cluster', 'us-1'), 'paused us-1: nothing new starts, rollbacks go on\n');
    assert.equal(await said('pause'), 'paused: nothing new starts, rollbacks go on\n');
    assert.equal(
      await said('resume'),
      'resumed\nstill paused by themselves: us-1 (`blastgate resume --cluster us-1`)\n',
    );
    await said('pause');
    assert.equal(
      await said('resume', '--cluster', 'us-1'),
      'resumed us-1\nthe whole gate is still paused, and this cluster with it (`blastgate resume`)\n',
    );
    assert.equal(await said('resume'), 'resumed\n');
    assert.match(await said('list'), /^no proposals$/m);
  }));

test('pause of what is paused, and resume of what is not, say so and leave no line in the trail', () =>
  withTwo(async (as, gate) => {
    const said = async (...argv: readonly string[]) => {
      const { code, out } = await as('ana', ...argv);
      assert.equal(code, 0);
      return out;
    };
    const lines = async () => (await gate.store.trail.lines(0, 1000, new AbortController().signal)).length;
    const before = await lines();
    assert.equal(await said('resume'), 'the gate was not paused: nothing was done\n');
    assert.equal(await said('resume', '--cluster', 'us-1'), 'us-1 was not paused: nothing was done\n');
    assert.equal(await lines(), before);
    await said('pause', '--cluster', 'us-1');
    assert.equal(
      await said('resume'),
      'the gate was not paused: nothing was done\nstill paused by themselves: us-1 (`blastgate resume --cluster us-1`)\n',
    );
    assert.equal(await said('pause', '--cluster', 'us-1'), 'us-1 was paused already: nothing was done\n');
    await said('pause');
    assert.equal(await said('pause'), 'the gate was paused already: nothing was done\n');
    assert.equal(
      await said('resume', '--cluster', 'eu-1'),
      'eu-1 was not paused: nothing was done\nthe whole gate is still paused, and this cluster with it (`blastgate resume`)\nstill paused by themselves: us-1 (`blastgate resume --cluster us-1`)\n',
    );
    assert.equal(await lines(), before + 2);
  }));

test('of several clusters the list has a column, of one it has none', async () => {
  const heads: string[] = [];
  for (const stage of [withTwo, withGate])
    await stage(async (as) => {
      const cluster = stage === withTwo ? ['--cluster', 'eu-1'] : [];
      await as('healer', ...proposing(5), ...cluster);
      heads.push((await as('eve', 'list')).out.split('\n')[0]?.split(/ {2,}/).at(-1) ?? '');
    });
  assert.deepEqual(heads, ['CLUSTER', 'NAMESPACE']);
});

test('reject needs no digest, and the closed proposal is still shown by its incident', () =>
  withGate(async (as) => {
    await as('healer', ...proposing(5));
    await as('healer', ...proposing(4));
    assert.match((await as('ben', 'reject', 'INC-1', '--reason', 'not now')).out, /state +rejected/);
    assert.match(
      (await as('ben', 'show', 'INC-1')).err,
      /names more than one proposal: p-2 rejected, p-1 superseded \(INC-1\)/,
    );
    assert.match((await as('ben', 'show', 'p-2')).out, /ben reject \(http\): not now/);
  }));

test('a proposal that will not run says why, at once and later', () =>
  withGate(async (as) => {
    const gone = await as(
      'healer',
      'propose',
      '--incident',
      'INC-1',
      '--command',
      'kubectl scale deployment nobody -n dev --replicas=5',
    );
    assert.equal(gone.code, 40);
    assert.match(gone.out, /why +The object does not exist .*Check name and namespace/);
    const shown = (await as('eve', 'show', 'INC-1')).out;
    assert.match(shown, /why +The object does not exist/);
    assert.match(shown, /decided → refused/);
    await as('healer', 'propose', '--incident', 'INC-2', '--command', `${HUMAN}5`);
    const rejected = await as('ben', 'reject', 'INC-2', '--reason', 'not now');
    assert.match(rejected.out, /why +ben: not now/);
  }));

test('what the gate would not run is kept, and how to look at it is said', () =>
  withGate(async (as) => {
    const { code, err } = await as(
      'healer',
      'propose',
      '--incident',
      'INC-1',
      '--',
      'kubectl',
      'create',
      'token',
      'web',
      '-n',
      'dev',
    );
    assert.equal(code, 40);
    const id = /no-executor: .* It is kept as (\S+): `blastgate show \1`\./.exec(err)?.[1] ?? err;
    const { out } = await as('eve', 'show', id);
    assert.match(out, /state +refused/);
    assert.match(out, /no-executor: The gate cannot carry out this action \(grant of serviceaccounts\)/);
    assert.match((await as('eve', 'list', '--state', 'refused')).out, new RegExp(`${id} +INC-1 +refused`));
  }));

test('a vote on what has ended, and its cancellation, hear how it ended', () =>
  withGate(async (as) => {
    await as('healer', ...proposing(5));
    await as('ben', 'reject', 'INC-1', '--reason', 'not now');
    for (const id of ['INC-1', 'p-1']) {
      for (const words of [
        ['approve', id],
        ['reject', id, '--reason', 'never'],
      ]) {
        const { code, err } = await as('cho', ...words);
        assert.equal(code, 1);
        assert.match(err, /not-open: p-1 of INC-1 is rejected since \S+\. ben: not now\. Look at it/);
      }
      assert.match((await as('healer', 'cancel', id)).err, /p-1 of INC-1 is rejected since/);
    }
  }));

test('a page of the list ends with the command for the next one, filters kept', () =>
  withGate(async (as) => {
    for (const incident of ['INC-1', 'INC-2', 'INC-3'])
      await as('healer', 'propose', '--incident', incident, '--command', `${HUMAN}5`);
    const filters = ['--state', 'awaiting-approval', '--limit', '1'];
    const first = (await as('eve', 'list', ...filters)).out;
    const cursor = /^blastgate list --state awaiting-approval --limit 1 --cursor (\S+)$/m.exec(first)?.[1] ?? '';
    const second = (await as('eve', 'list', ...filters, '--cursor', cursor)).out;
    assert.match(first, /INC-3/);
    assert.match(second, /INC-2 .*\nblastgate list --state awaiting-approval --limit 1 --cursor \S+\n$/);
  }));

test('what the gate calls badly formed exits 2, what it refuses 1 or 40', () =>
  withGate(async (as) => {
    assert.equal((await as('eve', 'list', '--state', 'open')).code, 2);
    assert.equal((await as('eve', 'status', 'INC-9')).code, 1);
    assert.equal((await as('nobody', 'list')).code, 1);
    assert.equal((await as('healer', 'propose', '--incident', 'INC-1', '--', 'kubectl', 'get', 'pods')).code, 40);
    assert.equal((await as('healer', 'propose', '--incident', 'INC-1', '--', 'kubectl', 'delete', 'ns', 'x')).code, 30);
    assert.equal((await as('healer', 'propose', '--incident', 'INC-1', '--', 'kubectl', 'frob')).code, 40);
  }));

test('a dual proposal without its issue says so to whoever proposes, looks, lists or votes', () =>
  withGate(async (as, stage) => {
    stage.forge.fail(new AdapterError('refused', 'Gitea refused POST with 404.', { status: 404 }));
    await as('healer', ...proposing(0));
    await stage.tell();
    const said = /review issue +There is no review issue\. Gitea refused POST with 404\./;
    for (const command of ['status', 'show', 'approve']) assert.match((await as('ben', command, 'INC-1')).out, said);
    assert.match((await as('eve', 'list')).out, /\np-1: There is no review issue\. Gitea refused POST with 404\.\n$/);
  }));

test('--window is sealed, and what it may not be is our own usage', () =>
  withGate(async (as) => {
    const { code, out } = await as('healer', ...proposing(5), '--window', '900', '-o', 'json');
    assert.equal(code, 10);
    const { spec } = JSON.parse(out) as { readonly spec: { readonly convergeWithinSeconds: number } };
    assert.equal(spec.convergeWithinSeconds, 900);
    for (const window of ['4', '3601', 'soon']) {
      const refused = await as('healer', ...proposing(4), '--window', window);
      assert.deepEqual([refused.code, /whole seconds from 5 to 3600/.test(refused.err)], [2, true], window);
    }
  }));
