// A real OpenID Connect issuer on loopback, and a person at a browser who logs in there.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const [CLIENT_ID, CLIENT_SECRET] = ['blastgate', 'a-secret-of-the-client'];

export interface IssuerAccount {
  readonly email?: string;
  readonly email_verified?: boolean;
}

/** `accounts` by subject; `redirectUrl` is the gate's. */
export const startIssuer = async (redirectUrl: string, accounts: Readonly<Record<string, IssuerAccount>>) => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUrl],
        post_logout_redirect_uris: [new URL('/', redirectUrl).href],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_, id) =>
      Object.hasOwn(accounts, id) ? { accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) } : undefined,
  });
  const answer = provider.callback();
  let isDown = false;
  server.on('request', (request, response) => {
    if (isDown) response.writeHead(503).end();
    else void answer(request, response);
  });
  return {
    url,
    provider,
    setDown: (to: boolean): void => {
      isDown = to;
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

/** A person at the issuer: follows its pages with its own cookies, logs in and agrees; answers the address that leads back. */
export const createPerson = (login: string) => {
  const jar = new Map<string, string>();
  let asked = 0;
  const send = async (address: string, form: Record<string, string> | null): Promise<Response> => {
    const response = await fetch(address, {
      method: form === null ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === null ? {} : { body: new URLSearchParams(form) }),
    });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return {
    /** How often the person was asked who they are. */
    asked: () => asked,
    visit: async (start: string, back: string): Promise<URL> => {
      let [address, form]: [string, Record<string, string> | null] = [start, null];
      for (let step = 0; step < 20; step += 1) {
        const response = await send(address, form);
        const to = response.headers.get('location');
        if (to !== null) {
          [address, form] = [new URL(to, address).href, null];
          if (address.startsWith(back)) return new URL(address);
          continue;
        }
        const html = await response.text();
        const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
        if (prompt === undefined) throw new Error(`${response.status} ${address}: ${html.slice(0, 500)}`);
        if (prompt === 'login') asked += 1;
        form = prompt === 'login' ? { prompt, login, password: 'any' } : { prompt };
      }
      throw new Error('the issuer never leads back');
    },
  };
};
