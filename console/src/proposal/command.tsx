// The command with its dangerous parts marked and named.
import type { ReactElement, ReactNode } from 'react';
import { CopyButton } from '../ui/copy.tsx';
import { plain } from '../ui/others-words.ts';
import { useWords } from '../words/words.ts';
import { markedCommand } from './marks.ts';
import { Section } from './section.tsx';

/** A line may end behind a hyphen: a flag stands in a box of its own, so that `-n` is not read as `-` and `n`. */
const wholeFlags = (text: string): readonly ReactNode[] =>
  text.split(/((?<!\S)-\S+)/).map((piece, at) =>
    at % 2 === 0 ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one command stay in their places.
      <span key={at} className="flag">
        {piece}
      </span>
    ),
  );

export function Command({ command }: { command: string }): ReactElement {
  const words = useWords();
  const pieces = markedCommand(plain(command));
  const marks = [...new Set(pieces.flatMap(({ mark }) => (mark === null ? [] : [mark])))];
  return (
    <Section title={words.proposal.command} aside={<CopyButton text={command} label={words.proposal.copyCommand} />}>
      <pre className="code command">
        {pieces.map(({ text, mark }, at) =>
          mark === null ? (
            wholeFlags(text)
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one command stay in their places.
            <mark key={at} className={`mark-${mark}`} title={words.proposal.marks[mark]}>
              {text}
            </mark>
          ),
        )}
      </pre>
      {marks.length > 0 && (
        <ul className="legend">
          {marks.map((mark) => (
            <li key={mark}>
              <mark className={`mark-${mark}`}>
                {[...new Set(pieces.filter((piece) => piece.mark === mark).map(({ text }) => text))].join(' ')}
              </mark>{' '}
              {words.proposal.marks[mark]}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
