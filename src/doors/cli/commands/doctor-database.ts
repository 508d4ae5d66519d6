// Settings → what doctor says of a database that several gates share.
import { keepsWhatItSays, type StoreFacts } from '../../../ports/store-facts.ts';
import { OPEN } from '../../open-peers.ts';
import type { Settings } from '../../settings.ts';
import { type Finding, finding } from './finding.ts';

const CLOCK_TOLERANCE_MS = 5_000;
const SLOW_MS = 20;

export async function databaseFindings(settings: Settings): Promise<readonly Finding[]> {
  if (settings.storeUrl === null) return [];
  try {
    const facts = await OPEN.storeFacts(settings.storeUrl);
    return findingsOf(facts, { now: Date.now(), requiresSync: settings.storeRequiresSync });
  } catch (error) {
    // What is not known of the driver is said as it says it: the other services are looked at all the same.
    const said = error instanceof Error ? error.message : String(error);
    return [finding('store', 'fail', said, 'correct BLASTGATE_STORE, or the database (docs/operate.md)')];
  }
}

/** One line for what it is, one for each thing that an operator should know of. */
export function findingsOf(
  facts: StoreFacts,
  { now, requiresSync }: { readonly now: number; readonly requiresSync: boolean },
): readonly Finding[] {
  const { version, synchronousCommit, standbys, isolation, roundTripMs, clockMs } = facts;
  const said = `PostgreSQL ${version}, ${isolation}, synchronous_commit ${synchronousCommit}, ${roundTripMs.toFixed(1)} ms away`;
  const findings: Finding[] = [
    facts.isReadOnly
      ? finding(
          'store',
          'fail',
          `${said}: read-only`,
          'point BLASTGATE_STORE at the primary: nothing can be decided here',
        )
      : finding('store', 'ok', said),
  ];
  if (synchronousCommit === 'off' || synchronousCommit === 'local')
    findings.push(
      finding(
        'store',
        'warn',
        `synchronous_commit is ${synchronousCommit}: votes and writes that were acknowledged can be lost`,
        'set it to on for the role of the gate',
      ),
    );
  if (!keepsWhatItSays(facts))
    findings.push(
      finding(
        'store',
        requiresSync ? 'fail' : 'warn',
        standbys === ''
          ? 'no synchronous standby: after a switch to another machine the last votes and writes may be missing'
          : 'a standby need not have a step before it is acknowledged',
        'set synchronous_standby_names; BLASTGATE_STORE_REQUIRE_SYNC=true refuses to start without',
      ),
    );
  if (!facts.passesNotices)
    findings.push(
      finding(
        'store',
        'ok',
        'a pooler gives each transaction another connection: gates look each second for what others did',
      ),
    );
  if (roundTripMs > SLOW_MS)
    findings.push(
      finding(
        'store',
        'warn',
        `each statement takes ${roundTripMs.toFixed(0)} ms`,
        'put gate and database in one region',
      ),
    );
  const off = Math.abs(now - clockMs);
  if (off > CLOCK_TOLERANCE_MS)
    findings.push(
      finding(
        'clock',
        'warn',
        `this machine and the database are ${Math.round(off / 1000)} s apart`,
        'claims go by the database; set the clock of this machine for its logs',
      ),
    );
  return findings;
}
