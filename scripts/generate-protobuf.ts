// Writes what of Kubernetes' protobuf is checked in, as client-go has it (test/servers/go-client): the messages, for the reader in
// src/adapters/request-body/protobuf, and one object of each common kind in both forms, for its tests.
//
//   node scripts/generate-protobuf.ts       for another version change test/servers/go-client/go.mod first
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../test/servers/build.ts';

const ROOT = join(import.meta.dirname, '..');
const { 'go-client': built } = await ensureBuilt(['go-client']);
const ask = (...words: readonly string[]): string =>
  execFileSync(built.executable, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });

const table = ask('table');
// what would end the template, or mean something in it
if (/[`\\]|\$\{/.test(table)) throw new Error('the table has a character that its file cannot hold');
writeFileSync(
  join(ROOT, 'src/adapters/request-body/protobuf/messages.ts'),
  `// The messages of Kubernetes' protobuf, of client-go ${built.version}; README.md says how to read a line.
// Written by scripts/generate-protobuf.ts; never by hand.
export const MESSAGES = \`
${table}\`;
`,
);

/** Groups whose kinds people and controllers write every day. */
const COMMON =
  /"apiVersion":"(?:v1|(?:apps|batch|policy|autoscaling|rbac\.authorization\.k8s\.io|authentication\.k8s\.io|certificates\.k8s\.io|coordination\.k8s\.io|apiextensions\.k8s\.io)\/v[12])"/;
const objects = ask('objects', '1', '1', '6').split('\n');
writeFileSync(
  join(ROOT, 'test/fixtures/protobuf/objects.jsonl'),
  `${objects.filter((line) => COMMON.test(line)).join('\n')}\n`,
);
