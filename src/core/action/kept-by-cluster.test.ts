// What a dry run shows of a Service and the write does not, and what controllers put back: neither is part of a difference.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json, JsonObject } from '../model/json.ts';
import { differenceOf } from './difference.ts';
import { allotted, withPutBack } from './kept-by-cluster.ts';

const service = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Service', spec });
const port = (more: JsonObject): JsonObject => ({ name: 'http', port: 80, ...more });

/** [what, the request, before, after a dry run, what is allotted]. */
const CASES: readonly (readonly [string, Json, JsonObject | null, JsonObject, readonly string[]])[] = [
  [
    'the address and the node port of a new one',
    service({ type: 'NodePort', ports: [port({})] }),
    null,
    service({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ports: [port({ nodePort: 32768 })] }),
    ['spec/clusterIP', 'spec/clusterIPs', 'spec/ports/0/nodePort'],
  ],
  [
    'not what a manifest asks for',
    service({ clusterIP: 'None', ports: [port({ nodePort: 30080 })] }),
    null,
    service({ clusterIP: 'None', clusterIPs: ['None'], ports: [port({ nodePort: 30080 })] }),
    ['spec/clusterIPs'],
  ],
  [
    'the node port of a port that is added by a patch',
    [{ op: 'add', path: '/spec/ports/-', value: { name: 'alt', port: 81 } }],
    service({ clusterIP: '10.96.0.9', ports: [port({ nodePort: 31000 })] }),
    service({ clusterIP: '10.96.0.9', ports: [port({ nodePort: 31000 }), { name: 'alt', port: 81, nodePort: 32768 }] }),
    ['spec/ports/1/nodePort'],
  ],
  [
    'not one that a JSON patch names',
    [{ op: 'add', path: '/spec/ports/0/nodePort', value: 30080 }],
    service({ clusterIP: '10.96.0.9', ports: [port({})] }),
    service({ clusterIP: '10.96.0.9', ports: [port({ nodePort: 30080 })] }),
    [],
  ],
  [
    'nothing of another kind',
    {},
    null,
    { apiVersion: 'example.com/v1', kind: 'Service', spec: { clusterIP: 'x' } },
    [],
  ],
];

describe('what is allotted to a Service', () => {
  for (const [what, asked, before, after, expected] of CASES)
    test(what, () => {
      assert.deepEqual(
        allotted(asked, before, after).map((way) => way.join('/')),
        expected,
      );
    });

  test('is generated, though two dry runs agree on it', () => {
    const after = service({ type: 'NodePort', ports: [port({ nodePort: 32768 })] });
    const found = differenceOf(
      { asked: service({ ports: [port({})] }), before: null, after, again: after, status: false },
      { hides: () => false, hash: () => '' },
    );
    assert.deepEqual(
      found.filter(({ path }) => path.includes('nodePort')).map(({ path, generated }) => [path, generated]),
      [['/spec/ports/0/nodePort', true]],
    );
  });
});

describe('what a controller puts back', () => {
  const REVISION = 'deployment.kubernetes.io/revision';
  const deployment = (annotations?: JsonObject): JsonObject => ({
    kind: 'Deployment',
    metadata: { name: 'web', ...(annotations === undefined ? {} : { annotations }) },
  });

  test('stays where a manifest does not name it', () => {
    assert.deepEqual(
      withPutBack(deployment({ [REVISION]: '3', a: 'b' }), deployment()),
      deployment({ [REVISION]: '3' }),
    );
    assert.deepEqual(
      withPutBack(deployment({ [REVISION]: '3' }), deployment({ c: 'd' })),
      deployment({ c: 'd', [REVISION]: '3' }),
    );
  });

  test('is as the manifest has it, where it names it, and nothing that was not there', () => {
    const named = deployment({ [REVISION]: '9' });
    assert.equal(withPutBack(deployment({ [REVISION]: '3' }), named), named);
    assert.deepEqual(withPutBack(deployment(), deployment()), deployment());
    assert.deepEqual(withPutBack(null, deployment()), deployment());
  });

  test('is nothing of another kind', () => {
    const after = { kind: 'Service', metadata: {} };
    assert.equal(withPutBack({ kind: 'Service', metadata: { annotations: { [REVISION]: '3' } } }, after), after);
  });
});
