// What a tool is: its schemas, what it promises a client, and its run.
import type { z } from 'zod';
import type { Json } from '../../core/model/json.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import type { GateClient } from '../terminal/gate-client.ts';
import type { ToolAnswer } from './result.ts';
import type { WaitClock } from './wait-clock.ts';

/** Nobody answers, or nobody was named: the message says what to set or to look at. */
export class NoGate extends Error {
  override readonly name = 'NoGate';
}

/** The body of a request to the gate, made of a call's arguments. */
export type CommandArguments = Readonly<Record<string, Json>>;

/** What a tool reaches. Whoever calls is known to the gate by the token alone: nothing here says who. */
export interface Backend {
  /** Throws NoGate. */
  readonly gate: GateClient;
  /** Scores without a gate; null where there is always one. */
  readonly scoreHere: ((args: CommandArguments) => Promise<Readonly<Record<string, Json>>>) | null;
  readonly lang: Lang;
  readonly clock: WaitClock;
  /** Tells whoever runs this of a bug. */
  readonly report: (error: Error) => void;
  /** Aborts when the door ends: what waits answers at once. */
  readonly ending: AbortSignal;
  /** Counts a wait of this caller; null: too many are under way. */
  readonly beginWait: () => (() => void) | null;
}

export interface ToolCall {
  readonly backend: Backend;
  /** Aborts when the client takes the call back. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is, if it asked to be told. `done` and `total` in seconds. */
  readonly progress: (done: number, total: number, message: string) => Promise<void>;
}

/** Hints for a client's own confirmation, true of what the tool does (MCP, ToolAnnotations). */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** True where it reaches beyond the gate: a cluster. */
  readonly openWorldHint: boolean;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly annotations: Annotations;
  /** Arguments that do not fit `input` are a refusal that names each of them. */
  readonly run: (args: unknown, call: ToolCall) => Promise<ToolAnswer>;
}
