// What people read of shadow mode, language by language: the shape that each language fills.

export interface ShadowWords {
  /** Above every list and in the log: what is only observed. */
  readonly notice: (what: string) => string;
  readonly everything: string;
  /** null: all of them. */
  readonly rule: (agents: string | null, namespaces: string | null, until: string) => string;
  /** Once a day in the chat. */
  readonly digest: (hours: number, passed: string) => string;
  readonly wouldHave: (auto: string, human: string, dual: string, blocked: string) => string;
  readonly refused: (count: string) => string;
  readonly look: string;
  readonly none: string;
  readonly title: string;
  readonly columns: {
    readonly [C in 'proposer' | 'action' | 'auto' | 'human' | 'dual' | 'blocked' | 'refused']: string;
  };
}
