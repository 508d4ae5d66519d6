// A request of the gate's own account, as the API server shows it → admitted, where an approved write that is under way asks for it.
import { isPermitted, type PermitMeans, type UnderWay } from '../../core/approval/permitted.ts';
import { instant } from '../../core/model/instant.ts';
import type { Json } from '../../core/model/json.ts';
import { objectKey } from '../../core/model/object-ref.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import { within } from '../deadline.ts';
import { type Gate, isOfCluster } from '../gate.ts';
import type { Trials } from './trials.ts';

/** `proposal`: whose write it is; null: a dry run. `why`: English words, which the API server passes on. */
export type Admitted =
  | { readonly ok: true; readonly proposal: string | null }
  | { readonly ok: false; readonly why: string };

/** Reads the store each time and keeps nothing of it, so that what is over counts at once; never rejects. */
export type AdmissionCheck = (request: ReviewedRequest, signal: AbortSignal) => Promise<Admitted>;

/** So many programs are remembered as begun. */
const MOST_BEGUN = 1000;

/** `nameFor` as the writer names objects (ports/cluster-writer.ts). */
export function createAdmissionCheck(
  gate: Pick<Gate, 'store' | 'writer' | 'clock' | 'log' | 'clusters' | 'clusterName'>,
  trials: Trials,
  nameFor: PermitMeans['nameFor'],
): AdmissionCheck {
  const begun = new Set<string>();
  const isBegun = (intent: string): boolean => {
    const known = begun.has(intent);
    const [oldest] = begun.size >= MOST_BEGUN ? begun : [];
    if (oldest !== undefined) begun.delete(oldest);
    begun.add(intent);
    return known;
  };
  return async (request, signal) => {
    const answer = await decide(gate, trials, nameFor, request, signal).catch((error: unknown): Decided => {
      const why = error instanceof Error ? error.message : 'unknown';
      return { ok: false, why: `the gate cannot look: ${why}` };
    });
    const once = answer.ok && answer.run !== null && isBegun(answer.run) ? alreadyBegun : answer;
    const cluster = gate.clusters === undefined ? {} : { cluster: gate.clusterName };
    const about = { ...cluster, ...wordsOf(request), ...(once.ok ? { proposal: once.proposal } : { why: once.why }) };
    if (once.ok) gate.log.info('write_admitted', about);
    else gate.log.warn('write_not_admitted', about);
    return once.ok ? { ok: true, proposal: once.proposal } : once;
  };
}

/** `run`: the intent whose program it begins. */
type Decided =
  | { readonly ok: true; readonly proposal: string | null; readonly run: string | null }
  | { readonly ok: false; readonly why: string };

const alreadyBegun: Decided = { ok: false, why: 'this approved program has been begun already' };

const wordsOf = (request: ReviewedRequest): { readonly [field: string]: Json } => {
  const { operation, subresource, dryRun } = request;
  return { operation, object: objectKey(request), subresource, dryRun };
};

const decide = async (
  gate: Pick<Gate, 'store' | 'writer' | 'clock' | 'clusters' | 'clusterName'>,
  trials: Trials,
  nameFor: PermitMeans['nameFor'],
  request: ReviewedRequest,
  signal: AbortSignal,
): Promise<Decided> => {
  const { store, writer, clock } = gate;
  if (request.dryRun)
    return trials.covers(request)
      ? { ok: true, proposal: null, run: null }
      : { ok: false, why: 'no proposal on this object is being judged now' };
  for (const remediation of await store.remediations.beingWritten(instant(clock.now()), within('store', signal))) {
    const permit = isOfCluster(gate, remediation) ? underWay(remediation) : null;
    if (permit === null) continue;
    const hashes = permit.direction === 'forward' ? [] : deletionMarks(permit);
    const revealed =
      hashes.length === 0 ? new Map<string, Json>() : await store.hidden.reveal(hashes, within('store', signal));
    if (!isPermitted(permit, request, { hash: (value) => writer.hash(value), revealed, nameFor })) continue;
    const sentAt = remediation[permit.direction]?.sentAt ?? '';
    return {
      ok: true,
      proposal: remediation.id,
      run: request.operation === 'CONNECT' ? `${remediation.id} ${sentAt}` : null,
    };
  }
  return { ok: false, why: 'no approved write that is under way asks for this' };
};

/** What is written: the way back, once it is begun. */
const underWay = ({ spec, forward, back }: Remediation): UnderWay | null => {
  if (back !== null) return { direction: 'back', spec, intendedAt: back.intendedAt };
  return forward === null ? null : { direction: 'forward', spec, intendedAt: forward.intendedAt };
};

const deletionMarks = ({ spec }: UnderWay): readonly string[] =>
  changesOf(spec)
    .filter(({ op }) => op === 'delete')
    .flatMap(({ fields }) => fields.flatMap(({ path, hidden }) => (path === '' ? (hidden?.before ?? []) : [])));
