// What a person signs by deciding, and the reason that they give.
import type { ReactElement } from 'react';
import { useWords } from '../words/words.ts';

interface SignedReasonProps {
  readonly digest: string;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}

export function SignedReason({ digest, reason, onReason }: SignedReasonProps): ReactElement {
  const words = useWords();
  return (
    <>
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
          onChange={(event) => onReason(event.target.value)}
        />
      </label>
    </>
  );
}
