// Shows where a token may travel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPeerUrl } from './peer-url.ts';

test('https goes anywhere, http to this machine only', () => {
  const good: readonly (readonly [text: string, url: string])[] = [
    ['https://forge.example/api/v1', 'https://forge.example/api/v1'],
    ['https://forge.example:3000/git/api/v1/', 'https://forge.example:3000/git/api/v1'],
    ['http://127.0.0.1:3000/api/v1', 'http://127.0.0.1:3000/api/v1'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
    ['http://127.1:3000', 'http://127.0.0.1:3000'],
  ];
  for (const [text, url] of good) assert.equal(readPeerUrl('GITEA_API_URL', text), url);
  const bad = [
    '',
    'forge.example',
    '/api/v1',
    'http://forge.example/api/v1',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'http://10.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'https://me:secret@forge.example/',
    'https://forge.example/?a=b',
    'https://forge.example/#x',
  ];
  for (const text of bad) assert.throws(() => readPeerUrl('GITEA_API_URL', text), /^Error: GITEA_API_URL /, text);
});
