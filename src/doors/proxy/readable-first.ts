// A dry run goes by the account that writes, and its answer shows the object → first the agent's own reading says whether it may see it.
import type { IncomingMessage } from 'node:http';
import type { ClusterIdentity, Upstream, UpstreamRequest } from '../upstream.ts';

/**
 * The API server's no to the agent's reading of the object, or of the collection, of this request; null: it may be read, or is not
 * there. What is made anew shows nothing but what was sent. Throws an Error where the API server does not answer.
 */
export async function refusedReading(
  { read }: Pick<Upstream, 'read'>,
  { method, path, headers }: UpstreamRequest,
  as: ClusterIdentity,
  signal: AbortSignal,
): Promise<IncomingMessage | null> {
  if (method === 'POST') return null;
  const [object = ''] = path.split('?');
  const { 'content-type': _, 'content-length': __, ...others } = headers;
  const asked = { method: 'GET', path: `${object}?limit=1`, headers: others, body: null };
  const answer = await read(asked, as, signal);
  if (answer.statusCode === 401 || answer.statusCode === 403) return answer;
  answer.resume();
  return null;
}
