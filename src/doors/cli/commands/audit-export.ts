// `blastgate audit export`: the trail for keeping elsewhere, or for a collector of security events.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { AuditLine } from '../../../core/remediation/audit-line.ts';
import { timeOf } from '../../../core/remediation/audit-line.ts';
import { cefLine } from '../../../core/text/cef.ts';
import { ocsfEvent } from '../../../core/text/ocsf.ts';
import { trailRecords } from '../../../core/text/trail-record.ts';
import type { Trail } from '../../../ports/store.ts';
import { allLines } from '../../all-lines.ts';
import { jsonLine } from '../../json-line.ts';
import { CommandFailed, type CommandInput, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { versionOfPackage } from '../../version.ts';
import { sinceOf } from '../times.ts';

/** One line of output for one line of the trail. Told every line in order: later ones need what earlier ones said. */
type Format = (line: AuditLine) => string;

const FORMATS: ReadonlyMap<string, () => Format> = new Map([
  // As it was hashed.
  ['json', () => (line: AuditLine) => jsonLine(line)],
  [
    'cef',
    () => {
      const [recordOf, version] = [trailRecords(), versionOfPackage()];
      return (line: AuditLine) => cefLine(recordOf(line), version);
    },
  ],
  [
    'ocsf',
    () => {
      const [recordOf, version] = [trailRecords(), versionOfPackage()];
      return (line: AuditLine) => jsonLine(ocsfEvent(recordOf(line), version));
    },
  ],
]);

const instantOf = (input: CommandInput, name: 'since' | 'until'): string | null => {
  const given = input.values[name];
  if (typeof given !== 'string') return null;
  const at = sinceOf(given, Date.now());
  if (at === null) throw new UsageError(`--${name} is a time as 2026-11-26T13:00Z, or a span as 30m, 12h or 7d`);
  return at;
};

/** Lines of `since` or later and before `until`, one a line, to the terminal or into a new file of mode 600. */
export async function exportLines(trail: Trail, input: CommandInput, terminal: Terminal): Promise<number> {
  const format = FORMATS.get(String(input.values['format'] ?? 'json'))?.();
  if (format === undefined) throw new UsageError(`--format is one of ${[...FORMATS.keys()].join(', ')}`);
  const [since, until] = [instantOf(input, 'since'), instantOf(input, 'until')];
  const { out } = input.values;
  if (out === '') throw new UsageError('--out names a file');
  const target =
    typeof out === 'string' ? newFile(out) : { write: (text: string) => terminal.out(text), end: () => {} };
  try {
    for await (const line of allLines(trail)) {
      const text = format(line);
      const at = timeOf(line.deed);
      if ((since === null || at >= since) && (until === null || at < until)) target.write(`${text}\n`);
    }
  } finally {
    target.end();
  }
  return EXIT.auto;
}

/** Never over a file that is there: it may be the only copy of what was exported before. */
const newFile = (path: string): { write(text: string): void; end(): void } => {
  const file = orFailed(path, () => openSync(path, 'wx', 0o600));
  return {
    write: (text) => {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += orFailed(path, () => writeSync(file, bytes, done));
    },
    end: () => {
      orFailed(path, () => fsyncSync(file));
      closeSync(file);
    },
  };
};

/** A full disk, a folder that is not there: told with the file's name, never as a finished export. */
const orFailed = <T>(path: string, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw new CommandFailed(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
