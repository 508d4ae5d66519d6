// The bytes of one record → why it is no action, where its first fields say so; null where it has to be parsed.
import { clusterPartOf } from '../../core/replay/actor-class.ts';
import { isPlainRead } from '../../core/replay/plain-read.ts';
import type { SkippedRecord } from '../../core/replay/replay-report.ts';

/** The fields of an event in the order in which the API server writes them; an address with an escape is left to the parser. */
const FIRST_FIELDS =
  /^\{"kind":"Event","apiVersion":"audit\.k8s\.io\/v1","level":"\w+","auditID":"[^"\\]*","stage":"(\w+)","requestURI":"([^"\\?]+)(?:\?(?:[^"\\]|\\.)*)?","verb":"([a-z]+)","user":\{"username":"([^"\\]+)"/;

/** Enough for these fields, but for addresses that are very long. */
const PEEKED_BYTES = 1024;

const IMPERSONATED = Buffer.from('"impersonatedUser"');

/** It says of every whole record what all of it would say, or nothing (src/adapters/audit-log/peek.test.ts). */
export function peekRecord(bytes: Buffer): SkippedRecord | null {
  const fields = FIRST_FIELDS.exec(bytes.toString('latin1', 0, PEEKED_BYTES));
  if (fields === null) return null;
  const [, stage = '', path = '', verb = '', user = ''] = fields;
  if (isPlainRead(verb, path)) return 'read';
  if (stage === 'RequestReceived') return 'other-stage';
  if (stage !== 'ResponseComplete') return null;
  const part = clusterPartOf(user);
  return part !== null && !bytes.includes(IMPERSONATED) ? part : null;
}
