// A request as the API server shows it to admission: what it would do to which object, after everything else has been decided.
import type { JsonObject } from './json.ts';

export interface ReviewedRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly group: string;
  /** Plural resource name. */
  readonly resource: string;
  readonly subresource: string | null;
  /** null for cluster-scoped objects. */
  readonly namespace: string | null;
  /** null: a collection, or the server names the object. */
  readonly name: string | null;
  /** As it would be, or what is asked of a subresource; null where there is none, as of a deletion. */
  readonly object: JsonObject | null;
  /** As it is; null where there is none yet. */
  readonly oldObject: JsonObject | null;
  /** The options of the request: of a deletion its DeleteOptions. */
  readonly options: JsonObject;
  /** Nothing would be persisted. */
  readonly dryRun: boolean;
}
