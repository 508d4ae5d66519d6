// What a browser does at the HTTP door: keeps cookies, sends Host and Origin, and the token against forged requests.
import { csrfToken } from '../../src/doors/login-token.ts';
import type { openDoor } from './door.ts';

export const HERE = 'http://127.0.0.1:8448';

export const openBrowser = (door: Pick<ReturnType<typeof openDoor>, 'app'>, origin = HERE) => {
  const jar = new Map<string, string>();
  const url = new URL(origin);
  const send = async (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', url.host);
    if (method !== 'GET' && !headers.has('origin')) headers.set('origin', origin);
    if (jar.size > 0 && !headers.has('cookie'))
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await door.app.request(new URL(path, origin).href, { ...init, method, headers });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (/max-age=0/i.test(text)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const token = (): string => jar.get('__Host-blastgate') ?? jar.get('blastgate') ?? '';
  return {
    jar,
    token,
    send,
    get: (path: string) => send('GET', path),
    /** As the page does it. */
    write: (method: string, path: string, body: unknown = {}) =>
      send(method, path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-blastgate-csrf': csrfToken(token()) },
      }),
    json: async (path: string) => (await send('GET', path)).json(),
  };
};
export type Browser = ReturnType<typeof openBrowser>;
