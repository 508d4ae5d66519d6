// PostgreSQL's complaints as errors that say what to do.
import { ownValue } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Fate } from '../queries/group-commit.ts';

interface ErrorText {
  readonly kind: AdapterError['kind'];
  readonly reason: string;
  readonly says: string;
}

const UNREACHABLE: ErrorText = {
  kind: 'no-answer',
  reason: 'unreachable',
  says: 'cannot be reached: check that it runs, and the address in BLASTGATE_STORE',
};
const IN_THE_WAY: ErrorText = {
  kind: 'no-answer',
  reason: 'in-the-way',
  says: 'is being written by others: it is tried again',
};
const NO_ACCESS: ErrorText = {
  kind: 'refused',
  reason: 'no-access',
  says: 'refuses the account of BLASTGATE_STORE: check its name, password and rights',
};

/** By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html), else by its class, the first two characters. */
const ERRORS: { readonly [code: string]: ErrorText } = {
  '40001': IN_THE_WAY,
  '40P01': IN_THE_WAY,
  '55P03': IN_THE_WAY,
  '25006': {
    kind: 'refused',
    reason: 'read-only',
    says: 'is read-only now (a standby, or a switch under way): it is read, and nothing can be proposed, decided or run',
  },
  '25P03': UNREACHABLE,
  '57014': { kind: 'no-answer', reason: 'too-slow', says: 'took too long: nothing was saved' },
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  '53300': {
    kind: 'no-answer',
    reason: 'unreachable',
    says: 'has no connection left: raise max_connections, or put a pooler before it',
  },
  '3D000': {
    kind: 'refused',
    reason: 'cannot-open',
    says: 'does not exist: create it, or correct the name in BLASTGATE_STORE',
  },
  '42P01': {
    kind: 'refused',
    reason: 'empty',
    says: 'holds nothing of Blastgate yet: start a gate on it once, or correct its name in BLASTGATE_STORE',
  },
  '42501': NO_ACCESS,
  '28': NO_ACCESS,
  '08': UNREACHABLE,
  '53': {
    kind: 'refused',
    reason: 'disk-full',
    says: 'has no room left: free some space on its disk; nothing was saved',
  },
  '58': { kind: 'invalid-answer', reason: 'io', says: 'cannot be read or written by its server: check its disk' },
  XX: { kind: 'invalid-answer', reason: 'corrupt', says: 'is damaged: stop the gate, restore a backup' },
};

const NO_TLS: ErrorText = {
  kind: 'refused',
  reason: 'no-tls',
  says: 'offers no TLS, which sslmode in BLASTGATE_STORE asks for: switch it on there (ssl = on)',
};
const UNTRUSTED: ErrorText = {
  kind: 'refused',
  reason: 'not-trusted',
  says: 'shows a certificate that is not trusted: name the file of its authority in BLASTGATE_STORE (sslmode=verify-full&sslrootcert=FILE), and the host as the certificate does',
};
const NO_FILE: ErrorText = {
  kind: 'refused',
  reason: 'no-file',
  says: 'is not asked: a file that BLASTGATE_STORE names (sslrootcert, sslcert, sslkey) cannot be read',
};
const CERTIFICATE_REFUSED: ErrorText = {
  kind: 'refused',
  reason: 'no-access',
  says: 'does not take the certificate of this gate: name one that it trusts and that is not over in BLASTGATE_STORE (sslcert, sslkey)',
};
/** Alerts of the server about the certificate of its client. */
const ALERT = /^ERR_SSL_.*ALERT_.*(?:CERTIFICATE|UNKNOWN_CA)/;
/** Codes of TLS in Node for a certificate of an authority that is not known, that is over, or of another host. */
const CERTIFICATE = /CERT|^UNABLE_TO_/;

/** What the operating system or the driver says where no server answered. */
const NO_SERVER = /^(?:E[A-Z]+|ERR_(?:SSL|TLS)_.+)$/;
const CUT = /connection terminated|timeout exceeded when trying to connect|not queryable|client was closed/i;

const known = (error: Error): ErrorText | undefined => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.message === 'The server does not support SSL connections') return NO_TLS;
  if (ALERT.test(code)) return CERTIFICATE_REFUSED;
  if (CERTIFICATE.test(code)) return UNTRUSTED;
  if ('syscall' in error && error.syscall === 'open') return NO_FILE;
  if (NO_SERVER.test(code) || CUT.test(error.message)) return UNREACHABLE;
  // Two writers made the same next line of the chain: one of them tries again on the new head.
  if (code === '23505' && 'constraint' in error && error.constraint === 'audit_pkey') return IN_THE_WAY;
  return ownValue(ERRORS, code) ?? (code.length === 5 ? ownValue(ERRORS, code.slice(0, 2)) : undefined);
};

/** Any error of the driver as an AdapterError where it is known what to do; others come back as they are. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AdapterError) return error;
  const text = known(error);
  if (text === undefined) return error;
  return new AdapterError(text.kind, `The database ${text.says} (${error.message}).`, { reason: text.reason });
}

/** A statement that got no answer in time. */
export function noAnswerWithin(seconds: number): AdapterError {
  return new AdapterError('no-answer', `The database gave no answer within ${seconds} s: check it and the network.`, {
    reason: 'unreachable',
  });
}

const MAY_HAVE_BEEN_DONE = new Set(['unreachable', 'too-slow', 'read-only', 'disk-full', 'no-access']);

/** What an error of a whole transaction means to the queue of writes. */
export function pgFateOf(error: unknown): Fate {
  if (!(error instanceof AdapterError) || error.reason === null) return 'of-one';
  if (error.reason === IN_THE_WAY.reason) return 'again';
  return MAY_HAVE_BEEN_DONE.has(error.reason) ? 'lost' : 'of-one';
}
