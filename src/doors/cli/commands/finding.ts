// One line of `blastgate doctor`.

export interface Finding {
  readonly check: string;
  /** `off`: not set up, which may be meant so. */
  readonly state: 'ok' | 'warn' | 'fail' | 'off';
  readonly message: string;
  readonly remedy: string | null;
}

export function finding(
  check: string,
  state: Finding['state'],
  message: string,
  remedy: string | null = null,
): Finding {
  return { check, state, message, remedy };
}
