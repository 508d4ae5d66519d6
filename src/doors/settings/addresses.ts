// Texts of settings → addresses that are called, or listened on, and the names of hosts.
import { hostOf, isLoopback } from '../../core/model/host.ts';

/** Where a door listens. */
export interface ListenSettings {
  readonly host: string;
  readonly port: number;
}

/** Tokens travel in clear over http, so it is accepted for loopback alone (contract section 3). */
export function checkUrl(name: string, text: string, problems: string[]): void {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.push(`${name} is not an http(s) address: "${text}"`);
    return;
  }
  if (url.protocol === 'http:' && !isLoopback(hostOf(url)))
    problems.push(`${name} must be https unless it is loopback: "${text}"`);
  if (url.username !== '' || url.password !== '') problems.push(`${name} must not hold a user name or password`);
}

/** The gate's own address, as people reach it: it is only shown to them, so http is taken within a network of one's own. */
export function readOwnUrl(text: string | null, problems: string[]): string | null {
  if (text === null) return null;
  const url = URL.parse(text);
  const isAddress = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isAddress || url.username !== '' || url.password !== '') {
    problems.push(`BLASTGATE_URL is no http(s) address, or holds a user name: "${text}"`);
    return null;
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** HOST:PORT; loopback where the host is left out. */
export function readListen(name: string, text: string, problems: string[]): ListenSettings {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? Number.NaN);
  if (match === null || port > 65_535) {
    problems.push(`${name} is "${text}"; write HOST:PORT, for example 127.0.0.1:8448`);
    return { host: '127.0.0.1', port: 8448 };
  }
  return { host: (match[1] ?? match[2] ?? '') || '127.0.0.1', port };
}

/** Names alone: by whatever port a gate is reached, it is the same gate. */
export function readHosts(text: string, problems: string[]): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of names) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name))
      problems.push(`BLASTGATE_HOSTS holds "${name}"; write host names without scheme or port, as gate.example.org`);
  }
  return names.map((name) => name.toLowerCase());
}
