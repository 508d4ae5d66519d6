// A part of the screen with its heading; `testid` is pinned by the contract, section 11.
import { type ReactElement, type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly testid?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, testid, aside, children }: SectionProps): ReactElement {
  const id = useId();
  return (
    <section className="part" aria-labelledby={id} data-testid={testid}>
      <div className="part-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
