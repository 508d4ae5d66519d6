// Which local files a command would read as manifests or patches, so that a door can send their bytes along.

import type { Command, TextCommand } from '../model/command.ts';
import { COMMAND_LIMIT_BYTES } from '../model/limits.ts';
import { parseKubectl } from './kubectl/parse.ts';
import { readPlain } from './shell/plain.ts';
import { readLine } from './shell/read-line.ts';
import { isUnknown } from './shell/unknown.ts';

const FILE_FLAGS = ['filename', 'patch-file'] as const;

/** Paths behind -f and --patch-file of every kubectl in the command; never "-", an address or a word that is not known. */
export function manifestPaths(command: Command): readonly string[] {
  if (command.kind === 'request') return [];
  const paths = argvsOf(command).flatMap((argv) => {
    const at = argv.indexOf('kubectl');
    if (at < 0) return [];
    const { flags } = parseKubectl(argv.slice(at + 1));
    return FILE_FLAGS.flatMap((name) => flags.get(name) ?? []);
  });
  return [...new Set(paths)].filter(
    (path) => path !== '' && path !== '-' && !/^https?:\/\//i.test(path) && !isUnknown(path),
  );
}

/** Nothing that takes no file is parsed twice: most commands end at the first test. */
const argvsOf = (command: TextCommand): readonly (readonly string[])[] => {
  const text = command.kind === 'line' ? command.line : command.argv.join(' ');
  if (text.length > COMMAND_LIMIT_BYTES || !/-[a-zA-Z]*f|file/.test(text)) return [];
  if (command.kind === 'argv') return [command.argv];
  const plain = readPlain(command.line);
  return plain !== null ? [plain] : readLine(command.line).commands.map(({ words }) => words.map((word) => word.text));
};
