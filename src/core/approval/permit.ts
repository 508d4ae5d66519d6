// The right to write, made only from a sealed spec, its counted votes and the policy. It must never be stored or sent.
import type { DeclarativeSpec } from '../spec/declarative-spec.ts';

/** `forward`: the effects of the spec; `back`: its sealed rollback plan, after a forward write that reached the cluster. */
export type Direction = 'forward' | 'back';

/** Opens one direction of one approved digest. There is no public constructor: the mint functions below are the only door. */
export class ExecutionPermit {
  readonly #mark = true;
  readonly direction: Direction;
  readonly spec: DeclarativeSpec;

  private constructor(direction: Direction, spec: DeclarativeSpec) {
    this.direction = direction;
    this.spec = spec;
    Object.freeze(this);
  }

  /** True for a permit that was really minted here; a look-alike fails. */
  static isGenuine(value: ExecutionPermit): boolean {
    return #mark in value && value.#mark;
  }
}
