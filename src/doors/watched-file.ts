// A file of rules → what it says now: read again whenever it changes; one that went wrong changes nothing.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Log } from '../ports/log.ts';
import { labelValue } from './measures/label-value.ts';

/** A file as it was read once. */
export interface LoadedFile<T> {
  /** Holds nothing where there are problems. */
  readonly value: T;
  /** Everything that is wrong with it, each with its place. */
  readonly problems: readonly string[];
  /** "sha256:" and hex of the file, as `sha256sum` prints it; "" where it cannot be read. */
  readonly digest: string;
}

/** The name of a file of rules, as log, trail and metrics have it. */
export type RuleFile = 'people' | 'policy';

export interface WatchedFile<T> {
  /** What holds now. It is looked whether the file has changed, so that every question is answered by the newest that is usable. */
  readonly now: () => T;
  /** What is wrong with the file of now, while an earlier one holds; none: the file itself holds. */
  readonly problems: () => readonly string[];
  /** Of what holds now. */
  readonly digest: () => string;
}

interface Watching<T> {
  readonly file: RuleFile;
  readonly path: string;
  readonly load: () => LoadedFile<T>;
  /** What holds until the first file is read. */
  readonly first: T;
  /** What it means for people that the file of before holds. */
  readonly effect: string;
  readonly log: Log;
  /** Told of each content that is taken, once. */
  readonly onTaken: (taken: Pick<LoadedFile<T>, 'value' | 'digest'>) => void;
}

/** "sha256:" and hex of a text. */
export function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Looked at on every question, read only when it changed. A file that went wrong is said in the log once as FILE_unusable, and
 * what held before holds until it is right, or the gate is started anew.
 */
export function watchFile<T>({ file, path, load, first, effect, log, onTaken }: Watching<T>): WatchedFile<T> {
  let [stamp, digest] = ['', ''];
  let value = first;
  let problems: readonly string[] = [];
  const readAgain = (): void => {
    const loaded = load();
    const wasUnusable = problems.length > 0;
    problems = loaded.problems;
    if (problems.length > 0) {
      log.error(`${file}_unusable`, { problems: [...problems], effect });
      return;
    }
    if (wasUnusable) log.info(`${file}_usable_again`, { digest: loaded.digest });
    if (loaded.digest === digest) return;
    ({ value, digest } = loaded);
    onTaken(loaded);
  };
  return {
    now: () => {
      const found = stampOf(path);
      if (found !== stamp) {
        stamp = found;
        readAgain();
      }
      return value;
    },
    problems: () => problems,
    digest: () => digest,
  };
}

/** To the nanosecond: two writes of one length may follow each other closely. */
const stampOf = (path: string): string => {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
};

/** Digits of a digest that tell two contents apart, as people compare them. */
const SHOWN = 12;

/**
 * Whether each file of rules holds as it stands, and which content of each file holds, as Prometheus text. `store`: the database that
 * this gate shares with others, whose files should be the same; null: it shares none. `clusters`: the digest of clusters.yaml, null: there is none.
 */
export function fileMeasures(
  files: { readonly [file in RuleFile]: Pick<WatchedFile<unknown>, 'problems' | 'digest'> },
  { store, clusters }: { readonly store: string | null; readonly clusters: string | null },
): string {
  const digests = [
    ...Object.entries(files).map(([file, { digest }]) => [file, digest()] as const),
    ...(clusters === null ? [] : [['clusters', clusters] as const]),
  ];
  const shared = store === null ? '' : `,store="${labelValue(store)}"`;
  return [
    '# HELP blastgate_file_info The content of each file that holds now: gates on one store should agree on each.',
    '# TYPE blastgate_file_info gauge',
    ...digests.map(
      ([file, digest]) =>
        `blastgate_file_info{file="${file}",digest="${digest.replace(/^sha256:/, '').slice(0, SHOWN)}"${shared}} 1`,
    ),
    '# HELP blastgate_file_unusable 1 while a file of rules cannot be used and the one of before holds.',
    '# TYPE blastgate_file_unusable gauge',
    ...Object.entries(files).map(
      ([file, { problems }]) => `blastgate_file_unusable{file="${file}"} ${problems().length > 0 ? 1 : 0}`,
    ),
    '',
  ].join('\n');
}

/** What somebody who looks at a ready gate should know: a file that changed and does not hold. */
export function fileNotes(
  files: { readonly [file in RuleFile]: Pick<WatchedFile<unknown>, 'problems'> },
): readonly string[] {
  return Object.entries(files)
    .filter(([, { problems }]) => problems().length > 0)
    .map(([file]) => `the ${file} file cannot be used: the one of before holds; the log says what is wrong`);
}
