// A history of many proposals, written straight into a data folder: most were blocked, some ran in the last month.
import { createHash, randomBytes } from 'node:crypto';
import { openSqliteStore } from '../src/adapters/store/sqlite/open.ts';
import { instant } from '../src/core/model/instant.ts';
import type { Outcome } from '../src/core/remediation/outcome.ts';
import type { Remediation } from '../src/core/remediation/remediation.ts';
import type { State } from '../src/core/remediation/state.ts';
import type { Digest } from '../src/core/sealed-spec/declarative-spec.ts';
import type { RemediationChange, Store } from '../src/ports/store.ts';

const BATCH = 500;
const DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
const never = new AbortController().signal;

/** Of a hundred: how they ended. Those that ran leave an outcome. */
const ENDS: readonly (readonly [State, number])[] = [
  ['blocked', 70],
  ['rejected', 10],
  ['succeeded', 19],
  ['rolled-back', 1],
];

const endOf = (n: number): State => {
  let rest = n % 100;
  for (const [state, share] of ENDS) {
    if (rest < share) return state;
    rest -= share;
  }
  return 'blocked';
};

const digestOf = (text: string): Digest => `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest; // as: a digest of nothing that was sealed

const outcomeOf = (remediation: Remediation, ended: string): Outcome => ({
  key: `declarative:${remediation.incident}`,
  incident: remediation.incident,
  digest: remediation.spec.digest,
  proposal: remediation.id,
  action: remediation.spec.action,
  target: remediation.spec.target,
  namespace: remediation.spec.namespace,
  objects: ['deployments.apps history/web'] as unknown as Outcome['objects'],
  blast_radius_score: remediation.spec.blastRadiusScore,
  tier: remediation.spec.tier,
  rolled_back: remediation.state === 'rolled-back',
  state: remediation.state,
  verdict: null,
  times: { proposed: ended, approved: ended, executed: ended, ended },
});

const changeOf = (model: Remediation, n: number, now: number, state: State): RemediationChange => {
  const incident = `INC-${state === 'awaiting-approval' ? 'W' : 'H'}${n}`;
  const spec = { ...model.spec, incident, digest: digestOf(incident) };
  const id = `p-${randomBytes(8).toString('hex')}`;
  const at = instant(now - ((n * 7919) % (DAYS * 24 * 3600)) * 1000 - 3600_000);
  const after: Remediation = {
    ...model,
    id,
    incident,
    state,
    spec,
    revision: 2,
    createdAt: at,
    changedAt: at,
    expiresAt: instant(now + DAYS * DAY_MS),
  };
  const ran = state === 'succeeded' || state === 'rolled-back';
  const { proposer, diagnosis } = after;
  return {
    after,
    before: 0,
    records: [
      { at, event: { event: 'proposed', id, incident, proposer, diagnosis, spec }, from: null, to: 'proposed' },
      {
        at,
        event: { event: 'decided', decision: model.decision as NonNullable<Remediation['decision']> },
        from: 'proposed',
        to: state,
      },
    ],
    due: state === 'awaiting-approval' ? instant(now + DAYS * DAY_MS) : null,
    claim: null,
    afterwards: 'release-claim',
    holds: [],
    tell: [],
    outcome: ran ? outcomeOf(after, at) : null,
  };
};

/** The newest proposal that people are asked about: what the history is made of. */
const modelOf = async (store: Store): Promise<Remediation> => {
  const filter = { state: 'awaiting-approval', incident: null } as const;
  const { remediations } = await store.remediations.page(filter, { limit: 1, before: null }, never);
  const [model] = remediations;
  if (model === undefined) throw new Error('nobody is asked about any proposal: there is none to make a history of');
  return model;
};

const saveAll = async (store: Store, count: number, make: (i: number) => RemediationChange): Promise<void> => {
  for (let n = 0; n < count; n += BATCH) {
    const changes = Array.from({ length: Math.min(BATCH, count - n) }, (_, i) => make(n + i));
    const saved = await store.remediations.save(changes, never);
    if (!saved.ok) throw new Error(`the history was refused: ${saved.why}`);
  }
};

/** Brings a data folder that no gate runs on from `from` to `to` ended proposals, made after one that people are asked about. */
export const fillHistory = async (dataDir: string, from: number, to: number): Promise<void> => {
  const store = await openSqliteStore(dataDir);
  try {
    const model = await modelOf(store);
    const now = Date.now();
    await saveAll(store, to - from, (i) => changeOf(model, from + i, now, endOf(from + i)));
  } finally {
    await store.close();
  }
};

/** Adds `count` proposals that people are asked about, the first of them numbered `from`; each with its digest, in order. */
export const fillWaiting = async (
  dataDir: string,
  from: number,
  count: number,
): Promise<readonly { readonly id: string; readonly digest: Digest }[]> => {
  const store = await openSqliteStore(dataDir);
  try {
    const model = await modelOf(store);
    const now = Date.now();
    const made: { readonly id: string; readonly digest: Digest }[] = [];
    await saveAll(store, count, (i) => {
      const change = changeOf(model, from + i, now, 'awaiting-approval');
      made.push({ id: change.after.id, digest: change.after.spec.digest });
      return change;
    });
    return made;
  } finally {
    await store.close();
  }
};
