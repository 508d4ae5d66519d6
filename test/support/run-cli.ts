// Words of our own command line → what it prints and how it ends, run as a process would run it.
import { runCli } from '../../src/doors/cli/main.ts';

export interface RanCli {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Both, in the order in which they came. */
  readonly said: string;
}

/** `lines`: of standard input; or `readIn`, which gives them. */
export const ranCli = async (
  argv: readonly string[],
  {
    env = {},
    lines = [],
    readIn,
  }: {
    readonly env?: NodeJS.ProcessEnv;
    readonly lines?: readonly string[];
    readonly readIn?: () => AsyncIterable<string>;
  } = {},
): Promise<RanCli> => {
  let [out, err, said] = ['', '', ''];
  const code = await runCli(argv, {
    out: (text) => {
      out += text;
      said += text;
    },
    err: (text) => {
      err += text;
      said += text;
    },
    readIn:
      readIn ??
      async function* () {
        yield* lines;
      },
    env,
    colour: false,
  });
  return { code, out, err, said };
};
