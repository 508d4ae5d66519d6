// The heading of a screen; it takes the focus when another screen has gone and taken the focus with it.
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { hasMoved } from '../router.ts';

/** Where the keyboard is nowhere: what had the focus is no longer in the page. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** An h1. On the first screen of a visit the browser's own order stands, with its link to skip to the content. */
export function PageHeading({ children, className }: { children: ReactNode; className?: string }): ReactElement {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasMoved() && isFocusLost()) ref.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
