// Runs work that Ctrl-C or a supervisor ends in order.

/** npm passes on the signal that the terminal has sent already: so soon it is no second one. */
const ECHO_MS = 1000;

/** The signal aborts at the first SIGINT, SIGTERM or SIGHUP; a later one ends at once. What `work` answers is the exit code. */
export async function untilSignal(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const ending = new AbortController();
  let first = 0;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (): void => {
    if (!ending.signal.aborted) first = performance.now();
    else if (performance.now() - first > ECHO_MS) process.exit(130);
    ending.abort();
  };
  for (const name of signals) process.on(name, end);
  const watch = watchParent(end);
  try {
    return await work(ending.signal);
  } finally {
    clearInterval(watch);
    for (const name of signals) process.off(name, end);
  }
}

/** A killed npm takes its shell along, and neither passes the signal on: who was started by a script ends with it. */
const watchParent = (gone: () => void): NodeJS.Timeout | undefined => {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, 500);
  return watch;
};
