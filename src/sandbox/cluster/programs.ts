// What the containers of the sandbox can run: a handful of programs that print, wait and end as the real ones do. Nothing is started.
import { plainText } from './json.ts';
import { pods } from './kinds.ts';
import type { Container, Pod } from './model.ts';
import type { World } from './world.ts';

/** The ends of a program: what it prints, how it waits, and whether anybody still listens. */
export interface ProgramIo {
  /** Resolves once the other side has taken it. */
  readonly print: (stream: 'stdout' | 'stderr', text: string | Buffer) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly isOpen: () => boolean;
}

/** Where it runs. */
export interface ProgramPlace {
  readonly world: World;
  readonly pod: Pod;
  readonly container: Container;
}

/** The exit code; null: the container has no such program. */
export type ProgramResult = number | null;

type Program = (io: ProgramIo, words: readonly string[], place: ProgramPlace) => Promise<number> | number;

const variablesOf = ({ pod, container }: ProgramPlace): ReadonlyMap<string, string> =>
  new Map([
    ['HOSTNAME', pod.metadata.name],
    ...(container.env ?? []).map(({ name, value }): [string, string] => [plainText(name), plainText(value)]),
  ]);

const PIECE = 64 * 1024;

const zeros = async (io: ProgramIo, count: number): Promise<number> => {
  for (let left = count; left > 0 && io.isOpen(); left -= PIECE)
    await io.print('stdout', Buffer.alloc(Math.min(left, PIECE)));
  return 0;
};

const PROGRAMS: Readonly<Record<string, Program>> = {
  true: () => 0,
  false: () => 1,
  echo: async (io, words) => {
    const [line, end] = words[0] === '-n' ? [words.slice(1), ''] : [words, '\n'];
    await io.print('stdout', `${line.join(' ')}${end}`);
    return 0;
  },
  printf: async (io, [format = '']) => {
    await io.print('stdout', printed(format));
    return 0;
  },
  hostname: async (io, _, { pod }) => {
    await io.print('stdout', `${pod.metadata.name}\n`);
    return 0;
  },
  env: async (io, _, place) => {
    await io.print('stdout', [...variablesOf(place)].map(([name, value]) => `${name}=${value}\n`).join(''));
    return 0;
  },
  printenv: async (io, [name = ''], place) => {
    const value = variablesOf(place).get(name);
    if (value !== undefined) await io.print('stdout', `${value}\n`);
    return value === undefined ? 1 : 0;
  },
  sleep: async (io, [seconds = '0']) => {
    const end = seconds === 'infinity' ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
    for (let slept = 0; slept < end && io.isOpen(); slept += 100) await io.sleep(Math.min(100, end - slept));
    return 0;
  },
  yes: async (io, [word = 'y']) => {
    while (io.isOpen()) await io.print('stdout', `${word}\n`.repeat(1000));
    return 0;
  },
  /** Of /dev/zero alone: bytes that are no text. */
  head: (io, words) => zeros(io, Number(words[words.indexOf('-c') + 1] ?? 0)),
  /** Of process 1: the kubelet starts the container anew. */
  kill: (_, words, { world, pod, container }) => {
    if (words.at(-1) !== '1') return 1;
    const live = world.storage.get(pods, pod.metadata.namespace ?? '', pod.metadata.name);
    if (live?.status === undefined) return 1;
    const containerStatuses = (live.status.containerStatuses ?? []).map((one) =>
      one.name === container.name
        ? { ...one, restartCount: one.restartCount + 1, containerID: `${one.containerID}-${one.restartCount + 1}` }
        : one,
    );
    world.storage.put(pods, { ...live, status: { ...live.status, containerStatuses } });
    return 0;
  },
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** \xHH is a byte, which need not be text. */
const printed = (format: string): Buffer =>
  Buffer.concat(
    [...format.matchAll(/\\x([0-9a-fA-F]{2})|\\(.)|[^\\]+/g)].map(([all, byte, letter]) =>
      byte === undefined
        ? Buffer.from(letter === undefined ? all : (ESCAPES[letter] ?? letter))
        : Buffer.from(byte, 'hex'),
    ),
  );

/** "a b" 'c d' e → its words; no substitutions but $NAME. */
const wordsOf = (text: string, variables: ReadonlyMap<string, string>): readonly string[] =>
  [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"|\$(\w+)/g, (_, single, double, name) =>
      name === undefined ? (single ?? double ?? '') : (variables.get(name) ?? ''),
    ),
  );

const TO_STDERR = '>&2';

/** Commands one after the other: `a; b && c >&2 || exit 3`. */
const runScript = async (io: ProgramIo, script: string, place: ProgramPlace): Promise<number> => {
  let code = 0;
  let joint = ';';
  // What is sent to standard error is no joint, though it has the same letter.
  for (const part of script.split(/(;|\n|\|\||(?<!>)&&)/)) {
    if (/^(?:;|\n|\|\||&&)$/.test(part)) {
      joint = part;
      continue;
    }
    const command = part.replace(TO_STDERR, '').trim();
    if (command === '' || (joint === '&&' && code !== 0) || (joint === '||' && code === 0)) continue;
    const out: ProgramIo = part.includes(TO_STDERR) ? { ...io, print: (_, said) => io.print('stderr', said) } : io;
    const words = wordsOf(command, variablesOf(place));
    if (words[0] === 'exit') return Number(words[1] ?? code);
    const ended = await runProgram(out, words, place);
    if (ended === null) await io.print('stderr', `sh: ${words[0]}: not found\n`);
    code = ended ?? 127;
  }
  return code;
};

/** Runs one program of the container by its words. */
export async function runProgram(
  io: ProgramIo,
  [name = '', ...words]: readonly string[],
  place: ProgramPlace,
): Promise<ProgramResult> {
  const program = name.slice(name.lastIndexOf('/') + 1);
  if (program === 'sh' && words[0] === '-c') return runScript(io, words[1] ?? '', place);
  if (!Object.hasOwn(PROGRAMS, program)) return null;
  return (await PROGRAMS[program]?.(io, words, place)) ?? null;
}
