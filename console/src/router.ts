// The page's address: path and query, kept in the browser's history. Only own paths.
import { useSyncExternalStore } from 'react';

let moved = false;
const listeners = new Set<() => void>();
const tell = (): void => {
  moved = true;
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', tell);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const address = (): string => `${window.location.pathname}${window.location.search}`;

/** Whether the page has gone anywhere since it was loaded. */
export function hasMoved(): boolean {
  return moved;
}

/** Goes to a path of this page. `replace`: the browser's "back" leaves it out. */
export function go(to: string, { replace = false } = {}): void {
  if (to === address()) return;
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  tell();
}

/** Where the page is now. */
export function useAddress(): { readonly path: string; readonly query: URLSearchParams } {
  const [path = '/', query = ''] = useSyncExternalStore(subscribe, address).split('?');
  return { path, query: new URLSearchParams(query) };
}

/** The same path with some values of the query changed; an empty value is taken out. */
export function withQuery(changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? window.location.pathname : `${window.location.pathname}?${text}`;
}
