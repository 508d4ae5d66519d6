import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownHost, sameOrigin } from './callers.ts';

const NAMES = ['gate.example.org', 'blastgate.blastgate.svc'];

const HOSTS: readonly (readonly [host: string | undefined, known: boolean])[] = [
  ['127.0.0.1:8448', true],
  ['localhost:8448', true],
  ['LOCALHOST', true],
  ['[::1]:8448', true],
  ['10.0.3.7:8448', true],
  ['gate.example.org', true],
  ['Gate.Example.Org:443', true],
  ['blastgate.blastgate.svc:8448', true],
  ['evil.example:8448', false],
  ['localhost.evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['gate.example.org.evil.example', false],
  ['evil.example/localhost', false],
  ['evil@localhost', false],
  ['localhost#', false],
  ['', false],
  [undefined, false],
];
for (const [host, known] of HOSTS)
  test(`Host ${host}: ${known ? 'known' : 'not known'}`, () => assert.equal(knownHost(host, NAMES), known));

const ORIGINS: readonly (readonly [origin: string | undefined, host: string, same: boolean])[] = [
  [undefined, 'localhost:8448', true],
  ['http://localhost:8448', 'localhost:8448', true],
  ['https://gate.example.org', 'gate.example.org', true],
  ['https://gate.example.org', 'gate.example.org:443', true],
  ['http://localhost:6274', 'localhost:8448', false],
  ['https://evil.example', 'localhost:8448', false],
  ['null', 'localhost:8448', false],
  ['', 'localhost:8448', false],
  ['http://localhost:8448@evil.example', 'localhost:8448', false],
  ['http://localhost:8448/', 'localhost:8448', false],
  ['localhost:8448', 'localhost:8448', false],
];
for (const [origin, host, same] of ORIGINS)
  test(`Origin ${origin} at ${host}: ${same ? 'may' : 'may not'}`, () => assert.equal(sameOrigin(origin, host), same));
