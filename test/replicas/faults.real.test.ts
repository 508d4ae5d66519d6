// Three gates on one database, their clocks ten minutes apart; one is killed, stopped or cut off at every transition of a
// remediation, just before and just after its commit. None is lost, none runs twice, no vote is lost. REPLICA_RUNS sets how many.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import type { AuditLine } from '../../src/core/remediation/audit-line.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { isFinal, type State } from '../../src/core/remediation/state.ts';
import { GateDied, type GateProcess } from '../faults/gate-process.ts';
import { allLines } from '../support/all-lines.ts';
import { startPostgres } from '../support/postgres.ts';
import { seedOf } from '../support/sample.ts';
import type { Strike } from './preload.ts';
import { startThreeGates, type ThreeGates } from './three-gates.ts';

const IS_LONG = seedOf(process.env) === null;
const RUNS = Number(process.env['REPLICA_RUNS'] ?? (IS_LONG ? '600' : '30'));
/** As many where the database refuses one statement of thirty, is always SERIALIZABLE, and knows no notices. */
const DIFFICULT_RUNS = Math.ceil(RUNS / 5);
/** One that is stopped goes on when its claim has run out: what it had in hand is another's by then. */
const [STOP_MS, CLAIM_SECONDS, WINDOW_SECONDS] = IS_LONG ? [30_000, 20, 90] : [8_000, 6, 10];
/** Remediations under way at a time: what strikes one is met by the others wherever they are. */
const AT_ONCE = IS_LONG ? 16 : 8;
/** Each run is given up after so long: then it is lost. Stops of 30 s at all three gates may follow each other. */
const MOST_MS = IS_LONG ? 600_000 : 120_000;
const never = new AbortController().signal;

const TRANSITIONS: readonly (readonly [string | null, string])[] = [
  ['proposed', 'awaiting-approval'],
  ['awaiting-approval', 'approved'],
  ['approved', 'executing'],
  ['executing', 'verifying'],
  ['verifying', 'succeeded'],
];
const STRIKES: readonly Strike[] = TRANSITIONS.flatMap(([from, to]) =>
  (['before', 'after'] as const).flatMap((moment) =>
    (['kill', 'stop', 'cut'] as const).map((kind): Strike => ({ from, to, moment, kind })),
  ),
);

interface Seen {
  readonly id: string;
  readonly state: State;
  readonly spec: { readonly digest: string };
}

/** The answer of whichever gate answers, beginning with the one that is named: as behind a load balancer. */
const askAny = async (
  { gates }: ThreeGates,
  first: number,
  ...asked: Parameters<GateProcess['ask']>
): Promise<{ status: number; json: unknown } | null> => {
  for (const i of [0, 1, 2]) {
    const gate = gates[(first + i) % gates.length];
    const answer = await Promise.race([
      gate?.ask(...asked).catch((error: unknown) => {
        if (error instanceof GateDied) return null;
        throw error;
      }) ?? null,
      sleep(3000, null),
    ]);
    if (answer !== null && answer.status < 500) return answer;
  }
  return null;
};

/**
 * The proposal of the incident that counts: one that is open, else the one that succeeded, else the first that is listed; null: there
 * is none; `nobody`: no gate answered. A request that reached a stopped gate is read when it goes on, and proposes a second time: that
 * one is refused (nothing is left to change), or takes the place of the first.
 */
const seen = async (three: ThreeGates, at: number, incident: string): Promise<Seen | null | 'nobody'> => {
  const answer = await askAny(three, at, 'GET', `/proposals?incident=${incident}`, 'ana');
  if (answer === null) return 'nobody';
  const { proposals = [] } = answer.json as { readonly proposals?: readonly Seen[] };
  const open = proposals.find(({ state }) => !isFinal(state));
  return open ?? proposals.find(({ state }) => state === 'succeeded') ?? proposals[0] ?? null;
};

interface Run {
  readonly end: string;
  readonly id: string | null;
  readonly votes: number;
  readonly struck: boolean;
}

const run = async (three: ThreeGates, n: number, strike: Strike): Promise<Run> => {
  const [incident, until] = [`INC-${n}`, performance.now() + MOST_MS];
  let votes = 0;
  let last: Seen | null = null;
  three.arm(incident, strike);
  for (let at = n; performance.now() < until; at += 1) {
    const found = await seen(three, at, incident);
    if (found !== 'nobody') last = found;
    if (found === 'nobody') {
      // It is asked again.
    } else if (last === null) {
      const command = `kubectl scale deployment app-${n} -n production --replicas=5`;
      await askAny(three, at, 'POST', '/proposals', 'healer', { command, incident });
    } else if (last.state === 'awaiting-approval') {
      const { id, spec } = last;
      const ballot = { decision: 'approve', digest: spec.digest };
      for (const person of ['ben', 'cho']) {
        const answer = await askAny(three, at + 1, 'POST', `/proposals/${id}/votes`, person, ballot);
        if (answer?.status === 200 || answer?.status === 201) votes += 1;
      }
    } else if (isFinal(last.state)) break;
    await sleep(50);
  }
  const struck = three.hasStruck(incident);
  const end = last !== null && isFinal(last.state) ? last.state : `lost in ${last?.state ?? 'nothing'}`;
  return { end, id: last?.id ?? null, votes, struck };
};

const DEPLOYMENT = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'production', labels: { app: name } },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'registry.example/shop/web:1.0' }] },
    },
  },
});

const DEPLOYMENTS = '/apis/apps/v1/namespaces/production/deployments';

const byHand = async ({ cluster }: ThreeGates, method: string, path: string, body: object): Promise<void> => {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await fetch(`${cluster.url}${path}?fieldManager=by-hand`, {
    method,
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, await response.text());
};

const makeDeployment = (three: ThreeGates, name: string): Promise<void> =>
  byHand(three, 'POST', DEPLOYMENTS, DEPLOYMENT(name));

/** The nodes hold 330 pods: what is done makes place for what comes. */
const makeRoom = (three: ThreeGates, name: string): Promise<void> =>
  byHand(three, 'PATCH', `${DEPLOYMENTS}/${name}`, { spec: { replicas: 0 } });

const untilReady = async ({ cluster }: ThreeGates, name: string): Promise<void> => {
  for (;;) {
    const response = await fetch(`${cluster.url}${DEPLOYMENTS}/${name}`);
    const { status } = (await response.json()) as { readonly status?: { readonly readyReplicas?: number } };
    if (status?.readyReplicas === DEPLOYMENT(name).spec.replicas) return;
    await sleep(100);
  }
};

const database = await startPostgres();
after(() => database.stop());

interface Played {
  readonly runs: readonly Run[];
  /** Objects of the cluster by how often they were written to. */
  readonly written: ReadonlyMap<string, number>;
}

/** So many remediations, a strike in each, a few under way at a time. */
const playAll = async (three: ThreeGates, amount: number): Promise<Played> => {
  const runs: Run[] = [];
  let next = 0;
  const playSome = async (): Promise<void> => {
    const n = next;
    next += 1;
    if (n >= amount) return;
    // In another order than they stand, so that a few at once are struck at different places.
    const strike = STRIKES[(n * 7) % STRIKES.length];
    if (strike === undefined) throw new Error('no strike');
    await makeDeployment(three, `app-${n}`);
    // What is still starting would be another thing by the time of the write.
    await untilReady(three, `app-${n}`);
    const began = performance.now();
    const one = await run(three, n, strike);
    runs[n] = one;
    await makeRoom(three, `app-${n}`);
    if (process.env['REPLICA_TALK'] !== undefined)
      console.log(n, JSON.stringify(strike), JSON.stringify(one), Math.round(performance.now() - began));
    await playSome();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, playSome));
  const writes = three.cluster
    .writes()
    .filter(({ dryRun, fieldManager, code }) => !dryRun && fieldManager !== 'by-hand' && code !== null && code < 300);
  const written = Map.groupBy(writes, ({ name }) => name ?? '');
  return { runs, written: new Map([...written].map(([name, same]) => [name, same.length])) };
};

/** What the trail tells of an incident, a line each event: who looks for the reason of another end finds it here. */
const storyOf = (lines: readonly AuditLine[], incident: string): string => {
  const own = new Set<string>();
  const told: string[] = [];
  for (const { deed } of lines) {
    if (deed.kind !== 'step') continue;
    const { proposal, record } = deed;
    const { event } = record;
    if (event.event === 'proposed' && event.incident === incident) own.add(proposal);
    if (!own.has(proposal)) continue;
    const { spec: _, ...rest } = event as { readonly event: string; readonly spec?: object };
    told.push(`  ${record.at} ${proposal} ${record.from} -> ${record.to} ${JSON.stringify(rest).slice(0, 300)}`);
  }
  return `${incident}:\n${told.join('\n')}`;
};

/** Says and checks what came of them: none lost, none run twice, no vote lost, and the trail is whole. */
const check = async (what: string, url: string, { runs, written }: Played): Promise<void> => {
  const ends = Object.fromEntries(
    [...Map.groupBy(runs, ({ end }) => end)].map(([end, same]): [string, number] => [end, same.length]),
  );
  // One that is taken back is written to once more.
  const back = new Set(runs.flatMap(({ end }, n) => (end === 'rolled-back' ? [`app-${n}`] : [])));
  const twice = [...written].filter(([name, times]) => times > (back.has(name) ? 2 : 1)).length;
  const lost = runs.filter(({ end }) => end.startsWith('lost')).length;
  const struck = runs.filter((one) => one.struck).length;
  const store = await openPostgresStore(url, { listening: 'off' });
  const lines = await allLines(store.trail);
  const { head, kept } = await store.trail.snapshot(never);
  await store.close();
  const cast = lines.filter(({ deed }) => deed.kind === 'step' && deed.record.event.event === 'voted').length;
  const acknowledged = runs.reduce((sum, { votes }) => sum + votes, 0);
  console.log(
    `${what}: ${runs.length} remediations, ${struck} strikes, ${lost} lost, ${twice} twice, ${Math.max(0, acknowledged - cast)} votes lost; ends ${JSON.stringify(ends)}`,
  );
  for (const [n, { end }] of runs.entries())
    if (end !== 'succeeded') console.log(`${end}: ${storyOf(lines, `INC-${n}`)}`);
  assert.equal(lost, 0);
  assert.equal(twice, 0);
  assert.ok(cast >= acknowledged, `${acknowledged} votes were acknowledged, ${cast} are kept`);
  assert.deepEqual(ends, { succeeded: runs.length });
  assert.equal(written.size, runs.length, 'each reached the cluster');
  assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
  assert.ok(struck >= runs.length * 0.9, `only ${struck} of ${runs.length} were struck: the test slept`);
};

for (const [engine, amount] of [
  ['postgres', RUNS],
  ['difficult', DIFFICULT_RUNS],
] as const)
  test(`${engine}: ${amount} remediations, a strike in each`, { timeout: amount * MOST_MS }, async () => {
    const three = await startThreeGates(database, {
      stopMs: STOP_MS,
      claimSeconds: CLAIM_SECONDS,
      windowSeconds: WINDOW_SECONDS,
      engine,
    });
    try {
      await check(`replicas, ${engine}`, three.url, await playAll(three, amount));
      if (engine === 'difficult') {
        for (const gate of three.gates)
          assert.match(gate.noise(), /^REFUSED 40001$/m, 'each gate was refused something since its last start');
      }
    } finally {
      await three.stop();
    }
  });
