// delete: pods, and objects of every kind that no hard rule protects.
import type { JsonObject } from '../../../src/core/model/json.ts';
import { MAKE, NS } from '../objects.ts';
import { changes, fails, nothing, type Row } from '../row.ts';

const D = 'deployments.apps';
const KINDS = [
  D,
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'services',
  'configmaps',
  'jobs.batch',
  'cronjobs.batch',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'ingresses.networking.k8s.io',
  'serviceaccounts',
  'widgets.example.com',
  'gadgets.example.com',
] as const;
const pods = [MAKE.pods('web'), MAKE.pods('api')];
const configs = ['web', 'api', 'db'].map((name) => MAKE.configmaps(name));
const list = (...items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', kind: 'List', items });

export const DELETIONS: readonly Row[] = [
  {
    name: 'delete pod',
    ways: [
      changes('delete {pods web}', pods),
      changes('delete {pods web api}', pods),
      changes('delete {pods} --selector=app=web', pods),
      changes('delete {pods} --all', pods),
      changes('delete {pods web} --grace-period=5', pods),
      changes('delete {pods web} --wait=false', pods),
      changes('delete {pods web} --now', pods),
      changes('delete {pods} --field-selector=metadata.name=web', pods),
      changes('delete --filename=web.json', pods, { 'web.json': [MAKE.pods('web').object] }),
      nothing('delete {pods nosuch} --ignore-not-found', pods),
      nothing('delete {pods} --selector=app=nobody', pods),
      fails('delete {pods nosuch}', pods),
      fails('delete {pods web nosuch}', pods),
      fails('delete {pods web} --all', pods),
      fails('delete {pods}', pods),
    ],
  },
  {
    name: 'delete',
    ways: [
      ...KINDS.map((kind) => changes(`delete {${kind} web}`, [MAKE[kind]('web')])),
      changes('delete {configmaps web api}', configs),
      changes('delete {configmaps} --selector=app!=db,set=all', configs),
      changes('delete {services} --all', [MAKE.services('web'), MAKE.services('api')]),
      changes(`delete {${D} web} --cascade=orphan`, [MAKE[D]('web')]),
      changes(`delete {${D} web} --cascade=foreground`, [MAKE[D]('web')]),
      changes('delete --filename=all.json', [...configs, MAKE.services('web')], {
        'all.json': [list(MAKE.configmaps('web').object, MAKE.services('web').object)],
      }),
      changes('delete {configmaps web} --wait=false', configs),
      nothing('delete {configmaps nosuch} --ignore-not-found', configs),
      fails('delete {configmaps nosuch}', configs),
      fails('delete {configmaps web nosuch}', configs),
      fails(`delete {${D} web} --all`, [MAKE[D]('web')]),
      fails('delete --filename=all.json', configs, { 'all.json': [MAKE.services('nosuch').object] }),
      fails(`delete {nodes ${NS}-nosuch}`),
    ],
  },
];
