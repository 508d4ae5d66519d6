// What `blastgate COMMAND --help` says, language by language: the shape that each language fills.

/** The commands that have a help text, as `src/doors/commands.ts` lists them. */
export const HELPED_COMMANDS = [
  'score',
  'evaluate',
  'propose',
  'status',
  'list',
  'show',
  'approve',
  'reject',
  'cancel',
  'break-glass',
  'outcomes',
  'pause',
  'resume',
  'audit',
  'store',
  'policy',
  'replay',
  'explain',
  'doctor',
  'guard-executor',
  'token',
  'login',
  'kubeconfig',
  'completion',
  'serve',
  'mcp',
  'demo',
  'sandbox',
] as const;
export type HelpedCommand = (typeof HELPED_COMMANDS)[number];

/** What an exit code means (contract section 1); `done` and `auto` are both 0. */
export type ExitMeaning =
  | 'done'
  | 'auto'
  | 'broken'
  | 'usage'
  | 'not-proven'
  | 'disproven'
  | 'human'
  | 'dual'
  | 'blocked'
  | 'refused';

export interface HelpWords {
  readonly about: string;
  readonly usage: string;
  readonly oneOfThem: string;
  readonly options: string;
  readonly example: string;
  readonly exitCodes: string;
  readonly exits: { readonly [E in ExitMeaning]: string };
  /** Options that mean the same wherever they are taken. */
  readonly common: {
    readonly output: string;
    readonly policy: string;
    readonly namespace: string;
    readonly command: string;
    readonly request: string;
    readonly stdin: string;
    readonly help: string;
  };
  readonly commands: {
    readonly [C in HelpedCommand]: {
      readonly summary: string;
      /** By the option's long name; those of `common` are not repeated. */
      readonly options: Readonly<Record<string, string>>;
    };
  };
}
