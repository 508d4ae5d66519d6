// The built console (console/dist) → its one page with a nonce of its own, and its assets, each by its exact name.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Context } from 'hono';
import { knownHost } from '../callers.ts';
import type { App } from './endpoint.ts';
import { problem } from './problem.ts';

/** As many levels up in the sources as in the built package. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../console/dist', import.meta.url));

/** Addresses that the page itself tells apart. Any other has nothing. */
const PAGES = ['/', '/proposals', '/proposals/:id', '/outcomes', '/audit', '/policy', '/insight', '/login'];

const PLACEHOLDER = /__NONCE__/g;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** What nobody may do with an answer of the gate: frame it, guess its type, tell others where it came from. */
const SHELTER = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Everything from this gate alone; styles from a file, scripts from a file or with this answer's nonce (CSP level 3). */
export function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** A page of text of ours, which no other page may frame; `nonce` for what stands in it. */
export function htmlPage(c: Context, html: string, nonce: string, status: 200 | 400 | 403 | 502 | 503 = 200): Response {
  for (const [name, value] of Object.entries(SHELTER)) c.header(name, value);
  c.header('content-security-policy', contentPolicy(nonce));
  return c.html(html, status);
}

export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** By content coding, made when it is first asked for. */
  readonly packed: Map<string, Promise<Buffer>>;
}

/** Content codings (RFC 9110, 8.4.1), the best first. */
const CODINGS: readonly { readonly name: string; readonly pack: (body: Buffer) => Promise<Buffer> }[] = [
  { name: 'br', pack: promisify(brotliCompress) },
  { name: 'gzip', pack: promisify(gzip) },
];

/** Read once: what is served is what was there at the start, and no path of a request reaches the disk. */
const readAssets = (folder: string): ReadonlyMap<string, Asset> => {
  const names = readdirSync(join(folder, 'assets'), { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.flatMap(({ name }) => {
      const type = TYPES[extname(name)];
      return type === undefined
        ? []
        : [[name, { type, body: readFileSync(join(folder, 'assets', name)), packed: new Map() }] as const];
    }),
  );
};

const readIndex = (folder: string): string | null => {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    return null;
  }
};

const NOT_BUILT =
  '<!doctype html><title>Blastgate</title><p>The console is not built. Run <code>npm run console</code> where the gate is installed from, and start it again; the API and the command line work without it.</p>';

/** Registers the page at its addresses, and its assets. The shell is public and empty: who may see what is asked under /v1. */
export function serveConsole(app: App, hosts: readonly string[], folder: string): void {
  const index = readIndex(folder);
  const assets = index === null ? new Map<string, Asset>() : readAssets(folder);
  for (const path of PAGES) {
    app.get(path, (c) => {
      if (!knownHost(c.req.header('host'), hosts)) return problem(c, 'wrong-host', null);
      const nonce = newNonce();
      if (index === null) return htmlPage(c, NOT_BUILT, nonce, 503);
      return htmlPage(c, index.replace(PLACEHOLDER, nonce), nonce);
    });
  }
  app.get('/assets/:name', (c) => {
    const asset = assets.get(c.req.param('name'));
    // Not the page in its place: a cache would keep it under the asset's name.
    return asset === undefined ? problem(c, 'not-found-here', null) : sendAsset(c, asset);
  });
}

/** A name holds a hash of what is in it, so that it may be kept for ever; the answer hangs on nothing but name and coding. */
const sendAsset = async (c: Context, asset: Asset): Promise<Response> => {
  const coding = CODINGS.find(({ name }) => acceptsCoding(c.req.header('accept-encoding'), name));
  for (const [name, value] of Object.entries(SHELTER)) c.header(name, value);
  c.header('content-type', asset.type);
  c.header('cache-control', 'public, max-age=31536000, immutable');
  c.header('vary', 'accept-encoding');
  if (coding === undefined) return c.body(new Uint8Array(asset.body));
  const packed = asset.packed.get(coding.name) ?? coding.pack(asset.body);
  asset.packed.set(coding.name, packed);
  c.header('content-encoding', coding.name);
  return c.body(new Uint8Array(await packed));
};

const acceptsCoding = (header: string | undefined, coding: string): boolean =>
  (header ?? '').split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
