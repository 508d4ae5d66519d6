// What a program in a container printed and how it ended, as it is kept and shown.

/** At most 64 KiB of text together; secrets are masked. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** It printed more than is kept. */
  readonly truncated: boolean;
}

/** A program that has run to its end. */
export interface ProgramRan {
  readonly output: ProgramOutput;
  /** Whether the pod was ready just before: one that was not is not blamed on the program. */
  readonly wasReady: boolean;
}

/** What the audit trail holds of it. `output`: "sha256:…" over its canonical JSON. */
export interface ProgramEnd {
  readonly exitCode: number;
  readonly truncated: boolean;
  readonly output: string;
  /** Whether the pod was ready just before: one that was not is not blamed on the program. */
  readonly wasReady: boolean;
}
