// Light or dark: as the system says, until the reader chooses.
import { useEffect, useState } from 'react';

export type Scheme = 'system' | 'light' | 'dark';
const KEPT = 'blastgate.scheme';

const kept = (): Scheme => {
  const text = localStorage.getItem(KEPT);
  return text === 'light' || text === 'dark' ? text : 'system';
};

/** The choice and how to change it; kept in this browser. */
export function useScheme(): readonly [Scheme, (scheme: Scheme) => void] {
  const [scheme, setScheme] = useState<Scheme>(kept);
  useEffect(() => {
    localStorage.setItem(KEPT, scheme);
    if (scheme === 'system') delete document.documentElement.dataset['scheme'];
    else document.documentElement.dataset['scheme'] = scheme;
  }, [scheme]);
  return [scheme, setScheme];
}
