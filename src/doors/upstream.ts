// What the proxy needs of the API server; the wing of the cluster gives it (doors/open-cluster.ts).
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** One request as it goes on. `path` with its query. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
}

/** Who the agent is in the cluster. */
export interface ClusterIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface Upstream {
  /**
   * Reads and self-reviews, by the proxy's own account: as the agent where that account may impersonate, else as itself. Answers
   * when the head of the answer is there. Throws an Error where the API server does not answer.
   */
  read(request: UpstreamRequest, as: ClusterIdentity, signal: AbortSignal): Promise<IncomingMessage>;
  /**
   * A dry run by the account that writes; it throws where the request does not say that it is one, and TakesNoDryRun where a server
   * answers that may carry it out.
   */
  dryRun(request: UpstreamRequest, signal: AbortSignal): Promise<IncomingMessage>;
}

/** Sends as the agent by an account that may impersonate agents; never twice, since what passes here is a write (docs/shadow.md). */
export type SendAsAgent = (
  request: UpstreamRequest,
  as: ClusterIdentity,
  signal: AbortSignal,
) => Promise<IncomingMessage>;

/** Another server than the API server answers for the group. */
export class TakesNoDryRun extends Error {
  override readonly name = 'TakesNoDryRun';
}
