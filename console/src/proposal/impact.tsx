// What the action touches and what depends on it: in words always, as a picture when it is asked for.
import { lazy, type ReactElement, Suspense, useMemo, useState } from 'react';
import { outlineOf } from '../../../src/core/text/impact-outline.ts';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useWords } from '../words/words.ts';
import { foldNear, groupName, groupRole, ROLE_ORDER } from './impact-groups.ts';
import { Section } from './section.tsx';

const Picture = lazy(() => import('./impact-picture.tsx').then((file) => ({ default: file.ImpactPicture })));

/** Of what was sealed before it was looked for. */
const NONE = { nodes: [], edges: [] };

/** More objects of a role than these are counted, not named, in words. */
const NAMED = 12;

export function ImpactPart({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  const outline = useMemo(() => outlineOf(proposal.spec.impact ?? NONE), [proposal.spec.impact]);
  const folded = useMemo(() => foldNear(outline), [outline]);
  useShortcuts({ i: () => setOpen(!isOpen) });
  const isEmpty = outline.groups.length === 0;
  return (
    <Section
      title={words.proposal.impact}
      testid="impact"
      aside={
        !isEmpty && (
          <button type="button" className="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? words.proposal.pictureHide : words.proposal.picture}
          </button>
        )
      }
    >
      {isEmpty && <p className="muted">{words.proposal.impactNone}</p>}
      <ul className="impact-list">
        {ROLE_ORDER.map((role) => {
          const its = outline.groups.filter((group) => groupRole(group) === role);
          if (its.length === 0) return null;
          return (
            <li key={role}>
              <span className={`pill role-${role}`}>{words.proposal.role[role]}</span>{' '}
              {its.slice(0, NAMED).map((group) => (
                <code key={group.id}>{plain(groupName(group, words))}</code>
              ))}
              {its.length > NAMED && <span className="muted"> + {its.length - NAMED}</span>}
            </li>
          );
        })}
      </ul>
      {isOpen && (
        <Suspense fallback={<p role="status">{words.proposal.pictureLoading}</p>}>
          {folded.count > 0 && <p className="muted">{words.proposal.pictureFolded(folded.count)}</p>}
          <Picture outline={folded.outline} />
        </Suspense>
      )}
    </Section>
  );
}
