// rollout pause, resume, restart, undo: what is asked of workloads with a history.
import { MAKE, type Stand } from '../objects.ts';
import { changes, fails, type Row } from '../row.ts';

const WORKLOADS = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'] as const;
const D = 'deployments.apps';
const paused = MAKE[D]('web', { paused: true });
const after = (stand: Stand, ...images: readonly string[]): Stand => ({ ...stand, images });

export const ROLLOUTS: readonly Row[] = [
  {
    name: 'rollout pause',
    ways: [
      changes(`rollout pause {${D} web}`, [MAKE[D]('web')]),
      changes(`rollout pause {${D} api}`, [MAKE[D]('api'), MAKE[D]('web')]),
      changes(`rollout pause {${D} web api}`, [MAKE[D]('api'), MAKE[D]('web')]),
      changes(`rollout pause {${D}} --selector=app=web`, [MAKE[D]('api'), MAKE[D]('web')]),
      changes('rollout pause --filename=web.json', [MAKE[D]('web')], { 'web.json': [MAKE[D]('web').object] }),
      fails(`rollout pause {${D} web}`, [paused]),
      fails(`rollout pause {${D} nosuch}`),
      fails('rollout pause {statefulsets.apps db}', [MAKE['statefulsets.apps']('db')]),
      fails(`rollout pause {${D} web nosuch}`, [MAKE[D]('web')]),
    ],
  },
  {
    name: 'rollout resume',
    ways: [
      changes(`rollout resume {${D} web}`, [paused]),
      changes(`rollout resume {${D} web}`, [paused, MAKE[D]('api')]),
      changes(`rollout resume {${D} web api}`, [paused, MAKE[D]('api', { paused: true })]),
      changes(`rollout resume {${D}} --selector=app=web`, [paused, MAKE[D]('api')]),
      changes('rollout resume --filename=web.json', [paused], { 'web.json': [MAKE[D]('web').object] }),
      fails(`rollout resume {${D} web}`, [MAKE[D]('web')]),
      fails(`rollout resume {${D} nosuch}`),
      fails('rollout resume {daemonsets.apps log}', [MAKE['daemonsets.apps']('log')]),
      fails(`rollout resume {${D} web nosuch}`, [paused]),
    ],
  },
  {
    name: 'rollout restart',
    ways: [
      ...WORKLOADS.map((kind) => changes(`rollout restart {${kind} web}`, [MAKE[kind]('web')])),
      ...WORKLOADS.map((kind) => changes(`rollout restart {${kind} web api}`, [MAKE[kind]('web'), MAKE[kind]('api')])),
      changes(`rollout restart {${D}} --selector=app=web`, [MAKE[D]('web'), MAKE[D]('api')]),
      changes(`rollout restart {${D}}`, [MAKE[D]('web'), MAKE[D]('api')]),
      changes('rollout restart --filename=web.json', [MAKE[D]('web')], { 'web.json': [MAKE[D]('web').object] }),
      fails(`rollout restart {${D} web}`, [paused]),
      fails(`rollout restart {${D} nosuch}`),
      fails('rollout restart {cronjobs.batch web}', [MAKE['cronjobs.batch']('web')]),
      fails(`rollout restart {${D} web nosuch}`, [MAKE[D]('web')]),
    ],
  },
  {
    name: 'rollout undo',
    ways: [
      ...WORKLOADS.flatMap((kind) => [
        changes(`rollout undo {${kind} web}`, [after(MAKE[kind]('web'), 'web:2')]),
        changes(`rollout undo {${kind} web} --to-revision=1`, [after(MAKE[kind]('web'), 'web:2', 'web:3')]),
        fails(`rollout undo {${kind} web}`, [MAKE[kind]('web')]),
      ]),
      changes(`rollout undo {${D} web} --to-revision=0`, [after(MAKE[D]('web'), 'web:2', 'web:3')]),
      changes(`rollout undo {${D} web api}`, [after(MAKE[D]('web'), 'web:2'), after(MAKE[D]('api'), 'web:2')]),
      fails(`rollout undo {${D} web} --to-revision=99`, [after(MAKE[D]('web'), 'web:2')]),
      fails(`rollout undo {${D} nosuch}`),
      fails('rollout undo {jobs.batch web}', [MAKE['jobs.batch']('web')]),
    ],
  },
];
