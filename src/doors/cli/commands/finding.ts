// One line of `blastgate doctor`. It must never say that something is wrong without what to do.

export interface Finding {
  readonly check: string;
  /** `off`: not set up, which may be meant so. */
  readonly state: 'ok' | 'warn' | 'fail' | 'off';
  readonly message: string;
  readonly remedy: string | null;
}

export const finding = (
  check: string,
  state: Finding['state'],
  message: string,
  remedy: string | null = null,
): Finding => ({ check, state, message, remedy });
