import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterClient } from './client.ts';
import { createClusterReader } from './reader.ts';

const never = new AbortController().signal;

/** A cluster that says who it is when it is let. */
const silent = () => {
  const asked: PromiseWithResolvers<object>[] = [];
  const client = {
    server: 'https://cluster.example',
    namespace: 'default',
    warnings: [],
    send: ({ path }: { readonly path: string }) => {
      assert.equal(path, '/api/v1/namespaces/kube-system');
      const answer = Promise.withResolvers<object>();
      asked.push(answer);
      return answer.promise;
    },
  } as unknown as ClusterClient;
  return { asked, reader: createClusterReader(client) };
};

const answer = (uid: string) => ({ metadata: { uid } });

test('who asks while another waits shares the answer; who asks afterwards is answered anew', async () => {
  const { asked, reader } = silent();
  const together = [reader.readFacts([], never), reader.readFacts([], never)];
  assert.equal(asked.length, 1);
  asked[0]?.resolve(answer('u-1'));
  assert.deepEqual(
    (await Promise.all(together)).map(({ cluster }) => cluster),
    ['u-1', 'u-1'],
  );
  const later = reader.readFacts([], never);
  assert.equal(asked.length, 2);
  asked[1]?.resolve(answer('u-2'));
  assert.equal((await later).cluster, 'u-2');
});

test('whose time is up hears so at once, and the other still gets the answer', async () => {
  const { asked, reader } = silent();
  const late = new AbortController();
  const [hasty, patient] = [reader.readFacts([], late.signal), reader.readFacts([], never)];
  late.abort();
  const { cluster, missing } = await hasty;
  assert.deepEqual([cluster, missing.map(({ why }) => why)], [null, ['unreachable']]);
  asked[0]?.resolve(answer('u-1'));
  assert.equal((await patient).cluster, 'u-1');
});

test('a failure is told to all who share it, and asked anew by the next', async () => {
  const { asked, reader } = silent();
  const together = [reader.readFacts([], never), reader.readFacts([], never)];
  asked[0]?.reject(new AdapterError('no-answer', 'it is away'));
  for (const { cluster } of await Promise.all(together)) assert.equal(cluster, null);
  const next = reader.readFacts([], never);
  asked[1]?.resolve(answer('u-1'));
  assert.equal((await next).cluster, 'u-1');
});
