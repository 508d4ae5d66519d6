// A saved step of a remediation → the spans that end with it. Ids are made of the proposal's own, so that whichever replica takes a step
// continues the same trace.
import { createHash } from 'node:crypto';
import { phasesEnding } from '../../core/remediation/durations.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal, type State } from '../../core/remediation/state.ts';
import type { RemediationChange } from '../../ports/store.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** One span of a trace; times in milliseconds since the epoch. */
export interface TraceSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly begun: number;
  readonly ended: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly at: number; readonly attributes: Attributes }[];
  /** Whether a person has to do something. */
  readonly status: 'ok' | 'error';
}

/** 16 hex digits, the same for the same part of the same proposal. */
const idOf = (proposal: string, part: string): string =>
  createHash('sha256').update(`${proposal}\n${part}`).digest('hex').slice(0, 16);

const ENDED_BADLY: ReadonlySet<State> = new Set<State>(['rolled-back', 'rollback-failed', 'handed-over', 'failed']);

/** [] for a remediation without a trace, or one whose trace nobody records. */
export function spansOf({ after, records }: Pick<RemediationChange, 'after' | 'records'>): readonly TraceSpan[] {
  const { trace, id } = after;
  if (trace === undefined || trace.recorded === 'no') return [];
  const root = idOf(id, 'remediation');
  const common = commonAttributes(after);
  const phases = phasesEnding(after, records).map((phase): TraceSpan => {
    const how = 'answer' in phase ? phase.answer : phase.end;
    return {
      traceId: trace.traceId,
      spanId: idOf(id, `${phase.kind} ${phase.begun}`),
      parentId: root,
      name: phase.kind,
      begun: Date.parse(phase.begun),
      ended: Date.parse(phase.ended),
      attributes: { ...common, 'blastgate.end': how },
      events: phase.kind === 'approval' ? votesOf(after) : [],
      status: how === 'refused' || how === 'unheard' || how === 'rolling-back' ? 'error' : 'ok',
    };
  });
  const last = records.at(-1);
  if (last === undefined || last.from === last.to || !isFinal(last.to)) return phases;
  return [
    ...phases,
    {
      traceId: trace.traceId,
      spanId: root,
      parentId: trace.parentId,
      name: 'remediation',
      begun: Date.parse(after.createdAt),
      ended: Date.parse(last.at),
      attributes: { ...common, 'blastgate.end': last.to },
      events: [],
      status: ENDED_BADLY.has(last.to) ? 'error' : 'ok',
    },
  ];
}

/** Names and numbers alone: what a command says may hold a secret, and stands in the proposal. */
const commonAttributes = ({ id, incident, proposer, spec }: Remediation): Attributes => ({
  'blastgate.proposal': id,
  'blastgate.incident': incident,
  'blastgate.proposer': proposer.id,
  'blastgate.digest': spec.digest,
  'blastgate.tier': spec.tier,
  ...(spec.blastRadiusScore === null ? {} : { 'blastgate.score': spec.blastRadiusScore }),
  ...(spec.namespace === null ? {} : { 'k8s.namespace.name': spec.namespace }),
});

const votesOf = ({ votes }: Remediation): TraceSpan['events'] =>
  votes.map(({ person, channel, decision, at }) => ({
    name: decision,
    at: Date.parse(at),
    attributes: { 'blastgate.person': person, 'blastgate.channel': channel },
  }));
