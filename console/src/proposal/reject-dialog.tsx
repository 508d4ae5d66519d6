// Rejecting: with the digest in sight and a reason that the proposer reads.
import { type ReactElement, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.ts';
import { SignedReason } from './signed-reason.tsx';

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
        <SignedReason digest={digest} reason={reason} onReason={setReason} />
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
