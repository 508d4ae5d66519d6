// A command with secrets, as it is kept: hashes in their places, the values beside; and as it is shown where nobody keeps them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { understand } from '../command/understand.ts';
import type { Json } from '../model/json.ts';
import { effectsOf } from '../model/understanding.ts';
import { withHiddenContent, withMaskedContent } from './hidden-content.ts';

const understood = (line: string) =>
  understand({ kind: 'line', line }, { namespace: 'shop', files: new Map(), customResources: [], readDocuments });
const hash = (value: Json): string =>
  `hmac-sha256:${Buffer.from(JSON.stringify(value)).toString('hex').padEnd(64, '0').slice(0, 64)}`;

test('each secret is kept by its hash, and what is kept hashed is not masked again', () => {
  const { understanding, hidden } = withHiddenContent(
    understood('kubectl set env deploy/web API_TOKEN=hunter2 A=b'),
    hash,
  );
  assert.deepEqual(
    hidden.map(([, value]) => value),
    ['hunter2'],
  );
  const [effect] = effectsOf(withMaskedContent(understanding));
  assert.deepEqual(effect?.mutation?.is === 'environment' && effect.mutation.set.map(({ value }) => value), [
    hash('hunter2'),
    'b',
  ]);
});

test('a command without what is sent stays as it is', () => {
  const read = understood('kubectl get pods');
  assert.equal(withHiddenContent(read, hash).understanding, read);
});
