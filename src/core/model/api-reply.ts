// What the API server answered to a write, for whoever sent the request through the gate.
import type { Json } from './json.ts';

/** Its status, its body, and the id under which its own audit log has the request (header Audit-Id); null where it tells none. */
export interface ApiReply {
  readonly status: number;
  readonly auditId: string | null;
  readonly body: Json;
}

/** What the trail holds of it. `body`: "sha256:…" over its canonical JSON, by which it is kept encrypted. */
export interface KeptReply {
  readonly status: number;
  readonly auditId: string | null;
  readonly body: string;
}

/** The request as it arrived at the proxy: what it has in common with each time it is sent again. */
export interface ArrivedRequest {
  /** "hmac-sha256:…" over agent, incident and the request in its one form. */
  readonly key: string;
  /** The client's process, as it says; null where it says none. */
  readonly session: string | null;
}
