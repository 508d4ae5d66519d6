// Remediations in SQLite: claimed under leases in memory.
import type { Kysely } from 'kysely';
import type { ClusterScope } from '../../../core/remediation/cluster-scope.ts';
import type { Lane, Remediations, Saved } from '../../../ports/store.ts';
import { type ChangeText, changeText } from '../queries/change-text.ts';
import type { Write } from '../queries/group-commit.ts';
import { prepared } from '../queries/prepared.ts';
import { readRemediation } from '../queries/readable.ts';
import { beingWrittenOf, bodyOf, remediationReads } from '../queries/remediations.ts';
import { type ClaimKeeper, saveChanges } from '../queries/save.ts';
import type { Tables } from '../queries/tables.ts';
import { clusterScopeOf, earlier, type ScopeValues, scopeValuesOf, waiting, writesNow } from '../queries/waiting.ts';
import { firstFree, Leases } from './leases.ts';

/** Memory follows no transaction: what it gives back is given back after the commit (save). */
const keeperOf = (leases: Leases): ClaimKeeper => ({
  isLatest: async (_, { proposal, token }) => leases.of(proposal)?.token === token,
  giveBack: async () => {},
});

const firstWaiting = prepared(
  (
    db,
    { limit, ...values }: ScopeValues & { readonly limit: number },
    shape: `${Lane} ${ClusterScope['kind']} ${boolean}`,
  ) => {
    // as: the three parts of the shape.
    const [lane, kind, isFull] = shape.split(' ') as [Lane, ClusterScope['kind'], `${boolean}`];
    return waiting(db, lane, clusterScopeOf(values, kind))
      .$if(isFull === 'true', (query) => query.where('state', '!=', 'approved'))
      .limit(limit);
  },
);

/** The same in texts, which are handed to another thread at a fifth of what objects cost. */
export interface RemediationTexts {
  bodyOf(id: string, signal: AbortSignal): Promise<string | null>;
  saveTexts(changes: readonly ChangeText[], signal: AbortSignal): Promise<Saved>;
}

export function sqliteRemediations(db: Kysely<Tables>, write: Write): Remediations & RemediationTexts {
  const leases = new Leases();
  const keeper = keeperOf(leases);
  const saveTexts: RemediationTexts['saveTexts'] = async (changes, signal) => {
    const saved = await saveChanges(write, keeper, changes, signal);
    if (saved.ok)
      for (const { claim, afterwards } of changes)
        if (claim !== null && afterwards === 'release-claim') leases.giveBack(claim.proposal);
    return saved;
  };
  return {
    ...remediationReads(db),

    beingWritten: async (now, signal) => {
      signal.throwIfAborted();
      return beingWrittenOf(db, leases.held(now));
    },

    bodyOf: (id, signal) => bodyOf(db, id, signal),
    save: (changes, signal) => saveTexts(changes.map(changeText), signal),
    saveTexts,

    claim: async ({ lane, scope, now, until, writesAtOnce }, signal) => {
      signal.throwIfAborted();
      const isFull = (await writesNow(db, leases.held(now), scope)) >= writesAtOnce;
      for (;;) {
        const row = await firstFree(leases, now, 'id', async (limit) => {
          const { rows } = await firstWaiting(
            db,
            { limit, ...scopeValuesOf(scope) },
            `${lane} ${scope.kind} ${isFull}`,
          );
          return rows;
        });
        const due = row?.due ?? null;
        if (row === null || due === null || due > now) return { ok: false, nextDue: earlier(due, leases.nextEnd(now)) };
        const { id: proposal, revision } = row;
        const { token } = leases.take(proposal, until);
        const remediation = readRemediation(row);
        if (remediation !== null) return { ok: true, claim: { proposal, token, revision }, remediation };
        // Damaged: it stays taken, so that those behind it have their turn; `doctor` and `audit verify` name it.
      }
    },

    prolong: async ({ proposal, token }, until, signal) => {
      signal.throwIfAborted();
      return leases.prolong(proposal, token, until);
    },

    postpone: async ({ proposal, token, revision }, due, signal) => {
      if (leases.of(proposal)?.token !== token) return;
      await write(async (trx) => {
        await trx
          .updateTable('remediations')
          .set({ due })
          .where('id', '=', proposal)
          .where('revision', '=', revision)
          .where('due', 'is not', null)
          .execute();
      }, signal);
      if (leases.of(proposal)?.token === token) leases.giveBack(proposal);
    },
  };
}
