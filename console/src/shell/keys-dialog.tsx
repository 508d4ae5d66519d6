// The list of keyboard shortcuts.
import type { ReactElement } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.ts';

export function KeysDialog({ onClose }: { onClose: () => void }): ReactElement {
  const words = useWords();
  return (
    <Dialog title={words.keys.title} onClose={onClose}>
      <dl className="keys">
        {words.keys.rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(', ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-buttons">
        <button type="button" onClick={onClose}>
          {words.keys.close}
        </button>
      </div>
    </Dialog>
  );
}
