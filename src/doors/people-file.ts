// The people of now: people.yaml, read again whenever it changes.
import { readFileSync, statSync } from 'node:fs';
import { readPeople } from '../adapters/people/read-people.ts';
import type { People } from '../core/approval/people.ts';
import type { Log } from '../ports/log.ts';

const NOBODY: People = { people: [], agents: [] };

/** Reads the file once, for a start or a check; every problem is named. null: there is none, and nobody. */
export function loadPeople(path: string | null): { readonly people: People; readonly problems: readonly string[] } {
  if (path === null) return { people: NOBODY, problems: [] };
  try {
    const result = readPeople(readFileSync(path, 'utf8'));
    return result.ok
      ? { people: result.people, problems: [] }
      : { people: NOBODY, problems: result.problems.map((line) => `${path}: ${line}`) };
  } catch {
    return { people: NOBODY, problems: [`${path} cannot be read; BLASTGATE_PEOPLE must name an existing file`] };
  }
}

/** Looked at on every question, read only when it changed. A file that went wrong means nobody, said once in the log. */
export function watchPeople(path: string, log: Log): () => People {
  let [stamp, people] = ['', NOBODY];
  return () => {
    const now = stampOf(path);
    if (now === stamp) return people;
    stamp = now;
    const loaded = loadPeople(path);
    people = loaded.people;
    if (loaded.problems.length > 0)
      log.error('people_unusable', {
        problems: [...loaded.problems],
        effect: 'nobody may do anything until it is fixed',
      });
    return people;
  };
}

const stampOf = (path: string): string => {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
};
