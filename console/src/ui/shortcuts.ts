// Single keys that do something on a screen; never while a text is being written or a dialogue is open.
import { useEffect, useRef } from 'react';

export type Shortcuts = Readonly<Record<string, () => void>>;

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** A second key is waited for so long, in milliseconds. */
const SECOND_MS = 1_000;

/** Keys by name as KeyboardEvent.key gives them; "g q" is g, then q. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const newest = useRef(shortcuts);
  newest.current = shortcuts;
  useEffect(() => {
    let [first, since] = ['', 0];
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      if (isWriting(event.target) || document.querySelector('dialog[open]') !== null) return;
      const both = `${first} ${event.key}`;
      const name = event.timeStamp - since < SECOND_MS && Object.hasOwn(newest.current, both) ? both : event.key;
      [first, since] = [event.key, event.timeStamp];
      if (!Object.hasOwn(newest.current, name)) return;
      event.preventDefault();
      newest.current[name]?.();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
