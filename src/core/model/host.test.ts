// Hosts in and out of URLs, and which of them are this machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorityOf, hostOf, isLoopback } from './host.ts';

test('a host goes into a URL and comes back as it was, IPv6 in brackets', () => {
  for (const [host, authority] of [
    ['gate.example', 'gate.example:8448'],
    ['127.0.0.1', '127.0.0.1:8448'],
    ['::1', '[::1]:8448'],
    ['fe80::2', '[fe80::2]:8448'],
  ] as const) {
    assert.equal(authorityOf({ host, port: 8448 }), authority);
    assert.equal(hostOf(new URL(`https://${authority}/path`)), host);
  }
});

test('loopback is localhost, ::1 and all of 127/8, and nothing that only begins or ends so', () => {
  for (const host of ['localhost', '::1', '127.0.0.1', '127.255.0.9']) assert.ok(isLoopback(host), host);
  for (const host of ['localhost.example', '127.0.0.1.example', '127.0.0', '10.127.0.0', '0.0.0.0', '::', ''])
    assert.ok(!isLoopback(host), host);
});
