// Asks many questions a few at a time, answers in order.

const AT_ONCE = 8;

/** Rejects with the first failure; the rest of its batch is left to end by itself. */
export async function inBatches<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(ask))));
  return answers;
}
