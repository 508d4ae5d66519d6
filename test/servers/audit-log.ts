// Reads the API server's audit log: the record of who wrote what, which no code of ours can colour.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** One answered request. `requestObject` is the body as sent, null where there was none (and for reads). */
export type AuditEvent = {
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent: string | null;
  readonly objectRef: {
    readonly resource: string;
    readonly namespace: string | null;
    readonly name: string | null;
    readonly apiGroup: string;
    readonly subresource: string | null;
  } | null;
  readonly requestObject: unknown;
  readonly responseStatus: { readonly code: number };
};

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/**
 * Every request in the log that `user` made to change something, dry runs included, oldest first. The server writes the line
 * just after it has answered: a test that looks at once waits until the line is there.
 */
export function writesOf(auditLogPath: string, user: string): readonly AuditEvent[] {
  return readAuditLog(auditLogPath).filter((event) => event.user.username === user && writes.has(event.verb));
}

/**
 * The byte behind the last complete line: where a later reading may begin. Not the size of the file: a long line is seen half
 * written, and a reading from the middle of it would find no JSON.
 */
export function auditLogEnd(auditLogPath: string): number {
  const file = openSync(auditLogPath, 'r');
  try {
    const part = Buffer.alloc(64 * 1024);
    for (let end = fstatSync(file).size; end > 0; end -= part.length) {
      const start = Math.max(0, end - part.length);
      const newline = part.subarray(0, readSync(file, part, 0, end - start, start)).lastIndexOf(10);
      if (newline >= 0) return start + newline + 1;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

const textFrom = (path: string, offset: number): string => {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(file);
  }
};

/** All lines of the log in order, from a byte of it on; a last line that is only half written is left out. */
export function readAuditLog(auditLogPath: string, offset = 0): readonly AuditEvent[] {
  const complete = textFrom(auditLogPath, offset).split('\n').slice(0, -1);
  return complete.map((line) => {
    // as: audit.k8s.io/v1 Event, whose empty fields the server leaves out.
    const event = JSON.parse(line) as Partial<AuditEvent> &
      Pick<AuditEvent, 'auditID' | 'verb' | 'requestURI' | 'user'>;
    const { objectRef } = event;
    return {
      auditID: event.auditID,
      verb: event.verb,
      requestURI: event.requestURI,
      user: event.user,
      userAgent: event.userAgent ?? null,
      objectRef: objectRef
        ? {
            resource: objectRef.resource,
            namespace: objectRef.namespace ?? null,
            name: objectRef.name ?? null,
            apiGroup: objectRef.apiGroup ?? '',
            subresource: objectRef.subresource ?? null,
          }
        : null,
      requestObject: event.requestObject ?? null,
      responseStatus: event.responseStatus ?? { code: 0 },
    };
  });
}
