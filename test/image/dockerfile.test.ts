// What deploy/Dockerfile must be, whatever builds it: small, without a shell, nobody's root, and nothing fetched that the lock does not name.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DOCKERFILE, readDockerfile } from './dockerfile.ts';

const { args, stages } = readDockerfile();
const last = stages.at(-1);
assert.ok(last);
const of = (word: string) => last.instructions.filter((one) => one.word === word).map(({ rest }) => rest);

test('both bases are arguments, so that a release pins them by digest', () => {
  assert.deepEqual([...args.keys()], ['NODE_IMAGE', 'BASE_IMAGE']);
  const bases = stages.map(({ from }) => from.replace(/^--platform=\S+ /, '').split(' ')[0]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the file has it
  assert.deepEqual(bases, ['${NODE_IMAGE}', '${BASE_IMAGE}']);
  for (const image of args.values()) assert.doesNotMatch(image, /:latest|^[^:]+$/);
});

test('it runs on distroless Node 24, as nobody, with no shell and nothing run in it', () => {
  assert.match(args.get('BASE_IMAGE') ?? '', /^gcr\.io\/distroless\/nodejs24-debian\d+:nonroot$/);
  assert.deepEqual(of('USER'), ['65532:65532']);
  assert.deepEqual(of('RUN'), []);
  for (const text of [...of('ENTRYPOINT'), ...of('CMD')]) assert.ok(Array.isArray(JSON.parse(text)), text);
  assert.deepEqual(JSON.parse(of('ENTRYPOINT')[0] ?? ''), ['/nodejs/bin/node', '/app/bin/blastgate.js']);
});

test('nothing comes from an address, nothing but the built folder goes in, and no secret is an argument', () => {
  const all = stages.flatMap(({ instructions }) => instructions);
  assert.deepEqual(
    all.filter(({ word, rest }) => word === 'ADD' || /https?:/.test(rest) || /curl|wget|apt/.test(rest)),
    [],
  );
  assert.deepEqual(of('COPY'), ['--from=build /app /app']);
  assert.deepEqual(
    all.filter(({ word, rest }) => (word === 'ARG' || word === 'ENV') && /TOKEN|SECRET|PASSWORD|KEY/.test(rest)),
    [],
  );
});

test('packages are taken as the lock says, without scripts of theirs, and production needs no others', () => {
  const installs = stages.flatMap(({ instructions }) => instructions).filter(({ rest }) => /\bnpm (?:ci|i)/.test(rest));
  assert.equal(installs.length, 2);
  for (const { rest } of installs) assert.match(rest, /^npm ci [^&]*--ignore-scripts/);
  assert.match(installs[1]?.rest ?? '', /--omit=dev --omit=optional/);
});

test('what is sent to the builder is named file by file, and each is there', () => {
  const ignore = readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(ignore[0], '*');
  for (const line of ignore.slice(1)) {
    if (!line.startsWith('!')) continue;
    assert.ok(existsSync(join(DOCKERFILE, '../..', line.slice(1))), line);
    assert.doesNotMatch(line, /test|\.git|\.env/);
  }
});
