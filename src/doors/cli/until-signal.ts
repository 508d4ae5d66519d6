// Runs work that Ctrl-C or a supervisor ends in order. It must never swallow the second signal: that one ends at once.

/** The signal aborts at the first SIGINT, SIGTERM or SIGHUP; what `work` answers is the exit code. */
export const untilSignal = async (work: (signal: AbortSignal) => Promise<number>): Promise<number> => {
  const ending = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (): void => {
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  for (const name of signals) process.on(name, end);
  try {
    return await work(ending.signal);
  } finally {
    for (const name of signals) process.off(name, end);
  }
};
