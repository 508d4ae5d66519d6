// An issuer whose ID tokens can be made wrong in one thing at a time: what a broken or hostile one could send.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

export interface Forgery {
  /** Claims that differ from the right ones; undefined takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `none`: unsigned; `unknown-key`: by a key that the issuer does not publish. */
  readonly signed?: 'none' | 'unknown-key';
}

export const startForgingIssuer = async (clientId: string) => {
  const [own, unknown] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const key = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  let [forgery, nonce]: [Forgery, string] = [{}, ''];
  const idToken = async (url: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const right = { iss: url, sub: '4711', aud: clientId, iat: now, exp: now + 300, nonce, auth_time: now };
    // as: JSON drops what is undefined.
    const claims = JSON.parse(JSON.stringify({ ...right, ...forgery.claims })) as JWTPayload;
    if (forgery.signed === 'none') return new UnsecuredJWT(claims).encode();
    const { privateKey } = forgery.signed === 'unknown-key' ? unknown : own;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(privateKey);
  };
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const send = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const path = new URL(request.url ?? '/', url).pathname;
    if (path === '/.well-known/openid-configuration')
      send({
        issuer: url,
        authorization_endpoint: `${url}/auth`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    else if (path === '/jwks') send({ keys: [key] });
    else if (path === '/token')
      idToken(url).then(
        (token) => send({ access_token: 'x', token_type: 'bearer', id_token: token }),
        () => response.writeHead(500).end(),
      );
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next token: for this nonce, with this wrong. */
    forge: (what: Forgery, forNonce: string): void => {
      [forgery, nonce] = [what, forNonce];
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
