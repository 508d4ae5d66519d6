// set image, env, resources, serviceaccount, selector, subject.
import { MAKE } from '../objects.ts';
import { changes, fails, nothing, type Row } from '../row.ts';

const ROLLING = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'] as const;
const TEMPLATED = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
] as const;
const D = 'deployments.apps';
const RBAC = 'rbac.authorization.k8s.io';
const [BINDING, CLUSTER_BINDING] = [`rolebindings.${RBAC}`, `clusterrolebindings.${RBAC}`] as const;
const two = [MAKE[D]('web'), MAKE[D]('api')];
const cron = [MAKE['cronjobs.batch']('web')];
const web = { 'web.json': [MAKE[D]('web').object] };

export const SETTINGS: readonly Row[] = [
  {
    name: 'set image',
    ways: [
      ...ROLLING.flatMap((kind) => [
        changes(`set image {${kind} web} web=web:2`, [MAKE[kind]('web')]),
        changes(`set image {${kind} web} web=web:2 side=side:2`, [MAKE[kind]('web')]),
      ]),
      changes(`set image {${D} web} *=x:9`, two),
      changes(`set image {${D} web} first=first:2`, two),
      changes(`set image {${D} web api} web=web:2`, two),
      changes(`set image {${D}} --all web=web:2`, two),
      changes(`set image {${D}} --selector=app=web web=web:2`, two),
      changes('set image --filename=web.json web=web:2', two, web),
      nothing(`set image {${D} web} web=web:1`, two),
      fails(`set image {${D} web} nosuch=web:2`, two),
      fails(`set image {${D} web} web=web:2 nosuch=x:1`, two),
      fails(`set image {${D} nosuch} web=web:2`),
      fails('set image {configmaps web} web=web:2', [MAKE.configmaps('web')]),
    ],
  },
  {
    name: 'set image, of what does not roll out',
    ways: [
      ...TEMPLATED.slice(3).flatMap((kind) => [
        changes(`set image {${kind} web} web=web:2`, [MAKE[kind]('web')]),
        changes(`set image {${kind} web} *=x:9`, [MAKE[kind]('web')]),
      ]),
      changes('set image {cronjobs.batch web} web=web:2', cron),
      changes('set image {cronjobs.batch web api} web=web:2', [...cron, MAKE['cronjobs.batch']('api')]),
      changes('set image {pods web} web=web:2', [MAKE.pods('web')]),
      changes('set image {pods web} web=web:2 side=side:2', [MAKE.pods('web')]),
      changes('set image {pods} --selector=app=web web=web:2', [MAKE.pods('web'), MAKE.pods('api')]),
      changes(`set image {${D} web} web=web:2 --record`, two),
      fails('set image {jobs.batch web} web=web:2', [MAKE['jobs.batch']('web')]),
      fails('set image {cronjobs.batch web} nosuch=web:2', cron),
      fails('set image {pods nosuch} web=web:2'),
      fails('set image {replicasets.apps web} web=', [MAKE['replicasets.apps']('web')]),
    ],
  },
  {
    name: 'set env',
    ways: [
      ...TEMPLATED.map((kind) => changes(`set env {${kind} web} MODE=fast OLD-`, [MAKE[kind]('web')])),
      changes(`set env {${D} web} --containers=side MODE=fast`, two),
      changes(`set env {${D} web} --containers=s* MODE=fast`, two),
      changes(`set env {${D} web} OLD=new`, two),
      changes(`set env {${D} web} --env=A=1 --env=B=2`, two),
      changes(`set env {${D} web api} A=1`, two),
      changes(`set env {${D}} --all A=1`, two),
      changes(`set env {${D}} --selector=app=web A=1`, two),
      changes('set env {cronjobs.batch web} A=1', cron),
      changes(`set env {${D} web} 'A=with words = and more'`, two),
      changes(`set env {${D} web} A=1 --prefix=P_`, two),
      nothing(`set env {${D} web} OLD=x --containers=web`, two),
      fails(`set env {${D} web} OLD=new --overwrite=false`, two),
      fails(`set env {${D} nosuch} A=1`),
      fails(`set env {${D} web nosuch} A=1`, two),
      fails('set env {configmaps web} A=1', [MAKE.configmaps('web')]),
      fails('set env {jobs.batch web} A=1', [MAKE['jobs.batch']('web')]),
      fails(`set env {${D} web} A=1 A-`, two),
    ],
  },
  {
    name: 'set resources',
    ways: [
      ...TEMPLATED.map((kind) =>
        changes(`set resources {${kind} web} --requests=cpu=20m --limits=cpu=1,memory=64Mi`, [MAKE[kind]('web')]),
      ),
      changes(`set resources {${D} web} --containers=side --limits=memory=2Gi`, two),
      changes(`set resources {${D} web api} --limits=cpu=1100m`, two),
      changes(`set resources {${D}} --selector=app=web --limits=cpu=1`, two),
      changes('set resources {cronjobs.batch web} --limits=cpu=1', cron),
      changes(`set resources {${D} web} --requests=cpu=0 --limits=cpu=0`, two),
      fails(`set resources {${D} web} --requests=cpu=2 --limits=cpu=1`, two),
      fails(`set resources {${D} web} --limits=cpu=lots`, two),
      fails(`set resources {${D} nosuch} --limits=cpu=1`),
      fails(`set resources {${D} web} --containers=nosuch --limits=cpu=1`, two),
      fails('set resources {services web} --limits=cpu=1', [MAKE.services('web')]),
    ],
  },
  {
    name: 'set serviceaccount',
    ways: [
      ...TEMPLATED.map((kind) => changes(`set serviceaccount {${kind} web} builder`, [MAKE[kind]('web')])),
      changes('set sa {cronjobs.batch web} builder', cron),
      changes(`set serviceaccount {${D} web api} builder`, two),
      changes(`set serviceaccount {${D}} --all builder`, two),
      changes('set serviceaccount --filename=web.json builder', two, web),
      fails(`set serviceaccount {${D} nosuch} builder`),
      fails('set serviceaccount {jobs.batch web} builder', [MAKE['jobs.batch']('web')]),
      fails('set serviceaccount {services web} builder', [MAKE.services('web')]),
      fails(`set serviceaccount {${D} web nosuch} builder`, two),
    ],
  },
  {
    name: 'set selector',
    ways: [
      changes('set selector {services web} app=other', [MAKE.services('web')]),
      changes('set selector {services web} app=other,tier=front', [MAKE.services('web')]),
      changes('set selector {services web} only=this', [MAKE.services('web', { selector: { app: 'web', more: 'x' } })]),
      changes('set selector {services web} app=x', [MAKE.services('web', { clusterIP: 'None' })]),
      changes('set selector {services api} app=web', [MAKE.services('web'), MAKE.services('api')]),
      changes('set selector {services web} example.com/app=web', [MAKE.services('web')]),
      changes('set selector {services web} app=web2 --record', [MAKE.services('web')]),
      fails('set selector {services nosuch} app=other'),
      fails('set selector {deployments.apps web} app=other', two),
      fails("set selector {services web} 'app=not valid'", [MAKE.services('web')]),
      fails('set selector {services web} app=x --resource-version=1', [MAKE.services('web')]),
    ],
  },
  {
    name: 'set subject',
    ways: [
      changes(`set subject {${BINDING} web} --user=bob`, [MAKE[BINDING]('web')]),
      changes(`set subject {${BINDING} web} --group=sres`, [MAKE[BINDING]('web')]),
      changes(`set subject {${BINDING} web} --serviceaccount=shop:robot`, [MAKE[BINDING]('web')]),
      changes(`set subject {${BINDING} web} --user=bob --user=al --group=sres`, [MAKE[BINDING]('web')]),
      changes(`set subject {${BINDING} web api} --user=bob`, [MAKE[BINDING]('web'), MAKE[BINDING]('api')]),
      changes(`set subject {${CLUSTER_BINDING} @NS-b} --user=bob`, [MAKE[CLUSTER_BINDING]('@NS-b')]),
      changes(`set subject {${CLUSTER_BINDING} @NS-b} --serviceaccount=shop:a --serviceaccount=shop:b`, [
        MAKE[CLUSTER_BINDING]('@NS-b'),
      ]),
      nothing(`set subject {${BINDING} web} --user=ann`, [MAKE[BINDING]('web')]),
      fails(`set subject {${BINDING} nosuch} --user=bob`),
      fails(`set subject {${BINDING} web}`, [MAKE[BINDING]('web')]),
      fails(`set subject {roles.${RBAC} web} --user=bob`, [MAKE[`roles.${RBAC}`]('web')]),
      fails(`set subject {${BINDING} web} --serviceaccount=robot`, [MAKE[BINDING]('web')]),
    ],
  },
];
