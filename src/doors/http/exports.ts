// Outcomes and the audit trail as files, written as they are read: CSV for spreadsheets, JSON for programs.
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { eventNameOf, proposalOf, timeOf } from '../../core/remediation/audit-line.ts';
import type { Outcome } from '../../core/remediation/outcome.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { linePages } from '../all-lines.ts';
import { csvLine } from './csv.ts';
import { type App, serveEndpoint } from './endpoint.ts';

const PAGE = 200;

/** One kind of thing that can be had as a file. */
interface Exported<T> {
  readonly name: string;
  readonly pages: (gate: Gate, signal: AbortSignal) => AsyncGenerator<readonly T[]>;
  readonly columns: readonly (readonly [name: string, value: (one: T) => unknown])[];
}

const OUTCOMES: Exported<Outcome> = {
  name: 'outcomes',
  pages: async function* (gate, signal) {
    for (let before: number | null = null; ; ) {
      const page = await gate.store.history.outcomes({ limit: PAGE, before }, within('store', signal));
      yield page.outcomes;
      if (page.next === null) return;
      before = page.next;
    }
  },
  columns: [
    ['ended', ({ times }) => times.ended],
    ['incident', ({ incident }) => incident],
    ['proposal', ({ proposal }) => proposal],
    ['digest', ({ digest }) => digest],
    ['action', ({ action }) => action],
    ['namespace', ({ namespace }) => namespace],
    ['target', ({ target }) => target],
    ['tier', ({ tier }) => tier],
    ['score', ({ blast_radius_score: score }) => score],
    ['state', ({ state }) => state],
    ['rolled_back', ({ rolled_back: isBack }) => isBack],
    ['verdict', ({ verdict }) => verdict?.code],
    ['proposed', ({ times }) => times.proposed],
    ['approved', ({ times }) => times.approved],
    ['executed', ({ times }) => times.executed],
    ['break_glass_by', ({ breakGlass }) => breakGlass?.by],
    ['break_glass_reason', ({ breakGlass }) => breakGlass?.reason],
  ],
};

const AUDIT: Exported<AuditLine> = {
  name: 'audit',
  pages: (gate, signal) => linePages(gate.store.trail, () => within('store', signal), PAGE),
  columns: [
    ['seq', ({ seq }) => seq],
    ['at', ({ deed }) => timeOf(deed)],
    ['event', ({ deed }) => eventNameOf(deed)],
    ['proposal', ({ deed }) => proposalOf(deed)],
    ['from', ({ deed }) => (deed.kind === 'step' ? deed.record.from : null)],
    ['to', ({ deed }) => (deed.kind === 'step' ? deed.record.to : null)],
    ['who', ({ deed }) => whoOf(deed)],
    ['about', ({ deed }) => (deed.kind === 'note' ? deed.about : null)],
    ['hash', ({ hash }) => hash],
    ['prev', ({ prev }) => prev],
  ],
};

const whoOf = (deed: AuditLine['deed']): string | null => {
  if (deed.kind === 'note') return deed.who;
  const { event } = deed.record;
  if (event.event === 'voted') return event.vote.person;
  if (event.event === 'vote-withdrawn') return event.person;
  if (event.event === 'glass-broken') return event.breakGlass.by;
  if (event.event === 'proposed') return event.proposer.id;
  return event.event === 'cancelled' ? event.by : null;
};

async function* asCsv<T>({ pages, columns }: Exported<T>, gate: Gate, signal: AbortSignal): AsyncGenerator<string> {
  yield csvLine(columns.map(([name]) => name));
  for await (const page of pages(gate, signal))
    if (page.length > 0) yield page.map((one) => csvLine(columns.map(([, value]) => value(one)))).join('');
}

async function* asJson<T>({ pages }: Exported<T>, gate: Gate, signal: AbortSignal): AsyncGenerator<string> {
  let before = '[\n';
  for await (const page of pages(gate, signal))
    if (page.length > 0) {
      yield `${before}${page.map((one) => JSON.stringify(one)).join(',\n')}`;
      before = ',\n';
    }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Reads on when the reader has taken what came before. */
const streamOf = (texts: AsyncGenerator<string>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await texts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await texts.return(undefined);
    },
  });
};

export function serveExports(app: App, gate: Gate, ending: AbortSignal): void {
  serveExport(app, gate, OUTCOMES, ending);
  serveExport(app, gate, AUDIT, ending);
}

const serveExport = <T>(app: App, gate: Gate, exported: Exported<T>, ending: AbortSignal): void => {
  for (const [suffix, type, write] of [
    ['csv', 'text/csv; charset=utf-8', asCsv],
    ['json', 'application/json', asJson],
  ] as const)
    serveEndpoint(
      app,
      {
        method: 'get',
        path: `/v1/export/${exported.name}.${suffix}`,
        right: 'read',
        summary: `All of ${exported.name} as ${suffix.toUpperCase()}.`,
        body: null,
        query: null,
        answers: { 200: { description: type, schema: null } },
      },
      ({ c, signal }) => {
        const until = AbortSignal.any([signal, ending]);
        const headers = {
          'content-type': type,
          'content-disposition': `attachment; filename="blastgate-${exported.name}.${suffix}"`,
        };
        if (c.req.method === 'HEAD') return new Response(null, { headers });
        return new Response(streamOf(write(exported, gate, until)), { headers });
      },
    );
};
