// What an older gate left open, a newer one carries on: proposals that people are asked about, one that half of its votes are there
// for, one in the middle of its write's watch. On SQLite one after the other; on PostgreSQL also side by side, and back again.
// Needs the history of the repository: `npm run test:long -- upgrade` alone plays it.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openPostgresTrail } from '../../src/adapters/store/postgres/open.ts';
import { openSqliteTrail } from '../../src/adapters/store/sqlite/open.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { isFinal, isState } from '../../src/core/remediation/state.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { GateDied, type GateProcess, openGateProcess } from '../faults/gate-process.ts';
import { allLines } from '../support/all-lines.ts';
import { startPostgres, type TestDatabase } from '../support/postgres.ts';
import { seedOf } from '../support/sample.ts';
import { sourcesAt } from './old-sources.ts';

const IS_LONG = seedOf(process.env) === null;

/** The first on main whose `serve` knew the database, some in between, and the last before the newest migration. */
const SQLITE = [
  ['410b5de2', '001-first', 'not kept', 'stale'],
  ['10d84ce6', '004-hidden', 'not kept', 'succeeded'],
  ['163bdf03', '012-shadow', 'kept', 'succeeded'],
  ['fa16a88f', '014-logins', 'kept', 'succeeded'],
] as const;
const POSTGRES = [
  ['6b73cd5e', '002-expand-logins'],
  ['fa16a88f', '002-expand-logins'],
] as const;

const never = new AbortController().signal;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const known = new Map<string, string>();
const oldSources = (commit: string): string => {
  const folder = known.get(commit) ?? sourcesAt(commit);
  if (!known.has(commit)) folders.push(folder);
  known.set(commit, folder);
  return folder;
};

interface Proposal {
  readonly id: string;
  readonly state: string;
  readonly spec: { readonly digest: string };
}

const get = async (gate: GateProcess, id: string): Promise<Proposal> =>
  (await gate.ask('GET', `/proposals/${id}`, 'ana')).json as Proposal;

const propose = async (gate: GateProcess, incident: string, command: string): Promise<Proposal> => {
  const { status, json } = await gate.ask('POST', '/proposals', 'healer', { incident, command });
  assert.equal(status, 201, JSON.stringify(json));
  return json as Proposal;
};

const vote = async (gate: GateProcess, who: string, { id, spec }: Proposal, decision = 'approve'): Promise<void> => {
  const ballot = { decision, digest: spec.digest, ...(decision === 'reject' ? { reason: 'not now' } : {}) };
  const { status, json } = await gate.ask('POST', `/proposals/${id}/votes`, who, ballot);
  assert.ok(status < 300, JSON.stringify(json));
};

const until = async (gate: GateProcess, { id }: Proposal, wanted: string): Promise<void> => {
  let state = '';
  for (let tries = 0; tries < 600; tries += 1) {
    state = await get(gate, id).then(
      (found) => found.state,
      (error: unknown) => {
        if (error instanceof GateDied) return state;
        throw error;
      },
    );
    if (state === wanted) return;
    if (isState(state) && isFinal(state)) break;
    await pause(100);
  }
  assert.fail(`${id} is ${state}, not ${wanted}\n${gate.noise().slice(-2000)}`);
};

const writesTo = (cluster: SandboxCluster, name: string): number =>
  cluster.writes().filter((one) => one.name === name && !one.dryRun && one.code !== null && one.code < 300).length;

/** What is open when the older gate is killed. */
interface Left {
  readonly done: Proposal;
  readonly rejected: Proposal;
  readonly asked: Proposal;
  /** Asked of two people where the version knows that; the first has agreed. */
  readonly half: Proposal | null;
  readonly watched: Proposal;
}

const leaveOpen = async (gate: GateProcess, cluster: SandboxCluster): Promise<Left> => {
  const done = await propose(gate, 'INC-done', 'kubectl scale deployment payments -n staging --replicas=2');
  await until(gate, done, 'succeeded');
  const rejected = await propose(gate, 'INC-no', 'kubectl scale deployment search -n shop --replicas=0');
  await vote(gate, 'ben', rejected, 'reject');
  const asked = await propose(gate, 'INC-asked', 'kubectl scale deployment web -n production --replicas=5');
  const two = await propose(gate, 'INC-half', 'kubectl scale deployment cart -n shop --replicas=0');
  const watched = await propose(
    gate,
    'INC-watched',
    'kubectl set image deployment/web web=registry.example/shop/web:2.4.1 -n shop',
  );
  if (watched.state === 'awaiting-approval')
    for (const who of ['ben', 'cho']) await vote(gate, who, watched).catch(() => {});
  await until(gate, watched, 'verifying');
  assert.equal(writesTo(cluster, 'web'), 1);
  const isDual = (two as unknown as { readonly spec: { readonly tier: string } }).spec.tier === 'dual';
  if (isDual) await vote(gate, 'ben', two);
  await gate.kill();
  return { done, rejected, asked, half: isDual ? two : null, watched };
};

/** `asked`: what becomes of what people were asked about; `stale` where it was sealed by less than is looked at today. */
const carryOn = async (
  gate: GateProcess,
  cluster: SandboxCluster,
  left: Left,
  asked: 'succeeded' | 'stale' = 'succeeded',
): Promise<void> => {
  assert.equal((await get(gate, left.done.id)).state, 'succeeded');
  assert.equal((await get(gate, left.rejected.id)).state, 'rejected');
  assert.equal((await get(gate, left.asked.id)).spec.digest, left.asked.spec.digest, 'what is signed is the same');
  await until(gate, left.watched, 'succeeded');
  assert.equal(writesTo(cluster, 'web'), 1, 'what was written is not written again');
  if (asked === 'succeeded') await vote(gate, 'ben', left.asked);
  await until(gate, left.asked, asked);
  if (left.half !== null) {
    assert.equal((await get(gate, left.half.id)).state, 'awaiting-approval');
    await vote(gate, 'cho', left.half);
    await until(gate, left.half, 'succeeded');
  }
  const fresh = await propose(gate, 'INC-fresh', 'kubectl scale deployment payments -n staging --replicas=3');
  await until(gate, fresh, 'succeeded');
};

/** The first versions wrote no messages down where no chat was set: that they are not there is no fault of theirs. */
const isWhole = async (
  opened: Awaited<ReturnType<typeof openSqliteTrail>>,
  messages: 'kept' | 'not kept' = 'kept',
): Promise<void> => {
  const { trail } = opened;
  try {
    const lines = await allLines(trail);
    const { head, kept, derived } = await trail.snapshot(never);
    assert.ok(lines.length > 20 && derived);
    const faults = verifyTrail({ lines, head, kept, derived, known: [], hashOf: hashOfLine });
    assert.deepEqual(
      faults.filter(({ about }) => messages === 'kept' || !about?.startsWith('messages: ')),
      [],
    );
  } finally {
    await opened.close();
  }
};

describe('a store of SQLite that an older gate wrote', { timeout: 600_000 }, () => {
  for (const [commit, schema, messages, asked] of IS_LONG ? SQLITE : [])
    test(`${schema} (${commit}): what was open is carried on, once, and the trail is whole`, async () => {
      const cluster = await startSandboxCluster({ speed: 20 });
      const gate = openGateProcess({ kubeconfig: cluster.kubeconfig(), speed: 5, windowSeconds: 120, env: {} });
      try {
        await gate.boot(null, 0, oldSources(commit));
        const left = await leaveOpen(gate, cluster);
        await gate.boot(null);
        await carryOn(gate, cluster, left, asked);
        await gate.end();
        await isWhole(openSqliteTrail(join(gate.folder, 'data')), messages);
      } finally {
        await gate.stop();
        await cluster.stop();
      }
    });
});

describe('a database of PostgreSQL that an older gate wrote', { timeout: 600_000 }, () => {
  let database: TestDatabase;
  before(async () => {
    database = await startPostgres();
  });
  after(() => database?.stop());
  for (const [commit, schema] of IS_LONG ? POSTGRES : []) {
    const stage = async () => {
      const cluster = await startSandboxCluster({ speed: 20 });
      const url = await database.fresh();
      const open = (): GateProcess =>
        openGateProcess({
          kubeconfig: cluster.kubeconfig(),
          speed: 1,
          windowSeconds: 120,
          env: { BLASTGATE_STORE: url },
        });
      const [older, newer] = [open(), open()];
      const stop = async (): Promise<void> => {
        await Promise.all([older.stop(), newer.stop()]);
        await cluster.stop();
      };
      return { cluster, url, older, newer, stop };
    };

    test(`${schema} (${commit}): what was open is carried on, once, and the trail is whole`, async () => {
      const { cluster, url, older, newer, stop } = await stage();
      try {
        await older.boot(null, 0, oldSources(commit));
        const left = await leaveOpen(older, cluster);
        await newer.boot(null);
        await carryOn(newer, cluster, left);
        await newer.end();
        await isWhole(openPostgresTrail(url));
      } finally {
        await stop();
      }
    });

    test(`${schema} (${commit}): beside a newer one it goes on, and so it does when the newer one is taken back`, async () => {
      const { cluster, url, older, newer, stop } = await stage();
      try {
        await older.boot(null, 0, oldSources(commit));
        await newer.boot(null);
        /** Asked by one, agreed to at the other. */
        const across = async (from: GateProcess, to: GateProcess, replicas: number): Promise<void> => {
          const proposal = await propose(
            from,
            `INC-${replicas}`,
            `kubectl scale deployment web -n production --replicas=${replicas}`,
          );
          await vote(to, 'ben', proposal);
          await until(to, proposal, 'succeeded');
          assert.equal((await get(from, proposal.id)).state, 'succeeded');
        };
        await across(older, newer, 4);
        await across(newer, older, 5);
        // A rollback: what the newer one left open, the older one finishes, and then carries out what is new.
        const open = await propose(newer, 'INC-back', 'kubectl scale deployment cart -n shop --replicas=2');
        await newer.end();
        await older.end();
        await older.boot(null, 0, oldSources(commit));
        if (open.state === 'awaiting-approval') await vote(older, 'ben', open);
        await until(older, open, 'succeeded');
        await across(older, older, 6);
        await older.end();
        assert.equal(writesTo(cluster, 'web'), 3);
        await isWhole(openPostgresTrail(url));
      } finally {
        await stop();
      }
    });
  }
});
