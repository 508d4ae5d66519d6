// One remediation: words first, then why, the change, the way back, who has agreed, and what happened.
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useResource } from '../api/gate.ts';
import type { Proposal } from '../api/types.ts';
import { rememberOpened } from '../queue/opened.ts';
import { go } from '../router.ts';
import { CopyButton, copyText } from '../ui/copy.tsx';
import { Link } from '../ui/link.tsx';
import { Loading, Notice, TroubleNotice } from '../ui/notice.tsx';
import { plain } from '../ui/others-words.ts';
import { StatePill, TierPill } from '../ui/pills.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { Ago, useNow } from '../ui/time.tsx';
import { useLang, useWords } from '../words/words.ts';
import { Command } from './command.tsx';
import { Decide } from './decide.tsx';
import { Diff } from './diff.tsx';
import { TargetHistory } from './history.tsx';
import { ImpactPart } from './impact.tsx';
import { Rollback } from './rollback.tsx';
import { ScoreStack } from './score-stack.tsx';
import { Section } from './section.tsx';
import { Timeline } from './timeline.tsx';
import { Votes } from './votes.tsx';

export function ProposalPage({ id }: { id: string }): ReactElement {
  const words = useWords();
  const found = useResource<Proposal>(
    `/v1/proposals/${encodeURIComponent(id)}?view=page`,
    (event) => event.proposal === id || event.event === 'superseded',
  );
  const value = found.is === 'ready' ? found.value : null;
  // The digest that is before the reader's eyes: it only changes when the reader says so.
  const [seen, setSeen] = useState<string | null>(null);
  useEffect(() => {
    if (value !== null && seen === null) setSeen(value.digest);
  }, [value, seen]);
  const h1 = useRef<HTMLHeadingElement>(null);
  const isThere = value !== null;
  useEffect(() => {
    if (!isThere) return;
    h1.current?.focus();
    rememberOpened(id);
  }, [isThere, id]);
  useShortcuts({ Escape: () => go('/'), c: () => value !== null && void copyText(value.digest) });
  if (found.is === 'trouble' && found.trouble.status === 404)
    return (
      <main id="content" className="alone">
        <Notice title={words.proposal.notHere}>
          <p>{words.proposal.notHereHint}</p>
          <Link href="/">{words.proposal.back}</Link>
        </Notice>
      </main>
    );
  if (found.is === 'trouble')
    return (
      <main id="content" className="alone">
        <TroubleNotice trouble={found.trouble} again={found.again} />
      </main>
    );
  if (found.is === 'loading')
    return (
      <main id="content" className="proposal">
        <Loading rows={8} />
      </main>
    );
  const proposal = found.value;
  return (
    <main id="content" className="proposal">
      <Head proposal={proposal} h1={h1} />
      <div className="columns">
        <aside className="side">
          <Decide
            proposal={proposal}
            seen={seen ?? proposal.digest}
            onReread={() => setSeen(proposal.digest)}
            onChanged={found.again}
          />
          <section className="part" aria-label={words.proposal.votes}>
            <h2>{words.proposal.votes}</h2>
            <Votes proposal={proposal} />
            <DigestLine digest={proposal.digest} />
            <Evidence proposal={proposal} />
            <ReviewLink proposal={proposal} />
          </section>
        </aside>
        <div className="body">
          <Parts proposal={proposal} />
        </div>
      </div>
    </main>
  );
}

const Parts = ({ proposal }: { proposal: Proposal }): ReactElement => {
  const hasRun = proposal.events.some(({ event }) => event === 'write-intended');
  return (
    <>
      <Refusals proposal={proposal} />
      {hasRun && <Timeline proposal={proposal} />}
      <Command command={proposal.spec.command} />
      <ScoreStack proposal={proposal} />
      <Diff proposal={proposal} />
      <ImpactPart proposal={proposal} />
      <Rollback proposal={proposal} />
      <Claims proposal={proposal} />
      <Constraints proposal={proposal} />
      <TargetHistory proposal={proposal} />
      <Output proposal={proposal} />
      {!hasRun && <Timeline proposal={proposal} />}
      <Raw proposal={proposal} />
    </>
  );
};

const Head = ({
  proposal,
  h1,
}: {
  proposal: Proposal;
  h1: React.RefObject<HTMLHeadingElement | null>;
}): ReactElement => {
  const words = useWords();
  const lang = useLang();
  const { told, spec } = proposal;
  const why = told?.[lang]?.why ?? proposal.why ?? null;
  return (
    <header className="head">
      <p className="head-line">
        <Link href="/">← {words.app.queue}</Link>
        <strong>{plain(proposal.incident)}</strong>
        {spec.cluster.name !== null && <strong data-testid="cluster">{plain(spec.cluster.name)}</strong>}
        <span className="muted">
          {words.queue.by} {plain(proposal.proposer)}, <Ago at={proposal.createdAt} />
        </span>
      </p>
      <div className="head-main">
        <p className={`score-big tier-${proposal.tier}`}>
          <span data-testid="score">{proposal.score ?? '?'}</span>
          <span className="muted"> / 100</span>
        </p>
        <div>
          <h1 ref={h1} tabIndex={-1}>
            {plain(told?.[lang]?.effect ?? spec.targetState)}
          </h1>
          <p className="head-state" aria-live="polite">
            <span data-testid="tier">
              <TierPill tier={proposal.tier} />
            </span>{' '}
            <StatePill state={proposal.state} />{' '}
            {
              // What to do while it waits stands beside it, with the buttons.
              proposal.state !== 'awaiting-approval' && (
                <span className="muted">{plain(told?.[lang]?.next ?? proposal.next)}</span>
              )
            }
          </p>
          {why !== null && <p className={proposal.state === 'succeeded' ? 'good-text' : 'warn-text'}>{plain(why)}</p>}
          {(proposal.doubt ?? null) !== null && (
            <div className="banner warn" role="alert" data-testid="doubt">
              <p>
                {words.proposal.doubt} {plain(proposal.doubt?.[lang])}
              </p>
              <p className="muted">{words.proposal.doubtHint}</p>
            </div>
          )}
        </div>
      </div>
    </header>
  );
};

const DigestLine = ({ digest }: { digest: string }): ReactElement => {
  const words = useWords();
  return (
    <p className="digest">
      <span className="muted">{words.proposal.digest}</span> <code data-testid="digest">{digest}</code>{' '}
      <CopyButton text={digest} label={words.proposal.copyDigest} />
    </p>
  );
};

/** Facts of so many milliseconds ago are old: an incident moves faster. */
const OLD_MS = 15 * 60_000;

const Evidence = ({ proposal }: { proposal: Proposal }): ReactElement => {
  const words = useWords();
  const now = useNow(10_000);
  if (proposal.spec.evidence === 'none') return <p className="warn-text">{words.proposal.evidenceNone}</p>;
  const at = proposal.evidenceAt ?? proposal.createdAt;
  const isOld = proposal.state === 'awaiting-approval' && now - Date.parse(at) > OLD_MS;
  return (
    <p className={isOld ? 'warn-text' : 'muted'}>
      {words.proposal.evidence} <Ago at={at} />
      {isOld && <>. {words.proposal.evidenceOld}</>}
    </p>
  );
};

/** Only an address of the web becomes a link, whatever the forge has answered. */
const ReviewLink = ({ proposal }: { proposal: Proposal }): ReactElement | null => {
  const words = useWords();
  const lang = useLang();
  const url = proposal.review?.issueUrl ?? null;
  const notice = proposal.told?.[lang]?.reviewNotice ?? proposal.reviewNotice ?? null;
  return (
    <>
      {url !== null && /^https?:\/\//.test(url) && (
        <p>
          <a href={url} target="_blank" rel="noreferrer noopener">
            {words.proposal.review} #{proposal.review?.issueNumber ?? ''}
          </a>
        </p>
      )}
      {notice !== null && notice !== '' && <p className="muted">{plain(notice)}</p>}
    </>
  );
};

const Refusals = ({ proposal }: { proposal: Proposal }): ReactElement | null => {
  const words = useWords();
  const lang = useLang();
  const refusals = proposal.told?.[lang]?.refusals ?? proposal.refusals;
  if (refusals.length === 0) return null;
  return (
    <Section title={words.proposal.refused}>
      {refusals.map(({ code, message, remedy }) => (
        <div key={code + message} className="banner bad">
          <p>
            {plain(message)} <code>{plain(code)}</code>
          </p>
          {remedy !== null && (
            <p>
              <strong>{words.proposal.doInstead}:</strong> {plain(remedy)}
            </p>
          )}
        </div>
      ))}
    </Section>
  );
};

/** Fenced off: others wrote it, and it may be written to hurry whoever reads it. */
const Claims = ({ proposal }: { proposal: Proposal }): ReactElement => {
  const words = useWords();
  return (
    <Section title={words.proposal.proposer}>
      <p className="muted small-text">{words.proposal.proposerNote}</p>
      <blockquote className="claims">{plain(proposal.diagnosis) || words.proposal.noDiagnosis}</blockquote>
    </Section>
  );
};

const Constraints = ({ proposal }: { proposal: Proposal }): ReactElement | null => {
  const words = useWords();
  const lang = useLang();
  const texts = proposal.told?.[lang]?.constraints ?? proposal.spec.constraints.map(({ text }) => text);
  if (texts.length === 0) return null;
  return (
    <Section title={words.proposal.constraints}>
      <ul>
        {texts.map((text) => (
          <li key={text}>{plain(text)}</li>
        ))}
      </ul>
    </Section>
  );
};

const Output = ({ proposal }: { proposal: Proposal }): ReactElement | null => {
  const words = useWords();
  const output = proposal.output ?? null;
  if (output === null) return null;
  return (
    <Section title={words.proposal.output}>
      <pre className="code">{plain(`${output.stdout}${output.stderr}`)}</pre>
      <p className="muted">exit {output.exitCode}</p>
    </Section>
  );
};

const Raw = ({ proposal }: { proposal: Proposal }): ReactElement => {
  const words = useWords();
  const text = JSON.stringify(proposal.spec, null, 2);
  return (
    <details className="part">
      <summary>{words.proposal.raw}</summary>
      <p className="muted">
        {words.proposal.rawHint} <CopyButton text={text} label={words.proposal.copySpec} />
      </p>
      <pre className="code raw">{plain(text)}</pre>
    </details>
  );
};
