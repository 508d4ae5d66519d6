// label, annotate: keys of an object's own metadata, on kinds of every make.
import { MAKE, NS, type Stand } from '../objects.ts';
import { changes, fails, nothing, type Row, type Way } from '../row.ts';

const RBAC = 'rbac.authorization.k8s.io';
const KINDS = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'pods',
  'services',
  'configmaps',
  'serviceaccounts',
  'cronjobs.batch',
  'jobs.batch',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  `roles.${RBAC}`,
  'widgets.example.com',
  'gadgets.example.com',
] as const;

const three: readonly Stand[] = ['web', 'api', 'db'].map((name) => MAKE.configmaps(name));

const both = (verb: 'label' | 'annotate'): readonly Way[] => [
  ...KINDS.flatMap((kind) => [
    changes(`${verb} {${kind} web} tier=front`, [MAKE[kind]('web')]),
    changes(`${verb} {${kind} web} example.com/a=1 b=2`, [MAKE[kind]('web')]),
  ]),
  changes(`${verb} {configmaps web api} new=1`, three),
  changes(`${verb} {configmaps} --all new=1`, three),
  changes(`${verb} {configmaps} --selector=app=api new=1`, three),
  changes(`${verb} {configmaps} --selector=app!=api,set=all new=1`, three),
  changes(`${verb} --filename=one.json new=1`, three, { 'one.json': [MAKE.configmaps('web').object] }),
  changes(`${verb} --filename=two.json new=1`, three, {
    'two.json': [
      { apiVersion: 'v1', kind: 'List', items: [MAKE.configmaps('web').object, MAKE.configmaps('db').object] },
    ],
  }),
  changes(`${verb} {nodes ${NS}-a} note=x`, [MAKE.nodes(`${NS}-a`)]),
  changes(`${verb} {nodes} --selector=pool=${NS} note=x`, [MAKE.nodes(`${NS}-a`), MAKE.nodes(`${NS}-b`)]),
  nothing(`${verb} {configmaps web} absent-`, three),
  fails(`${verb} {deployments.apps nosuch} a=b`),
  fails(`${verb} {configmaps web nosuch} a=b`, three),
  fails(`${verb} {services web} 'bad key=1'`, [MAKE.services('web')]),
  fails(`${verb} {configmaps web} a=1 a-`, three),
  fails(`${verb} {configmaps web} a=1 --resource-version=1`, three),
];

export const METADATA: readonly Row[] = [
  {
    name: 'label',
    ways: [
      ...both('label'),
      changes('label {services web} app-', [MAKE.services('web')]),
      changes('label {services web} app=other --overwrite', [MAKE.services('web')]),
      changes('label {configmaps web} app- new=1 set-', three),
      changes('label {configmaps web} new=1 --record', three),
      nothing('label {services web} app=web', [MAKE.services('web')]),
      fails('label {services web} app=other', [MAKE.services('web')]),
      fails("label {services web} 'tier=not valid'", [MAKE.services('web')]),
      fails('label {services web} tier=-x', [MAKE.services('web')]),
    ],
  },
  {
    name: 'annotate',
    ways: [
      ...both('annotate'),
      changes("annotate {services web} 'why=many words, and = too'", [MAKE.services('web')]),
      changes('annotate {configmaps web} new=1 --record', three),
      fails('annotate {services web} why=a', [
        {
          ...MAKE.services('web'),
          object: { ...MAKE.services('web').object, metadata: { name: 'web', annotations: { why: 'b' } } },
        },
      ]),
      changes('annotate {services web} why=a --overwrite', [
        {
          ...MAKE.services('web'),
          object: { ...MAKE.services('web').object, metadata: { name: 'web', annotations: { why: 'b' } } },
        },
      ]),
    ],
  },
];
