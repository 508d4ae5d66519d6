// Where a person decides: on the digest that is on the screen, and on no other.
import { type ReactElement, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { useAsk, useGate } from '../api/gate.ts';
import type { Proposal } from '../api/types.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { plain } from '../ui/others-words.ts';
import { isFocusLost } from '../ui/page-heading.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useLang, useWords } from '../words/words.ts';
import { BreakGlassDialog } from './break-glass-dialog.tsx';
import { type Hindrance, hindranceOf, mayBreakGlass, mayTakeBack, ownVote } from './may-decide.ts';
import { RejectDialog } from './reject-dialog.tsx';

interface DecideProps {
  readonly proposal: Proposal;
  /** The digest since the page was opened. */
  readonly seen: string;
  /** Reads the proposal anew, and lets the newest digest be the one that is seen. */
  readonly onReread: () => void;
  readonly onChanged: () => void;
}

type Action = 'approve' | 'reject' | 'take-back' | 'break-glass';
type Said =
  | { readonly is: 'nothing' }
  | { readonly is: 'sending' }
  | { readonly is: 'done'; readonly text: string }
  | { readonly is: 'trouble'; readonly trouble: Trouble };

/** Sends what was decided; one at a time. */
const useDecisions = ({ proposal, seen, onChanged }: DecideProps) => {
  const words = useWords();
  const request = useAsk();
  const [said, setSaid] = useState<Said>({ is: 'nothing' });
  const path = `/v1/proposals/${encodeURIComponent(proposal.id)}`;
  const send = async (action: Action, reason: string): Promise<void> => {
    if (said.is === 'sending') return;
    setSaid({ is: 'sending' });
    const given = reason === '' ? {} : { reason };
    try {
      if (action === 'take-back') await request(`${path}/votes`, { method: 'DELETE' });
      else if (action === 'break-glass')
        await request(`${path}/break-glass`, { method: 'POST', body: { digest: seen, reason } });
      else await request(`${path}/votes`, { method: 'POST', body: { decision: action, digest: seen, ...given } });
      const text = {
        approve: words.decide.approvedDone,
        reject: words.decide.rejectedDone,
        'take-back': words.decide.takenBack,
        'break-glass': words.decide.breakGlassDone,
      }[action];
      setSaid({ is: 'done', text });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setSaid({ is: 'trouble', trouble: error });
    }
    onChanged();
  };
  return { said, send };
};

export function Decide(props: DecideProps): ReactElement | null {
  const { proposal, seen, onReread } = props;
  const words = useWords();
  const { session, link } = useGate();
  const { said, send } = useDecisions(props);
  const [dialog, setDialog] = useState<'reject' | 'break-glass' | null>(null);
  const ref = useRef<HTMLDivElement>(null);
  const { person } = session;
  const hindrance = person === null ? 'no-right' : hindranceOf(proposal, seen);
  const mayReject = hindrance === null || hindrance === 'only-reject';
  const canTakeBack = person !== null && mayTakeBack(proposal);
  const mayBreak = person !== null && mayBreakGlass(proposal, seen);
  useShortcuts({
    a: () => ref.current?.querySelector<HTMLElement>('[data-testid="approve"]')?.focus(),
    r: () => mayReject && setDialog('reject'),
    u: () => canTakeBack && void send('take-back', ''),
  });
  return (
    <div className="decide" ref={ref}>
      <h2>{words.decide.title}</h2>
      {hindrance !== null && person !== null && (
        <Why
          hindrance={hindrance}
          proposal={proposal}
          vote={ownVote(proposal, person)?.decision ?? null}
          onReread={onReread}
        />
      )}
      {mayReject && link === 'lost' && <p className="warn-text">{words.decide.stale}</p>}
      <Buttons {...props} hindrance={hindrance} said={said} send={send} onReject={() => setDialog('reject')} />
      <div className="decide-more">
        {canTakeBack && (
          <button type="button" onClick={() => void send('take-back', '')}>
            {words.decide.takeBack}
          </button>
        )}
        {mayBreak && (
          <button type="button" className="danger quiet" onClick={() => setDialog('break-glass')}>
            {words.decide.breakGlass}
          </button>
        )}
      </div>
      <Outcome said={said} box={ref} />
      {dialog === 'reject' && (
        <RejectDialog
          digest={seen}
          onClose={() => setDialog(null)}
          onReject={(reason) => {
            setDialog(null);
            void send('reject', reason);
          }}
        />
      )}
      {dialog === 'break-glass' && (
        <BreakGlassDialog
          digest={seen}
          onClose={() => setDialog(null)}
          onConfirm={(reason) => {
            setDialog(null);
            void send('break-glass', reason);
          }}
        />
      )}
    </div>
  );
}

interface ButtonsProps extends DecideProps {
  readonly hindrance: Hindrance;
  readonly said: Said;
  readonly send: (action: Action, reason: string) => Promise<void>;
  readonly onReject: () => void;
}

/** Approve and reject; what two people approve must be held. */
const Buttons = ({ proposal, hindrance, said, send, onReject }: ButtonsProps): ReactElement | null => {
  const words = useWords();
  const [reason, setReason] = useState('');
  const hint = useId();
  const mayReject = hindrance === null || hindrance === 'only-reject';
  if (!mayReject && hindrance !== 'newer') return null;
  const needsReason = proposal.needed.reasonRequired === true;
  const isOff = hindrance !== null || said.is === 'sending' || (needsReason && reason.trim() === '');
  const isDual = proposal.needed.approvals > 1;
  const approve = (): void => void send('approve', reason.trim());
  return (
    <>
      {hindrance === null && (
        <label className="field">
          {needsReason ? words.decide.reasonMissing : words.decide.reasonOptional}
          <input value={reason} maxLength={2000} onChange={(event) => setReason(event.target.value)} />
        </label>
      )}
      <div className="decide-buttons">
        {isDual ? (
          <HoldButton
            testid="approve"
            describedBy={hint}
            disabled={isOff}
            onHeld={approve}
            label={said.is === 'sending' ? words.decide.sending : words.decide.hold}
            holding={words.decide.holding}
            again={words.decide.again}
          />
        ) : (
          <button type="button" className="primary" data-testid="approve" disabled={isOff} onClick={approve}>
            {said.is === 'sending' ? words.decide.sending : words.decide.approve}
          </button>
        )}
        <button
          type="button"
          className="danger"
          data-testid="reject"
          disabled={!mayReject || said.is === 'sending'}
          onClick={onReject}
        >
          {words.decide.reject}
        </button>
      </div>
      {isDual && (
        <p id={hint} className="muted small-text">
          {words.decide.holdHint}
        </p>
      )}
    </>
  );
};

interface WhyProps {
  readonly hindrance: Exclude<Hindrance, null>;
  readonly proposal: Proposal;
  readonly vote: 'approve' | 'reject' | null;
  readonly onReread: () => void;
}

const Why = ({ hindrance, proposal, vote, onReread }: WhyProps): ReactElement => {
  const words = useWords();
  const lang = useLang();
  if (hindrance === 'only-reject')
    return <p className="warn-text">{plain(proposal.yours?.approve?.told[lang] ?? words.decide.notOpen)}</p>;
  if (hindrance === 'newer')
    return (
      <div className="banner warn" role="alert">
        <p>{words.decide.newer}</p>
        {proposal.state === 'superseded' ? (
          <a href={`/?incident=${encodeURIComponent(proposal.incident)}`}>{words.decide.showNewer}</a>
        ) : (
          <button type="button" onClick={onReread}>
            {words.decide.showNewer}
          </button>
        )}
      </div>
    );
  const text = {
    'not-open': words.decide.notOpen,
    'no-right': words.decide.noRight,
    own: words.decide.own,
    voted: vote === 'reject' ? words.decide.youRejected : words.decide.youApproved,
  }[hindrance];
  return <p className="muted">{text}</p>;
};

/** What became of it. It takes the focus of the button that was pressed: that one may be gone by now. */
const Outcome = ({ said, box }: { said: Said; box: RefObject<HTMLElement | null> }): ReactElement => {
  const words = useWords();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (said.is !== 'done' && said.is !== 'trouble') return;
    if (isFocusLost() || box.current?.contains(document.activeElement) === true) ref.current?.focus();
  }, [said, box]);
  const here = encodeURIComponent(window.location.pathname);
  return (
    <div aria-live="assertive" tabIndex={-1} ref={ref} data-testid="outcome">
      {said.is === 'done' && <p className="good-text">{said.text}</p>}
      {said.is === 'trouble' && (
        <div className="banner bad">
          <p>{said.trouble.code === 'login-again' ? words.decide.loginAgain : plain(said.trouble.message)}</p>
          {said.trouble.code === 'login-again' ? (
            <a className="button" href={`/login/oidc?to=${here}&again=1`}>
              {words.decide.loginAgainButton}
            </a>
          ) : (
            said.trouble.remedy !== null && <p className="muted">{plain(said.trouble.remedy)}</p>
          )}
        </div>
      )}
    </div>
  );
};
