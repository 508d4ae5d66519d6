// What the API server would leave beyond what was asked counts as if it had been asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surroundings } from '../../../test/support/understood.ts';
import type { FieldChange, ObjectChange } from '../model/object-change.ts';
import { effectsOf } from '../model/understanding.ts';
import { withResults } from './read-result.ts';
import { understand } from './understand.ts';

const POD = '/spec/template/spec';
const update = (object: string, ...fields: readonly FieldChange[]): ObjectChange => ({
  object,
  uid: 'u-1',
  op: 'update',
  fields,
});

/** Traits that the server's result adds to those of the request. */
const added = (line: string, change: ObjectChange): readonly string[] => {
  const before = understand({ kind: 'line', line }, surroundings({}));
  const own = effectsOf(before).flatMap(({ traits }) => traits);
  return effectsOf(withResults(before, [change]))
    .flatMap(({ traits }) => traits)
    .filter((trait) => !own.includes(trait));
};

const ANNOTATE = 'kubectl annotate deployment web -n shop note=x';
const WEB = 'deployments.apps shop/web';

const CASES: readonly (readonly [says: string, line: string, change: ObjectChange, adds: readonly string[]])[] = [
  ['nothing but what was asked', ANNOTATE, update(WEB, { path: '/metadata/annotations/note', after: 'x' }), []],
  [
    'a sidecar that is privileged',
    ANNOTATE,
    update(WEB, {
      path: `${POD}/containers/1`,
      keys: ['name=spy'],
      after: { name: 'spy', image: 'spy:1', securityContext: { privileged: true } },
    }),
    ['starts-image', 'mutable-image', 'privileged'],
  ],
  ['the network of the host', ANNOTATE, update(WEB, { path: `${POD}/hostNetwork`, after: true }), ['host-namespaces']],
  [
    'another account',
    ANNOTATE,
    update(WEB, { path: `${POD}/serviceAccountName`, before: 'web', after: 'admin' }),
    ['service-account'],
  ],
  [
    'an owner',
    ANNOTATE,
    update(WEB, { path: '/metadata/ownerReferences', after: [{ kind: 'Node', name: 'n1', uid: 'u' }] }),
    ['owner-reference'],
  ],
  [
    'a finalizer that goes',
    'kubectl label pvc data -n shop a=b --overwrite',
    update('persistentvolumeclaims shop/data', {
      path: '/metadata/finalizers',
      before: ['kubernetes.io/pvc-protection', 'example.com/own'],
      after: ['example.com/own'],
    }),
    ['finalizers'],
  ],
  [
    'a finalizer that comes',
    'kubectl label pvc data -n shop a=b --overwrite',
    update('persistentvolumeclaims shop/data', {
      path: '/metadata/finalizers',
      before: ['kubernetes.io/pvc-protection'],
      after: ['kubernetes.io/pvc-protection', 'example.com/own'],
    }),
    [],
  ],
  [
    'a Service that is opened to the world',
    'kubectl label service web -n shop a=b',
    update('services shop/web', { path: '/spec/type', before: 'ClusterIP', after: 'LoadBalancer' }),
    ['exposes'],
  ],
  [
    'labels, placement and annotations are judged as they were asked',
    ANNOTATE,
    update(
      WEB,
      { path: '/metadata/labels/team', after: 'b' },
      { path: `${POD}/nodeSelector`, after: { disk: 'ssd' } },
      { path: '/metadata/annotations/example.com~1seen', after: 'yes' },
    ),
    [],
  ],
  ['another object', ANNOTATE, update('deployments.apps shop/api', { path: `${POD}/hostPID`, after: true }), []],
  [
    'an undo to images that ran before',
    'kubectl rollout undo deployment web -n shop',
    update(WEB, { path: `${POD}/containers/0/image`, keys: ['name=web'], before: 'web:2', after: 'web:1' }),
    [],
  ],
  [
    'an undo to a template that was privileged',
    'kubectl rollout undo deployment web -n shop',
    update(WEB, { path: `${POD}/containers/0/securityContext`, keys: ['name=web'], after: { privileged: true } }),
    ['privileged'],
  ],
  [
    'what every new pod gets',
    `kubectl run web -n shop --image=web@sha256:${'a'.repeat(64)}`,
    {
      object: 'pods shop/web',
      uid: null,
      op: 'create',
      fields: [
        { path: '/spec/serviceAccountName', after: 'default' },
        { path: '/spec/serviceAccount', after: 'default' },
        { path: '/spec/restartPolicy', after: 'Always' },
        { path: '/spec/containers/0/terminationMessagePath', keys: ['name=web'], after: '/dev/termination-log' },
        { path: '/spec/securityContext', after: {} },
        { path: '/metadata/uid', generated: true },
      ],
    },
    [],
  ],
  [
    'a new pod that gets the disk of its node',
    `kubectl run web -n shop --image=web@sha256:${'a'.repeat(64)}`,
    {
      object: 'pods shop/web',
      uid: null,
      op: 'create',
      fields: [{ path: '/spec/volumes/0/hostPath/path', keys: ['name=host'], after: '/' }],
    },
    ['privileged'],
  ],
];

for (const [says, line, change, adds] of CASES)
  test(`the server's result: ${says}`, () => assert.deepEqual(added(line, change), adds));
