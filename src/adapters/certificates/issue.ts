// Keys and certificates as PEM: a certificate authority, and what one issues (RFC 5280).
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, type webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A private key and its certificate, both PEM. */
export interface KeyPairPem {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * What a certificate is for: a listener of the gate by its host names and addresses, or a client by its common name and, where it
 * speaks for one of several clusters, the cluster's name (as its organization: a common name has no room for both).
 */
export type LeafUse =
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  | { readonly kind: 'client'; readonly name: string; readonly cluster: string | null };

/** From and until when, in milliseconds since the epoch. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new CA that may sign certificates of servers and clients, and no other CA. */
export async function issueAuthority(validity: Validity): Promise<KeyPairPem> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // A name of its own for each: two that differ in the key alone confuse whoever looks an issuer up by name.
    name: [{ CN: [`Blastgate CA ${new Date(validity.from).toISOString()}`] }],
    ...dates(validity),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pemOf(certificate, keys.privateKey);
}

/** A certificate for a fresh key, signed by the CA; it never outlasts the CA. Throws where the CA cannot be read. */
export async function issueLeaf(authority: KeyPairPem, use: LeafUse, validity: Validity): Promise<KeyPairPem> {
  const issuer = new x509.X509Certificate(authority.certPem);
  const keys = await newKeys();
  const until = Math.min(validity.until, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [
      { CN: [use.kind === 'client' ? use.name : 'blastgate'] },
      ...(use.kind === 'client' && use.cluster !== null ? [{ O: [use.cluster] }] : []),
    ],
    issuer: issuer.subject,
    ...dates({ from: Math.max(validity.from, issuer.notBefore.getTime()), until }),
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority.keyPem),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        use.kind === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      ...(use.kind === 'server' ? [new x509.SubjectAlternativeNameExtension(use.hosts.map(nameOfHost))] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pemOf(certificate, keys.privateKey);
}

/** The pair belongs together: the key in it made the public key of the certificate. Throws where either cannot be read. */
export function belongTogether({ certPem, keyPem }: KeyPairPem): boolean {
  const own = createPublicKey(createPrivateKey(keyPem)).export({ type: 'spki', format: 'der' });
  return new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' }).equals(own);
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

const signingKeyOf = (keyPem: string): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' }),
    ALGORITHM,
    false,
    ['sign'],
  );

const nameOfHost = (host: string): { readonly type: 'ip' | 'dns'; readonly value: string } => ({
  type: isIP(host) === 0 ? 'dns' : 'ip',
  value: host,
});

const dates = ({ from, until }: Validity) => ({ notBefore: new Date(from), notAfter: new Date(until) });

const pemOf = async (certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyPairPem> => ({
  certPem: `${certificate.toString('pem').trim()}\n`,
  keyPem: x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
    .trim()
    .concat('\n'),
});
