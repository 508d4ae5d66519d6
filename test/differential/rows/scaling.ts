// scale, with and without a condition, and autoscale.
import { MAKE } from '../objects.ts';
import { changes, fails, nothing, type Row } from '../row.ts';

const SCALABLE = [
  'deployments.apps',
  'statefulsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'widgets.example.com',
] as const;
const D = 'deployments.apps';
const two = [MAKE[D]('web'), MAKE[D]('api')];

export const SCALING: readonly Row[] = [
  {
    name: 'scale',
    ways: [
      ...SCALABLE.flatMap((kind) => [
        changes(`scale {${kind} web} --replicas=3`, [MAKE[kind]('web')]),
        changes(`scale {${kind} web} --replicas=0`, [MAKE[kind]('web')]),
      ]),
      changes(`scale {${D} web api} --replicas=2`, two),
      changes(`scale {${D}} --all --replicas=2`, two),
      changes(`scale {${D}} --selector=app=web --replicas=2`, two),
      changes('scale --filename=web.json --replicas=2', two, { 'web.json': [MAKE[D]('web').object] }),
      changes(`scale {${D} web} --replicas=2 --timeout=5s`, two),
      changes(`scale {${D} web} --replicas=2 --record`, two),
      changes(`scale {${D} web api} --replicas=2 --record`, two),
      changes('scale {widgets.example.com web} --replicas=3 --record', [MAKE['widgets.example.com']('web')]),
      changes(`scale {${D} web} --replicas=2 --current-replicas=1 --record`, two),
      changes(`scale {${D} web} --replicas=1 --record`, two),
      nothing(`scale {${D} web} --replicas=1`, two),
      fails(`scale {${D} nosuch} --replicas=2`),
      fails(`scale {${D} web nosuch} --replicas=2`, two),
      fails('scale {configmaps web} --replicas=2', [MAKE.configmaps('web')]),
      fails('scale {daemonsets.apps web} --replicas=2', [MAKE['daemonsets.apps']('web')]),
      fails('scale {gadgets.example.com web} --replicas=2', [MAKE['gadgets.example.com']('web')]),
      fails('scale {widgets.example.com web} --replicas=51', [MAKE['widgets.example.com']('web')]),
      fails(`scale {${D} web} --replicas=-2`, two),
    ],
  },
  {
    name: 'scale, if',
    ways: [
      ...SCALABLE.map((kind) =>
        changes(`scale {${kind} web} --replicas=3 --current-replicas=${kind === 'widgets.example.com' ? 2 : 1}`, [
          MAKE[kind]('web'),
        ]),
      ),
      changes(`scale {${D} web api} --replicas=2 --current-replicas=1`, two),
      changes(`scale {${D} web} --replicas=0 --current-replicas=1`, two),
      ...SCALABLE.slice(0, 3).map((kind) =>
        fails(`scale {${kind} web} --replicas=3 --current-replicas=2`, [MAKE[kind]('web')]),
      ),
      fails(`scale {${D} web} --replicas=3 --resource-version=1`, two),
      fails(`scale {${D} nosuch} --replicas=3 --current-replicas=1`),
    ],
  },
  {
    name: 'autoscale',
    ways: [
      changes(`autoscale {${D} web} --min=1 --max=3`, two),
      changes(`autoscale {${D} web} --max=3 --cpu-percent=70`, two),
      changes(`autoscale {${D} web} --max=3 --name=other`, two),
      changes(`autoscale {${D} web api} --max=3`, two),
      changes('autoscale {statefulsets.apps db} --min=2 --max=4', [MAKE['statefulsets.apps']('db')]),
      changes('autoscale {replicasets.apps db} --min=2 --max=4', [MAKE['replicasets.apps']('db')]),
      changes('autoscale {replicationcontrollers db} --max=4', [MAKE.replicationcontrollers('db')]),
      changes('autoscale --filename=web.json --max=4', two, { 'web.json': [MAKE[D]('web').object] }),
      fails(`autoscale {${D} nosuch} --max=3`),
      fails(`autoscale {${D} web} --min=4 --max=3`, two),
      fails(`autoscale {${D} web} --max=3`, [...two, MAKE['horizontalpodautoscalers.autoscaling']('web')]),
      fails('autoscale {configmaps web} --max=3', [MAKE.configmaps('web')]),
      fails(`autoscale {${D} web} --max=0`, two),
    ],
  },
];
