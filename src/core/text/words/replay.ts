// The titles and fixed lines of what `blastgate replay` prints.

/** Why a record of an audit log is no action that is counted. */
type NotCountedWord =
  | 'read'
  | 'other-stage'
  | 'controller'
  | 'node'
  | 'system'
  | 'dry-run'
  | 'refused'
  | 'failed'
  | 'repeated';

export interface ReplayWords {
  readonly title: string;
  readonly records: (records: string, files: number) => string;
  /** In the place of `records`, of what was observed in shadow mode. */
  readonly observed: (requests: string) => string;
  readonly period: (from: string, to: string) => string;
  readonly policies: (policy: string, against: string | null) => string;
  readonly builtIn: string;
  /** What the numbers can and cannot say. */
  readonly lowerBound: string;
  readonly live: string;
  readonly nothing: string;
  readonly columns: {
    readonly [C in 'actor' | 'action' | 'auto' | 'human' | 'dual' | 'blocked' | 'refused' | 'noBody']: string;
  };
  readonly all: string;
  /** In the place of an action that nobody can tell. */
  readonly unknownAction: string;
  readonly refusedMeans: string;
  readonly asked: (asked: string, days: string, aDay: string) => string;
  readonly most: (day: string, human: string, dual: string) => string;
  readonly reasons: string;
  readonly changes: (policy: string, against: string) => string;
  readonly noChanges: string;
  readonly change: (requests: string) => string;
  readonly because: string;
  readonly onlyLimits: string;
  readonly absent: string;
  readonly first: string;
  readonly score: string;
  readonly notCounted: string;
  readonly why: { readonly [W in NotCountedWord]: string };
  readonly cannotTell: string;
  readonly noBody: (requests: string) => string;
  readonly patchType: (requests: string) => string;
  readonly labelBefore: (requests: string) => string;
  readonly unreadable: (records: string) => string;
  readonly cut: (file: string) => string;
  readonly idsFull: string;
  readonly unlisted: (requests: string) => string;
}
