import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { databaseError } from './errors.ts';

test('of a certificate it is said whose is not taken, and by whom', () => {
  for (const [code, said] of [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /shows a certificate that is not trusted/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /shows a certificate that is not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /shows a certificate that is not trusted/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /does not take the certificate of this gate/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /does not take the certificate of this gate/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not take the certificate of this gate/],
    // OpenSSL from 3.2 on says ssl/tls of what it said sslv3 of before.
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', /does not take the certificate of this gate/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /cannot be reached/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /cannot be reached/],
  ] as const) {
    const error = databaseError(Object.assign(new Error('no'), { code }));
    assert.ok(error instanceof AdapterError, code);
    assert.match(error.message, said, code);
  }
});
