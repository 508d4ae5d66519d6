// Changes the cluster: the only file that does.
import { setTimeout as pause } from 'node:timers/promises';
import { ExecutionPermit, type SealedWrite } from '../../core/approval/permit.ts';
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { Json } from '../../core/model/json.ts';
import type { ProgramRan } from '../../core/model/program-output.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterWriter, WriteAnswer, WriteControl, WriteIntent } from '../../ports/cluster-writer.ts';
import { keyedHash, newHashKey } from '../system/keyed-hash.ts';
import { asDryRun } from './as-dry-run.ts';
import { inBatches } from './batch.ts';
import { type ClusterClient, changesNothing } from './client.ts';
import { CONFLICT_LIMIT, isBusy, pauseAfterBusy, pauseAfterConflict } from './outrun.ts';
import type { CarriedOut, PlannedWrite, Running, WriteCheck } from './planned-write.ts';
import { plannedWrites } from './planned-writes.ts';
import { preflight } from './preflight.ts';
import { clusterUid } from './reader.ts';
import { rehearse } from './rehearse.ts';

/**
 * True when the API server has certainly not done it, and would not. 5xx is no such word: the store may have taken the write
 * although the answer was an error. Nor is 429: it may do it later.
 */
const isNo = (error: AdapterError): boolean =>
  error.kind === 'refused' && (error.status ?? 500) < 500 && !isBusy(error);

/** The object moved on, or away, since it was read. */
const isOutrun = (error: unknown): boolean =>
  error instanceof AdapterError && isNo(error) && (error.status === 409 || error.status === 404);

/** A clear no is a refusal; all else has no answer. */
const refusedOrUnheard = (error: unknown): WriteResult & { readonly outcome: 'refused' | 'unheard' } => {
  if (!(error instanceof AdapterError)) throw error;
  return isNo(error)
    ? { outcome: 'refused', why: error.message, written: 0 }
    : { outcome: 'unheard', why: error.message };
};

const assertGenuine = (permit: ExecutionPermit): void => {
  if (!ExecutionPermit.isGenuine(permit)) throw new Error('a write was asked for without a permit (this is a bug)');
};

const dryRun = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
): Promise<WriteResult> => {
  const objects: string[] = [];
  try {
    const plan = await preflight(client, permit, writes, signal);
    if (plan.kind === 'stopped') return plan.result;
    for (const [i, check] of plan.checks.entries()) {
      if (check.kind !== 'due') continue;
      try {
        const other = check.differs(await client.send(asDryRun(check.request), signal));
        if (other !== null) return { outcome: 'stale', code: 'dry-run-refused', why: other };
      } catch (error) {
        // It moved on in between: the write itself reads and compares again.
        const result = refusedOrUnheard(error);
        if (result.outcome === 'unheard') return result;
        if (!isOutrun(error)) return { outcome: 'stale', code: 'dry-run-refused', why: result.why };
      }
      objects.push(writes[i]?.name ?? '');
    }
  } catch (error) {
    return refusedOrUnheard(error);
  }
  return { outcome: 'written', objects };
};

type Written = CarriedOut | WriteCheck | { readonly kind: 'differs'; readonly why: string };

/** Writes one object, reading and comparing again on each conflict, or when the server had no time. `stopped`: a reason to go no further. */
const writeOne = async (
  client: ClusterClient,
  write: PlannedWrite,
  first: Exclude<WriteCheck, { readonly kind: 'stopped' }>,
  running: Running,
): Promise<Written> => {
  if (write.carryOut !== undefined) return write.carryOut(running);
  const { signal } = running;
  let check: WriteCheck = first;
  if (first.kind === 'due' && write.waitFor !== undefined) {
    await write.waitFor(AbortSignal.any([signal, running.stop]));
    // What came to pass in between has moved it.
    check = await write.check(signal);
  }
  for (let attempt = 1; check.kind === 'due'; attempt++) {
    try {
      const other: string | null = check.differs(await client.send(check.request, signal));
      return other === null ? { kind: 'done' } : { kind: 'differs', why: other };
    } catch (error) {
      if (!(isOutrun(error) || isBusy(error)) || attempt >= CONFLICT_LIMIT) throw error;
      await pause(isBusy(error) ? pauseAfterBusy(error) : pauseAfterConflict(attempt), undefined, { signal });
      check = await write.check(signal);
    }
  }
  return check;
};

/** Nobody listens, and nothing ends it early. */
const ALONE: WriteControl = { progressed: () => undefined, stop: new AbortController().signal };

const partsOf = ({ parts, name }: PlannedWrite): readonly string[] => parts ?? [name];

const writeAll = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
  { progressed, stop }: WriteControl,
): Promise<WriteAnswer> => {
  const objects: string[] = [];
  let ran: ProgramRan | null = null;
  const of = writes.flatMap(partsOf).length;
  const tell = (subject: string, waits: boolean): void => {
    if (of > 1) progressed({ done: objects.length, of, subject, waits });
  };
  const done = (part: string): void => {
    objects.push(part);
    tell(part, false);
  };
  const running: Running = { signal, stop, done, waits: (why) => tell(why, true) };
  try {
    const plan = await preflight(client, permit, writes, signal);
    if (plan.kind === 'stopped') return plan.result;
    for (const [i, write] of writes.entries()) {
      const check = plan.checks[i];
      if (check === undefined) throw new Error('a write without its check (this is a bug)');
      const after = await writeOne(client, write, check, running);
      if (after.kind === 'interrupted') return { outcome: 'unheard', why: 'the gate was ended in the middle of it' };
      if (after.kind === 'stopped')
        return objects.length === 0
          ? after.result
          : { outcome: 'refused', why: after.result.why, written: objects.length };
      if (after.kind === 'ran') ran = after.ran;
      if (write.parts === undefined) done(write.name);
      if (after.kind === 'differs') return { outcome: 'refused', why: after.why, written: objects.length };
    }
  } catch (error) {
    const result = refusedOrUnheard(error);
    return result.outcome === 'refused' ? { ...result, written: objects.length } : result;
  }
  return { outcome: 'written', objects, ...(ran === null ? {} : { program: ran }) };
};

const wasWritten = async (
  client: ClusterClient,
  { spec }: SealedWrite,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
): Promise<'all' | 'some' | 'none' | 'unknown'> => {
  if (writes.some(({ leavesNoTrace }) => leavesNoTrace === true)) return 'unknown';
  try {
    if ((await clusterUid(client, signal)) !== spec.cluster.uid) return 'unknown';
    const found = await inBatches(writes, (write) => write.shows(signal));
    const there = found.filter(Boolean).length;
    if (there === writes.length) return 'all';
    if (there > 0) return 'some';
    const begun = await inBatches(writes, async (write) => write.isBegun?.(signal) ?? false);
    return begun.includes(true) ? 'some' : 'none';
  } catch (error) {
    if (error instanceof AdapterError) return 'unknown';
    throw error;
  }
};

/** The same client, and what was last answered to a request that changes something, however it ended. */
const recordReplies = (client: ClusterClient) => {
  let last: ApiReply | null = null;
  const { sendForReply } = client;
  const send: ClusterClient['send'] = async (request, signal) => {
    if (sendForReply === undefined || changesNothing(request)) return client.send(request, signal);
    last = null;
    try {
      const reply = await sendForReply(request, signal);
      last = reply;
      return reply.body;
    } catch (error) {
      if (error instanceof AdapterError) last = error.reply;
      throw error;
    }
  };
  return { client: { ...client, send }, last: () => last };
};

/**
 * The writer over one cluster. Field manager `blastgate`; nothing is written but what the permit's spec names. `hash` names
 * values that may not be shown; by default under a key of this process alone.
 */
export function createClusterWriter(
  client: ClusterClient,
  hash: (value: Json) => string = keyedHash(newHashKey()),
): ClusterWriter {
  const writesOf = (permit: ExecutionPermit, intent: WriteIntent): readonly PlannedWrite[] => {
    assertGenuine(permit);
    return plannedWrites(client, permit, intent, hash);
  };
  return {
    hash,
    rehearse: (effects, targets, signal) => rehearse(client, effects, targets, hash, signal),
    dryRun: async (permit, intent, signal) => dryRun(client, permit, writesOf(permit, intent), signal),
    write: async (permit, intent, signal, control = ALONE) => {
      if (intent.wantsReply !== true) return writeAll(client, permit, writesOf(permit, intent), signal, control);
      assertGenuine(permit);
      const recording = recordReplies(client);
      const writes = plannedWrites(recording.client, permit, intent, hash);
      const answer = await writeAll(recording.client, permit, writes, signal, control);
      const reply = recording.last();
      // A no that was tried again, and found done, is not the answer.
      const fits = reply !== null && reply.status < 400 === (answer.outcome === 'written');
      return fits ? { ...answer, heard: reply } : answer;
    },
    wasWritten: async (sent, intent, signal) =>
      wasWritten(client, sent, plannedWrites(client, sent, intent, hash), signal),
  };
}
