// A database whose address names a file that is gone: told as what it is, and nothing that listens ends the program.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { databaseFacts } from './facts.ts';
import { listenForChanges } from './replicas.ts';

const URL = 'postgres://gate@localhost:1/blastgate?sslmode=verify-full&sslrootcert=/gone/ca.crt';

test('whoever listens for changes tries again later', async () => {
  const lost: unknown[] = [];
  const hear = (error: unknown): unknown => lost.push(error);
  process.on('unhandledRejection', hear);
  const changes = listenForChanges(URL);
  await pause(20);
  await changes.close();
  process.off('unhandledRejection', hear);
  assert.deepEqual(lost, []);
});

test('what a database says of itself is an AdapterError', () =>
  assert.rejects(databaseFacts(URL), (error) => error instanceof AdapterError && error.reason === 'no-file'));
