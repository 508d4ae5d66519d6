// The people of now: people.yaml, read again whenever it changes.
import { readFileSync } from 'node:fs';
import { readPeople } from '../adapters/people/read-people.ts';
import type { People } from '../core/approval/people.ts';
import type { Log } from '../ports/log.ts';
import { digestOfText, type LoadedFile, type WatchedFile, watchFile } from './watched-file.ts';

const NOBODY: People = { people: [], agents: [] };

export interface LoadedPeople extends Omit<LoadedFile<People>, 'value'> {
  readonly people: People;
}

/** Reads the file once, for a start or a check; every problem is named. null: there is none, and nobody. */
export function loadPeople(path: string | null): LoadedPeople {
  if (path === null) return { people: NOBODY, problems: [], digest: '' };
  try {
    const text = readFileSync(path, 'utf8');
    const [result, digest] = [readPeople(text), digestOfText(text)];
    return result.ok
      ? { people: result.people, problems: [], digest }
      : { people: NOBODY, problems: result.problems.map((line) => `${path}: ${line}`), digest };
  } catch {
    return {
      people: NOBODY,
      problems: [`${path} cannot be read; BLASTGATE_PEOPLE must name an existing file`],
      digest: '',
    };
  }
}

/** The people of now; `onTaken` is told of each file that is taken, by its digest. */
export function watchPeople(path: string, log: Log, onTaken: (digest: string) => void = () => {}): WatchedFile<People> {
  return watchFile({
    file: 'people',
    path,
    load: () => {
      const { people: value, ...rest } = loadPeople(path);
      return { value, ...rest };
    },
    first: NOBODY,
    effect: 'the people of before stay; a person who should be gone is not gone until it is fixed',
    log,
    onTaken: ({ digest }) => onTaken(digest),
  });
}
