// A history of many proposals, written straight into a data folder: most were blocked, some ran in the last month.
import { createHash, randomBytes } from 'node:crypto';
import { openSqliteStore } from '../src/adapters/store/sqlite/open.ts';
import { instant } from '../src/core/model/instant.ts';
import type { Outcome } from '../src/core/remediation/outcome.ts';
import type { Remediation } from '../src/core/remediation/remediation.ts';
import type { State } from '../src/core/remediation/state.ts';
import type { Digest } from '../src/core/sealed-spec/declarative-spec.ts';
import type { RemediationChange } from '../src/ports/store.ts';

const BATCH = 500;
const DAYS = 30;
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

const changeOf = (model: Remediation, n: number, now: number): RemediationChange => {
  const [state, incident] = [endOf(n), `INC-H${n}`];
  const spec = { ...model.spec, incident, digest: digestOf(incident) };
  const id = `p-${randomBytes(8).toString('hex')}`;
  const at = instant(now - ((n * 7919) % (DAYS * 24 * 3600)) * 1000 - 3600_000);
  const after: Remediation = { ...model, id, incident, state, spec, revision: 2, createdAt: at, changedAt: at };
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
    due: null,
    claim: null,
    afterwards: 'release-claim',
    holds: [],
    tell: [],
    outcome: ran ? outcomeOf(after, at) : null,
  };
};

/** Brings a data folder that no gate runs on from `from` to `to` proposals, made after the newest one that is there. */
export const fillHistory = async (dataDir: string, from: number, to: number): Promise<void> => {
  const store = await openSqliteStore(dataDir);
  try {
    const { remediations } = await store.remediations.page(
      { state: null, incident: null },
      { limit: 1, before: null },
      never,
    );
    const [model] = remediations;
    if (model === undefined) throw new Error('there is no proposal to make a history of');
    const now = Date.now();
    for (let n = from; n < to; n += BATCH) {
      const changes = Array.from({ length: Math.min(BATCH, to - n) }, (_, i) => changeOf(model, n + i, now));
      const saved = await store.remediations.save(changes, never);
      if (!saved.ok) throw new Error(`the history was refused: ${saved.why}`);
    }
  } finally {
    await store.close();
  }
};
