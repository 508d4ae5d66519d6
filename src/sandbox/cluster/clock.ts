// The sandbox's time: the system's, or one that is moved by hand (tests, and the days that the seed has already lived).

/** Time as the sandbox sees it. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `then` once after `ms`; the answer cancels it. */
  after(ms: number, then: () => void): () => void;
}

export const systemClock: SandboxClock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that stands still until it is advanced; what is due then runs in order, each at its own time. */
export class ManualClock implements SandboxClock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, then: () => void): () => void {
    const timer = { due: this.#now + ms, run: then };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves on by `ms`; `settle` runs after every timer, so that what it caused is done at its time too. */
  advance(ms: number, settle: () => void): void {
    const end = this.#now + ms;
    settle();
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      settle();
    }
    this.#now = end;
  }

  /** Gives everything that is still to come to another clock. */
  handOver(clock: SandboxClock): void {
    for (const { due, run } of this.#timers) clock.after(Math.max(0, due - clock.now()), run);
    this.#timers.clear();
  }
}

/** A clock that lives through the past quickly and then is `real`. */
export class SeededClock implements SandboxClock {
  readonly #real: SandboxClock;
  #past: ManualClock | null;

  constructor(real: SandboxClock, agoMs: number) {
    this.#real = real;
    this.#past = new ManualClock(real.now() - agoMs);
  }

  now(): number {
    return (this.#past ?? this.#real).now();
  }

  after(ms: number, then: () => void): () => void {
    if (this.#past === null) return this.#real.after(ms, then);
    return this.#past.after(ms, then);
  }

  /** Lives until `agoMs` before now; 0 ends the past. */
  liveUntil(agoMs: number, settle: () => void): void {
    const past = this.#past;
    if (past === null) return;
    past.advance(Math.max(0, this.#real.now() - agoMs - past.now()), settle);
    if (agoMs > 0) return;
    this.#past = null;
    past.handOver(this.#real);
  }
}
