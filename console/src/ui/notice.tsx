// Nothing there, not yet, or not at all: what it is and what to do.
import type { ReactElement, ReactNode } from 'react';
import type { Trouble } from '../api/client.ts';
import { useWords } from '../words/words.ts';
import { plain } from './others-words.ts';

export function Notice({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="notice">
      <p className="notice-title">{title}</p>
      <div className="muted">{children}</div>
    </div>
  );
}

export function Loading({ rows = 5 }: { rows?: number }): ReactElement {
  const words = useWords();
  return (
    <div className="loading" role="status" aria-label={words.trouble.loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never change.
        <div key={row} className="bone" />
      ))}
    </div>
  );
}

export function TroubleNotice({ trouble, again }: { trouble: Trouble; again: () => void }): ReactElement {
  const words = useWords();
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{plain(trouble.message)}</p>
      {trouble.remedy !== null && <p className="muted">{plain(trouble.remedy)}</p>}
      <button type="button" onClick={again}>
        {words.trouble.retry}
      </button>
    </div>
  );
}
