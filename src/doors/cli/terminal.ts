// The process's own streams as a Terminal.
import type { Terminal } from '../terminal/command.ts';
import { textLines } from '../terminal/text-lines.ts';

/** Synchronous writes, so that nothing is lost when the process ends; colour only on a terminal and without NO_COLOR. */
export function terminalOfProcess(): Terminal {
  quietBrokenPipe(process.stdout);
  quietBrokenPipe(process.stderr);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readIn: () => textLines(process.stdin),
    env: process.env,
    colour: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
  };
}

/** A reader that went away (head) ends the command quietly, as it does for other Unix programs. */
const quietBrokenPipe = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
};
