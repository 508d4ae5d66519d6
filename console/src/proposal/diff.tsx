// What the write makes of its objects, side by side or inline.
import { type ReactElement, useMemo, useState } from 'react';
import { changeDiff } from '../../../src/core/text/change-diff.ts';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useWords } from '../words/words.ts';
import { inlineRows, type ObjectDiff, objectDiffs } from './diff-lines.ts';
import { Section } from './section.tsx';

type Layout = 'inline' | 'split';
const KEPT = 'blastgate.diff';

export function Diff({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const [layout, setLayout] = useState<Layout>(() => (localStorage.getItem(KEPT) === 'split' ? 'split' : 'inline'));
  const { changes, rehearsed, rehearsedWhy } = proposal.spec;
  const diffs = useMemo(() => objectDiffs(changeDiff(changes ?? [])), [changes]);
  const choose = (to: Layout): void => {
    localStorage.setItem(KEPT, to);
    setLayout(to);
  };
  useShortcuts({ d: () => choose(layout === 'split' ? 'inline' : 'split') });
  return (
    <Section
      title={words.proposal.change}
      testid="diff"
      aside={
        diffs.length > 0 && (
          <span className="segments">
            {(['inline', 'split'] as const).map((one) => (
              <button
                type="button"
                key={one}
                className="small"
                aria-pressed={layout === one}
                onClick={() => choose(one)}
              >
                {one === 'split' ? words.proposal.split : words.proposal.unified}
              </button>
            ))}
          </span>
        )
      }
    >
      {rehearsed !== null && rehearsed !== undefined && (
        <p className={rehearsed === 'passed' ? 'muted' : 'warn-text'}>
          {words.proposal.rehearsed[rehearsed]} {rehearsed !== 'passed' && plain(rehearsedWhy)}
        </p>
      )}
      {diffs.length === 0 && <p className="muted">{words.proposal.noDiff}</p>}
      {diffs.map((diff) => (
        <ObjectTable key={`${diff.op} ${diff.name}`} diff={diff} layout={layout} />
      ))}
    </Section>
  );
}

/** One object's lines; `layout` as the reader has chosen. */
export const ObjectTable = ({ diff, layout }: { diff: ObjectDiff; layout: Layout }): ReactElement => {
  const words = useWords();
  return (
    <figure className="diff-object">
      <figcaption>
        <code>{diff.name}</code> <span className="muted">{words.proposal.object[diff.op]}</span>
      </figcaption>
      {diff.rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
        <section className="scroll" tabIndex={0} aria-label={diff.name}>
          {layout === 'split' ? <SplitRows diff={diff} /> : <InlineRows diff={diff} />}
        </section>
      )}
    </figure>
  );
};

const TONE = { ' ': '', '-': 'removed', '+': 'added' } as const;

const InlineRows = ({ diff }: { diff: ObjectDiff }): ReactElement => (
  <table className="diff">
    <tbody>
      {inlineRows(diff.rows).map(({ sign, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a sealed diff never move.
        <tr key={at} className={TONE[sign]}>
          <td className="sign">{sign}</td>
          <td>{text}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const SplitRows = ({ diff }: { diff: ObjectDiff }): ReactElement => {
  const words = useWords();
  return (
    <table className="diff split">
      <thead>
        <tr>
          <th scope="col">{words.proposal.before}</th>
          <th scope="col">{words.proposal.after}</th>
        </tr>
      </thead>
      <tbody>
        {diff.rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a sealed diff never move.
          <tr key={at}>
            <td className={row.is === 'changed' && row.before !== null ? 'removed' : ''}>{row.before}</td>
            <td className={row.is === 'changed' && row.after !== null ? 'added' : ''}>{row.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
