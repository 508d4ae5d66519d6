// Which remediation was opened last, so that whoever comes back to the list stands where they left it.
let opened: string | null = null;

export function rememberOpened(id: string): void {
  opened = id;
}

/** Once: the next call answers null. */
export function takeOpened(): string | null {
  const id = opened;
  opened = null;
  return id;
}
