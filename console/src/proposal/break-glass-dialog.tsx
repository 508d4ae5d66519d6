// Break-glass: what it means, a reason, and that one takes the responsibility, before anything is sent.
import { type ReactElement, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.ts';
import { SignedReason } from './signed-reason.tsx';

interface BreakGlassDialogProps {
  readonly digest: string;
  readonly onClose: () => void;
  readonly onConfirm: (reason: string) => void;
}

export function BreakGlassDialog({ digest, onClose, onConfirm }: BreakGlassDialogProps): ReactElement {
  const words = useWords();
  const [reason, setReason] = useState('');
  const [isSure, setSure] = useState(false);
  const isReady = isSure && reason.trim() !== '';
  return (
    <Dialog title={words.decide.breakGlassTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onConfirm(reason.trim());
        }}
      >
        <p className="banner bad">{words.decide.breakGlassText}</p>
        <SignedReason digest={digest} reason={reason} onReason={setReason} />
        <label className="check">
          <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.target.checked)} />
          {words.decide.breakGlassConfirm}
        </label>
        <div className="dialog-buttons">
          <button type="button" onClick={onClose}>
            {words.decide.cancel}
          </button>
          <button type="submit" className="danger" disabled={!isReady} data-testid="break-glass-confirm">
            {words.decide.breakGlass}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
