// Verb and address of a logged request → whether it can only have read what anybody may read: nothing to judge.

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'head', 'options']);

/** Parts of a path behind which a read is more than that: Secrets, and what opens a connection into a pod or a service. */
const MORE_THAN_A_READ = /\/(?:secrets|exec|attach|portforward|proxy)(?:\/|$)/i;

/**
 * True for a read of no Secret and of no connection. In doubt (an address with encoded characters) false: then it is judged,
 * which takes longer and says the same.
 */
export function isPlainRead(verb: string, uri: string): boolean {
  if (!READS.has(verb)) return false;
  const query = uri.indexOf('?');
  const path = query === -1 ? uri : uri.slice(0, query);
  return !path.includes('%') && !MORE_THAN_A_READ.test(path);
}
