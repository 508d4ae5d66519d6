// The audit trail, page by page, with what is known of its chain.
import { type ReactElement, useRef, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { useAsk, useResource } from '../api/gate.ts';
import type { AuditLine, AuditPage as Lines } from '../api/types.ts';
import { textAt } from '../proposal/event-text.ts';
import { go, useAddress, withQuery } from '../router.ts';
import { Link } from '../ui/link.tsx';
import { Loading, Notice, TroubleNotice } from '../ui/notice.tsx';
import { plain } from '../ui/others-words.ts';
import { Ago } from '../ui/time.tsx';
import { useWords } from '../words/words.ts';
import { ExportedHead } from './exported-head.tsx';

type Verified = Lines & { readonly verified?: { readonly ok: boolean; readonly lines: number } | null };

export function AuditPage(): ReactElement {
  const words = useWords();
  const { query } = useAddress();
  const [incident, event, since] = [query.get('incident') ?? '', query.get('event') ?? '', query.get('since') ?? ''];
  const asked = new URLSearchParams({ limit: '100' });
  if (incident !== '') asked.set('incident', incident);
  if (event !== '') asked.set('event', event);
  if (since !== '' && !Number.isNaN(Date.parse(since))) asked.set('since', new Date(since).toISOString());
  // Newest first where the whole trail is shown; a part of it is read as it happened.
  const isWhole = incident === '' && event === '' && since === '';
  if (isWhole) asked.set('order', 'newest');
  const path = `/v1/audit?${asked}`;
  const found = useResource<Verified>(path, ({ from, to }) => isWhole && from !== to);
  return (
    <main id="content" className="insight">
      <ExportedHead title={words.audit.title} name="audit" />
      <Chain verified={found.is === 'ready' ? (found.value.verified ?? null) : null} />
      <Filters incident={incident} event={event} since={since} />
      {found.is === 'loading' && <Loading rows={8} />}
      {found.is === 'trouble' && <TroubleNotice trouble={found.trouble} again={found.again} />}
      {found.is === 'ready' && <LineTable key={path} path={path} first={found.value} />}
    </main>
  );
}

const Chain = ({ verified }: { verified: { readonly ok: boolean; readonly lines: number } | null }): ReactElement => {
  const words = useWords();
  if (verified === null)
    return (
      <p className="muted">
        {words.audit.chained} {words.audit.notVerified} <code>blastgate audit verify</code>
      </p>
    );
  return verified.ok ? (
    <p className="good-text">{words.audit.verified(verified.lines)}</p>
  ) : (
    <p className="banner bad" role="alert">
      {words.audit.broken}
    </p>
  );
};

const Filters = ({ incident, event, since }: { incident: string; event: string; since: string }): ReactElement => {
  const words = useWords();
  const search = useRef<HTMLInputElement>(null);
  return (
    <form
      className="filters"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        go(withQuery({ incident: search.current?.value.trim() ?? '' }));
      }}
    >
      <input
        key={incident}
        ref={search}
        type="search"
        defaultValue={incident}
        placeholder={words.queue.incident}
        aria-label={words.queue.incidentHint}
      />
      <select
        aria-label={words.audit.event}
        value={event}
        onChange={({ target }) => go(withQuery({ event: target.value }))}
      >
        <option value="">{words.audit.anyEvent}</option>
        {Object.entries({ ...words.proposal.event, ...words.audit.note }).map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      <label>
        {words.audit.since}{' '}
        <input
          key={since}
          type="datetime-local"
          defaultValue={since}
          onChange={({ target }) => go(withQuery({ since: target.value }), { replace: true })}
        />
      </label>
    </form>
  );
};

const LineTable = ({ path, first }: { path: string; first: Lines }): ReactElement => {
  const words = useWords();
  const request = useAsk();
  const [more, setMore] = useState<Lines>({ lines: [], next: first.next });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const lines = [...first.lines, ...more.lines];
  const load = async (): Promise<void> => {
    try {
      const page = await request<Lines>(`${path}&cursor=${encodeURIComponent(more.next ?? '')}`);
      setMore({ lines: [...more.lines, ...page.lines], next: page.next });
      setTrouble(null);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setTrouble(error);
    }
  };
  if (lines.length === 0) return <Notice title={words.audit.empty}>{words.audit.emptyHint}</Notice>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className="scroll" tabIndex={0} aria-label={words.audit.title}>
      <table className="list">
        <thead>
          <tr>
            {[words.audit.line, words.audit.when, words.audit.what, words.audit.who, words.audit.about].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <LineRow key={line.seq} line={line} />
          ))}
        </tbody>
      </table>
      {more.next !== null && (
        <p>
          <button type="button" onClick={() => void load()}>
            {words.outcomes.more}
          </button>{' '}
          {trouble !== null && <span className="bad-text">{trouble.message}</span>}
        </p>
      )}
    </section>
  );
};

/** Who stands behind a step: the voter, the proposer, or who took it back. */
const whoOf = (event: unknown): string =>
  textAt(event, 'vote', 'person') ??
  textAt(event, 'proposer', 'id') ??
  textAt(event, 'breakGlass', 'by') ??
  textAt(event, 'by') ??
  textAt(event, 'person') ??
  '';

const LineRow = ({ line }: { line: AuditLine }): ReactElement => {
  const words = useWords();
  const { deed } = line;
  if (deed.kind === 'note')
    return (
      <tr>
        <td className="points">{line.seq}</td>
        <td>
          <Ago at={deed.at} />
        </td>
        <td>{words.audit.note[deed.what] ?? plain(deed.what)}</td>
        <td>{plain(deed.who)}</td>
        <td>{plain(deed.about)}</td>
      </tr>
    );
  const { event, at, from, to } = deed.record;
  return (
    <tr>
      <td className="points">{line.seq}</td>
      <td>
        <Ago at={at} />
      </td>
      <td>
        {words.proposal.event[event.event] ?? plain(event.event)}
        {from !== to && <span className="muted"> → {words.state[to] ?? to}</span>}
      </td>
      <td>{plain(whoOf(event))}</td>
      <td>
        <Link href={`/proposals/${encodeURIComponent(deed.proposal)}`}>{plain(deed.proposal)}</Link>
      </td>
    </tr>
  );
};
