// Which commands say what they send, which of it is secret, and which say nothing: dry runs, what is not known.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { understood } from '../../../../../test/support/understood.ts';
import type { Mutation } from '../../../model/mutation.ts';

const FILES = {
  'pod.json':
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"b"}]}}',
  'secret.json': '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"Yg=="}}',
  'env.json':
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","env":[{"name":"DB_PASSWORD","value":"x"}]}]}}',
  'gadget.json': '{"apiVersion":"nobody.example/v1","kind":"Gadget","metadata":{"name":"g"}}',
  'patch.yaml': 'spec: {replicas: 2}',
  'note.txt': 'a line\n',
  'key.pem': '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
};

const mutationsOf = (line: string): readonly (Mutation | null)[] =>
  understood(line, FILES)
    .effects.filter(({ verb }) => verb !== 'get' && verb !== 'list')
    .map(({ mutation }) => mutation ?? null);

/** [command, what each of its writes sends]. */
const SAID: readonly (readonly [string, readonly unknown[]])[] = [
  [
    'label pod a b x=y z-',
    [0, 1].map(() => ({ is: 'metadata', on: 'labels', set: { x: 'y', z: null }, overwrite: false })),
  ],
  [
    'annotate pods --all x=a=b --overwrite',
    [{ is: 'metadata', on: 'annotations', set: { x: 'a=b' }, overwrite: true }],
  ],
  ['label pod a __proto__=y', [{ is: 'metadata', on: 'labels', set: { ['__proto__']: 'y' }, overwrite: false }]],
  ['drain n', [{ is: 'unschedulable', value: true }, null]],
  [
    'taint node n a=b:NoSchedule c- d:NoExecute-',
    [
      {
        is: 'taints',
        add: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
        remove: [
          { key: 'c', effect: null },
          { key: 'd', effect: 'NoExecute' },
        ],
        overwrite: false,
      },
    ],
  ],
  [
    'set env deploy/a -e A=1 B=2=3 C-',
    [
      {
        is: 'environment',
        containers: '*',
        set: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2=3' },
        ],
        remove: ['C'],
        overwrite: true,
      },
    ],
  ],
  [
    'scale deploy a --replicas=2 --current-replicas=1 --resource-version=5 --record',
    [
      {
        is: 'scale',
        replicas: 2,
        currentReplicas: 1,
        changeCause: 'kubectl scale deploy a --replicas=2 --current-replicas=1 --resource-version=5 --record=true',
        resourceVersion: '5',
      },
      {
        is: 'metadata',
        on: 'annotations',
        set: {},
        overwrite: true,
        changeCause: 'kubectl scale deploy a --replicas=2 --current-replicas=1 --resource-version=5 --record=true',
      },
    ],
  ],
  ['patch deploy a --patch-file patch.yaml', [{ is: 'patch', type: 'strategic', body: { spec: { replicas: 2 } } }]],
  [
    'create cm c --from-file=note.txt --from-file=k=note.txt',
    [
      {
        is: 'create',
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'c' },
          data: { 'note.txt': 'a line\n', k: 'a line\n' },
        },
      },
    ],
  ],
  [
    'set env deploy/a B=2 --from=secret/c --keys=x,y --prefix=P_',
    [
      {
        is: 'environment',
        containers: '*',
        set: [{ name: 'P_B', value: '2' }],
        remove: [],
        overwrite: true,
        from: { resource: 'secrets', name: 'c', keys: ['x', 'y'], prefix: 'P_' },
      },
    ],
  ],
  [
    'patch deploy a -p {"spec":{}} --record',
    [
      {
        is: 'patch',
        type: 'strategic',
        body: { spec: {} },
        changeCause: 'kubectl patch deploy a --patch={"spec":{}} --record=true',
      },
    ],
  ],
  // the ends of these names are kubectl's own
  [
    'create cm c --from-literal=a=b --append-hash',
    [
      {
        is: 'create',
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c-m4h6ctkgb2' }, data: { a: 'b' } },
      },
    ],
  ],
  // rollouts have histories, which bring their images back
  ['set image deploy/a a=b:1', [null]],
  ['scale deploy a --replicas=2', [null]],
  ['rollout restart deploy a', [null]],
  ['delete pod a', [null]],
];

suite('a command says what it sends', () => {
  for (const [line, expected] of SAID) test(line, () => assert.deepEqual(mutationsOf(line), expected));
});

/** Commands that say nothing of what they send, and why. */
const SILENT: readonly (readonly [string, string])[] = [
  ['label pod a x=y --dry-run=server', 'it changes nothing'],
  ['label pod a x=y --dry-run=client', 'it changes nothing'],
  ['create -f pod.json --dry-run=client', 'it changes nothing'],
  ['label pod a x=$X', 'a variable'],
  ['apply -f nosuch.json', 'bytes that did not travel along'],
  ['apply -k folder', 'nobody builds it'],
  ['create -f pod.json --edit', 'an editor decides'],
  ['create -f gadget.json', 'a kind that nobody knows'],
  ['apply -f pod.json -l a=b', 'the selector leaves some out'],
  ['label pod a x=y x-', 'kubectl refuses it'],
  ['taint node n a=b:NoSchedule a-', 'kubectl refuses it'],
  ['taint node n a=b:NoSchedule a=c:NoSchedule', 'kubectl refuses it'],
  ['set env deploy/a -', 'it reads its input'],
  ['set env deploy/a --from=configmap/c -l a=b', 'kubectl refuses it'],
  ['set env deploy/a --from=deploy/c', 'kubectl refuses it'],
  ['set resources deploy/a --limits=cpu', 'kubectl refuses it'],
  ['create cm c --from-env-file=note.txt', 'its own format'],
  ['create cm c --from-file=folder/', 'its files are not named'],
  ['create cm c --from-literal=a=b --from-literal=a=c', 'kubectl refuses it'],
  ['create deployment d --image=a_b', 'a part of the name is drawn by lot'],
  ['run x --image=a --overrides={"spec":{"hostname":"h"}} --save-config', 'what is noted is the merged pod'],
  ['run x --image=a --overrides={"spec":{}} --override-type=strategic', 'nobody merges it'],
  ['expose deploy a b --port=80', 'the first decides for all'],
  ['patch deploy a --subresource=scale -p {"spec":{}} --record', 'a patch of its own'],
];

suite('a command says nothing of what nobody knows', () => {
  for (const [line, why] of SILENT)
    test(`${line}: ${why}`, () => {
      const mutations = mutationsOf(line.replace('$X', '\u0000'));
      assert.deepEqual(
        mutations.filter((mutation) => mutation !== null),
        [],
      );
    });
});

/** [command, where in what it sends secrets stand]. */
const SECRET: readonly (readonly [string, readonly string[]])[] = [
  ['create -f secret.json', ['/object/data/a']],
  ['apply -f secret.json', ['/object/data/a']],
  ['replace -f secret.json', ['/object/data/a']],
  ['apply -f env.json', ['/object/spec/containers/0/env/0/value']],
  ['patch secret s -p {"data":{"a":"Yg=="}}', ['/body/data/a']],
  ['patch secret s -p {"metadata":{"labels":{"a":"b"}}}', []],
  ['patch secret s --type=json -p [{"op":"replace","path":"/data/a","value":"Yg=="}]', ['/body/0/value']],
  ['patch secret s --type=json -p [{"op":"remove","path":"/data/a"}]', []],
  ['label secret s a=b', []],
  ['create secret generic s --from-literal=a=b --type=example.com/x', ['/object/data/a']],
  [
    'create secret docker-registry s --docker-username=u --docker-password=p --docker-server=h',
    ['/object/data/.dockerconfigjson'],
  ],
  ['create cm c --from-literal=password=b --from-literal=mode=fast', ['/object/data/password']],
  ['create cm c --from-file=key.pem', ['/object/data/key.pem']],
  ['set env deploy/a API_TOKEN=x LEVEL=info', ['/set/0/value']],
  ['set env deploy/a URL=postgres://a:b@c/d', ['/set/0/value']],
  ['run x --image=a --env=DB_PASSWORD=x', ['/object/spec/containers/0/env/0/value']],
  ['run x --image=a -- sh --password=x', ['/object/spec/containers/0/args/1']],
  ['run x --image=a -- sh --password x', ['/object/spec/containers/0/args/2']],
  ['run x --image=a -- mysql -uroot -phunter2 shop', ['/object/spec/containers/0/args/2']],
  ['annotate pod a token=x', ['/set/token']],
  ['taint node n key=value:NoSchedule', []],
  ['set selector svc s token=x', []],
];

suite('a command says which of it is secret', () => {
  for (const [line, pointers] of SECRET)
    test(line, () =>
      assert.deepEqual(
        mutationsOf(line).map((mutation) => [...(mutation?.secrets ?? [])].toSorted()),
        [pointers],
      ),
    );
});
