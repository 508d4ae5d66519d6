import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { understand } from '../command/understand.ts';
import { type Facts, missingObject, NO_MEMORY, type ObjectPart, type TargetFact } from '../model/facts.ts';
import { NO_NEIGHBOURS, type WorkloadFact } from '../model/neighbourhood.ts';
import { objectOfKey } from '../model/object-ref.ts';
import { liveRefusals } from './live-refusals.ts';

const KEY = 'deployments.apps shop/web';
const target: TargetFact = {
  ...{ group: 'apps', resource: 'deployments', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u' },
  ...{ preImage: {}, revision: 2, revisions: [1, 2], replicas: 3, controller: null, protected: false },
};
const workload: WorkloadFact = {
  ...{
    key: KEY,
    uid: 'u',
    controller: null,
    replicas: 3,
    pods: 3,
    ready: 3,
    paused: false,
    claimRetention: null,
    admittedAfter: null,
  },
  rollout: { type: 'RollingUpdate', maxUnavailable: null, maxSurge: null },
};
const EMPTY: Facts = { cluster: 'uid', targets: [], neighbourhood: NO_NEIGHBOURS, missing: [], ...NO_MEMORY };
const seeing = (more: Partial<WorkloadFact> = {}): Facts => ({
  ...EMPTY,
  targets: [target],
  neighbourhood: { ...NO_NEIGHBOURS, workloads: [{ ...workload, ...more }] },
});
const lacking = (key: string, facts: Facts = EMPTY, part: ObjectPart | null = null): Facts => ({
  ...facts,
  missing: [missingObject(objectOfKey(key), 'not-found', part)],
});
const PAUSED = seeing({ paused: true });
const running = (images: { readonly [container: string]: string }): Facts => ({
  ...seeing(),
  targets: [{ ...target, preImage: { template: 'sha256:1', images } }],
});
const RUNS = running({ web: 'web:1', side: 'side:1' });
const ALIKE = running({ web: 'web:1', side: 'web:1' });
const ON_DELETE = seeing({ rollout: { type: 'OnDelete', maxUnavailable: null, maxSurge: null } });

const GOVERNED: Facts = {
  ...seeing(),
  neighbourhood: {
    ...seeing().neighbourhood,
    autoscalers: [{ namespace: 'shop', name: 'web', uid: 'h', target: KEY, min: 2, max: 5 }],
  },
};

const UNDRAINABLE: Facts = {
  ...seeing(),
  undrainable: [{ why: 'empty-dir', pods: ['shop/a', 'shop/b'] }],
};

const DENIED: Facts = {
  ...seeing(),
  denied: [{ verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop' }],
};

const codesOf = (command: string, facts: Facts | null): string => {
  const understanding = understand(
    { kind: 'line', line: `kubectl ${command}` },
    {
      ...{ namespace: 'shop', customResources: [], readDocuments },
      files: new Map([['web.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n']]),
    },
  );
  assert.deepEqual(understanding.refusals, []);
  return liveRefusals(understanding, facts)
    .map(({ code, about }) => `${code} ${about}`)
    .join('; ');
};

suite('what only the cluster can refuse', () => {
  const table: readonly (readonly [command: string, facts: Facts | null, refused: string])[] = [
    ['scale deploy/web --replicas=2', null, ''],
    ['scale deploy/web --replicas=2', seeing(), ''],
    ['scale deploy/web --replicas=2', DENIED, 'no-cluster-right patch deployments.apps/scale in shop'],
    [
      'scale deploy/web --replicas=3',
      DENIED,
      `no-cluster-right patch deployments.apps/scale in shop; nothing-to-do ${KEY}`,
    ],
    ['scale deploy/web --replicas=2', lacking(KEY, DENIED), `not-found ${KEY}`],
    ['scale deploy/web --replicas=2', lacking(KEY), `not-found ${KEY}`],
    ['delete pod web-1', lacking('pods shop/web-1'), 'not-found pods shop/web-1'],
    ['delete pod web-1', lacking('pods shop/web-10'), ''],
    ['delete pod web-1', lacking('persistentvolumes data'), ''],
    ['delete pods -l app=web', EMPTY, 'no-targets app=web'],
    ['delete pods -l app=web', { ...EMPTY, cluster: null }, ''],
    ['get pods -l app=web', EMPTY, ''],
    [
      'rollout undo deploy/web --to-revision=9',
      lacking(KEY, seeing(), { kind: 'revision', number: 9 }),
      `not-found ${KEY} revision 9`,
    ],
    [
      'set image deploy/web api=x',
      lacking(KEY, seeing(), { kind: 'container', name: 'api' }),
      `not-found ${KEY} container api`,
    ],
    ['apply -f web.yaml', lacking('configmaps shop/web'), ''],
    [
      'drain n1',
      UNDRAINABLE,
      'drain-refused cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/a, shop/b',
    ],
    ['scale deploy/web --replicas=1', GOVERNED, 'autoscaler-bounds shop/web keeps 2 to 5'],
    ['scale deploy/web --replicas=6', GOVERNED, 'autoscaler-bounds shop/web keeps 2 to 5'],
    ['scale deploy/web --replicas=2', GOVERNED, ''],
    // without replicas the autoscaler is off
    ['scale deploy/web --replicas=0', GOVERNED, ''],
    ['rollout restart deploy/web', seeing(), ''],
    ['rollout restart deploy/web', PAUSED, `rollout-paused ${KEY}`],
    ['rollout undo deploy/web', PAUSED, `rollout-paused ${KEY}`],
    ['set image deploy/web web=x', PAUSED, ''],
    ['scale deploy/web --replicas=3', seeing(), `nothing-to-do ${KEY}`],
    ['scale deploy/web deploy/api --replicas=3', seeing(), ''],
    ['set image deploy/web web=web:1', running({ web: 'web:1' }), `nothing-to-do ${KEY}`],
    ['set image deploy/web web=web:2', RUNS, ''],
    ['set image deploy/web web=web:1 side=side:2', RUNS, ''],
    ['set image deploy/web web=web:1 side=side:1', RUNS, `nothing-to-do ${KEY}`],
    ["set image deploy/web '*=web:1'", RUNS, ''],
    ["set image deploy/web '*=web:1'", ALIKE, `nothing-to-do ${KEY}`],
    ['rollout undo deploy/web --to-revision=2', seeing(), `nothing-to-do ${KEY}`],
    ['rollout undo deploy/web --to-revision=1', seeing(), ''],
    ['rollout undo deploy/web', seeing(), ''],
    ['rollout restart deploy/web', RUNS, ''],
    ['rollout resume deploy/web', PAUSED, ''],
    ['scale deploy/web --replicas=2', PAUSED, ''],
    ['rollout restart deploy/web', ON_DELETE, `update-on-delete ${KEY}`],
    ['set image deploy/web web=x --dry-run=server', PAUSED, ''],
  ];
  for (const [command, facts, refused] of table)
    test(`${command} → ${refused || 'nothing'}`, () => assert.equal(codesOf(command, facts), refused));
});
