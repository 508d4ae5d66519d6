// A button that copies a text, and says that it did.
import { type ReactElement, useState } from 'react';
import { useWords } from '../words/words.ts';

/** Copies without the clipboard API, which a page over plain http does not have. */
const copyByHand = (text: string): void => {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
};

export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard === undefined) copyByHand(text);
  else await navigator.clipboard.writeText(text).catch(() => copyByHand(text));
}

export function CopyButton({ text, label }: { text: string; label: string }): ReactElement {
  const words = useWords();
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2_000);
  };
  return (
    <button type="button" className="quiet small" onClick={() => void copy()} title={label} aria-label={label}>
      <span aria-live="polite">{done ? words.proposal.copied : words.proposal.copy}</span>
    </button>
  );
}
