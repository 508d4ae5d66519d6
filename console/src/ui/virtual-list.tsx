// A long list of rows of one height: only those in sight are in the page, so that 50,000 scroll as 50 do.
import { type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface VirtualListProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Draws one row; its element must be focusable by `[data-row="INDEX"]`. */
  readonly row: (item: T, index: number) => ReactNode;
  /** Pixels of a row, the same for all. */
  readonly height: number;
  readonly label: string;
  /** The index that shall be seen and focused; null: none. */
  readonly focused: number | null;
  /** Called when the end comes near. */
  readonly onNearEnd: () => void;
}

/** Rows that are drawn beyond each edge. */
const BEYOND = 8;

export function VirtualList<T>(props: VirtualListProps<T>): ReactElement {
  const { items, keyOf, row, height, label, focused, onNearEnd } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, size: 800 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = (): void => setView({ top: element.scrollTop, size: element.clientHeight });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / height) - BEYOND);
  const last = Math.min(items.length, Math.ceil((view.top + view.size) / height) + BEYOND);
  useEffect(() => {
    if (last >= items.length - BEYOND) onNearEnd();
  }, [last, items.length, onNearEnd]);
  useEffect(() => {
    const element = ref.current;
    if (focused === null || element === null) return;
    const top = focused * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight;
    requestAnimationFrame(() =>
      element.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus({ preventScroll: true }),
    );
  }, [focused, height]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className="virtual" ref={ref} aria-label={label} tabIndex={0}>
      <ul style={{ height: items.length * height }}>
        {items.slice(first, last).map((item, at) => (
          <li
            key={keyOf(item)}
            style={{ transform: `translateY(${(first + at) * height}px)`, height }}
            aria-setsize={items.length}
            aria-posinset={first + at + 1}
          >
            {row(item, first + at)}
          </li>
        ))}
      </ul>
    </section>
  );
}
