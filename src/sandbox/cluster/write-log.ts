// The record of every write that reached the sandbox's API, for tests that count who changed what and how often.
// It only remembers; it never decides.
import type { ApiRequest, HttpRequest } from './request.ts';

export interface WriteRecord {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly dryRun: boolean;
  readonly userAgent: string;
  readonly fieldManager: string | null;
  readonly contentType: string;
  readonly body: string;
  /** The status it was answered with; null while it is carried out, or when no answer was sent. */
  readonly code: number | null;
}

const READS = new Set(['get', 'list', 'watch']);
const KEPT = 10_000;

export class WriteLog {
  readonly #records: WriteRecord[] = [];
  #seq = 0;

  /** Notes a write, a program that is run among them; reads, and questions about the caller, leave null. The answer is a function that notes how it ended. */
  note(http: HttpRequest, request: ApiRequest, at: string): ((code: number | null) => void) | null {
    const reads = READS.has(request.verb) && request.subresource !== 'exec';
    if (reads || request.kind.resource.startsWith('selfsubject')) return null;
    this.#seq += 1;
    const seq = this.#seq;
    this.#records.push({
      seq,
      at,
      method: http.method,
      path: http.path,
      query: http.query.toString(),
      verb: request.verb,
      resource: request.kind.resource,
      subresource: request.subresource,
      namespace: request.namespace,
      name: request.name,
      dryRun: isDryRun(http),
      userAgent: String(http.headers['user-agent'] ?? ''),
      fieldManager: http.query.get('fieldManager'),
      contentType: String(http.headers['content-type'] ?? ''),
      body: http.body,
      code: null,
    });
    if (this.#records.length > KEPT) this.#records.shift();
    return (code) => {
      const index = this.#records.findIndex((record) => record.seq === seq);
      const record = this.#records[index];
      if (record !== undefined) this.#records[index] = { ...record, code };
    };
  }

  all(): readonly WriteRecord[] {
    return [...this.#records];
  }
}

/** `dryRun=All` in the query, or in the options that a DELETE or an eviction carries. */
function isDryRun(http: HttpRequest): boolean {
  return http.query.get('dryRun') === 'All' || /"dryRun"\s*:\s*\[\s*"All"\s*\]/.test(http.body);
}
