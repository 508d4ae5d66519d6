// Rejecting: with the digest in sight and a reason that the proposer reads.
import { type ReactElement, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.ts';

interface RejectDialogProps {
  readonly digest: string;
  readonly onClose: () => void;
  readonly onReject: (reason: string) => void;
}

export function RejectDialog({ digest, onClose, onReject }: RejectDialogProps): ReactElement {
  const words = useWords();
  const [reason, setReason] = useState('');
  return (
    <Dialog title={words.decide.rejectTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') onReject(reason.trim());
        }}
      >
        <p className="muted">
          {words.decide.signing} <code>{digest.slice(0, 19)}</code>
        </p>
        <label className="field">
          {words.decide.reason}
          <textarea
            rows={3}
            maxLength={2000}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <p className="muted">{words.decide.reasonRequired}</p>
        <div className="dialog-buttons">
          <button type="button" onClick={onClose}>
            {words.decide.cancel}
          </button>
          <button type="submit" className="danger" disabled={reason.trim() === ''} data-testid="reject-confirm">
            {words.decide.reject}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
