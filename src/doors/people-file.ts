// The people of now: people.yaml, read again whenever it changes.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readPeople } from '../adapters/people/read-people.ts';
import type { People } from '../core/approval/people.ts';
import type { Log } from '../ports/log.ts';

const NOBODY: People = { people: [], agents: [] };

export interface LoadedPeople {
  readonly people: People;
  readonly problems: readonly string[];
  /** "sha256:" and hex of the file, as `sha256sum` prints it; "" where it cannot be read. */
  readonly digest: string;
}

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Reads the file once, for a start or a check; every problem is named. null: there is none, and nobody. */
export function loadPeople(path: string | null): LoadedPeople {
  if (path === null) return { people: NOBODY, problems: [], digest: '' };
  try {
    const text = readFileSync(path, 'utf8');
    const [result, digest] = [readPeople(text), digestOf(text)];
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

/**
 * Looked at on every question, read only when it changed. A file that went wrong changes nothing and is said in the log: those
 * of before stay until it is right, or the gate is started anew. `onChange` is told of each that is taken, by the digest of the file.
 */
export function watchPeople(path: string, log: Log, onChange: (digest: string) => void = () => {}): () => People {
  let [stamp, digest, people] = ['', '', NOBODY];
  return () => {
    const now = stampOf(path);
    if (now === stamp) return people;
    stamp = now;
    const loaded = loadPeople(path);
    if (loaded.problems.length > 0) {
      const effect = 'the people of before stay; a person who should be gone is not gone until it is fixed';
      log.error('people_unusable', { problems: [...loaded.problems], effect });
      return people;
    }
    people = loaded.people;
    const before = digest;
    digest = loaded.digest;
    if (digest !== before) onChange(digest);
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
