// Every action × every moment in which the gate dies, or the API server fails → how it must end. An action joins by a row.
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { MAKE, NS } from '../differential/objects.ts';
import { changes, type Way } from '../differential/row.ts';

/** What is asked for, in how many writes; of several the fault hits the second. */
export interface MatrixRow {
  readonly action: string;
  readonly way: Way;
  readonly writes: number;
  /** Where it ends otherwise than its column says. */
  readonly ends?: { readonly [column in ColumnName]?: MatrixEnd };
}

/**
 * `done`: succeeded, and as kubectl leaves it. `back`: rolled back, and as it was; so many writes were carried out before.
 * `handed-over`: a person has it; so many of the writes were carried out and nothing else.
 */
export type MatrixEnd =
  | { readonly is: 'done' }
  | { readonly is: 'back'; readonly written: number }
  | { readonly is: 'handed-over'; readonly written: number };

/** The state in which the gate says that it ended. */
export const STATE_OF: { readonly [K in MatrixEnd['is']]: string } = {
  done: 'succeeded',
  back: 'rolled-back',
  'handed-over': 'handed-over',
};

export type ColumnName = keyof typeof COLUMNS;

interface Column {
  /** Where the gate kills itself: a transition and a moment of its commit (preload.ts). */
  readonly killAt?: string;
  /** What the API server does to a write. */
  readonly fault?: Fault['fault'];
  /** Killed as soon as a write was carried out and its answer is held back. */
  readonly killWhenHeld?: true;
  /** Writes that are carried out although the fault hits the second of several; null: it goes on and ends well. */
  readonly carriedOut: number | null;
}

const COLUMNS = {
  'no fault': { carriedOut: null },
  'killed before the request': { killAt: 'approved>executing:after', carriedOut: null },
  'killed while unanswered': { fault: { kind: 'hang-after' }, killWhenHeld: true, carriedOut: 2 },
  'killed before it was saved': { killAt: 'executing>verifying:before', carriedOut: null },
  '409': { fault: { kind: 'status', code: 409 }, carriedOut: null },
  '429': { fault: { kind: 'status', code: 429, retryAfterSeconds: 1 }, carriedOut: null },
  '500': { fault: { kind: 'status', code: 500 }, carriedOut: 1 },
  'cut before it': { fault: { kind: 'drop-before' }, carriedOut: 1 },
  'cut after it': { fault: { kind: 'drop-after' }, carriedOut: 2 },
} as const satisfies { readonly [name: string]: Column };

/** What happens in a column; null: nothing of the kind. */
export const happeningIn = (name: ColumnName) => {
  const column: Column = COLUMNS[name];
  const [killAt, killWhenHeld] = [column.killAt ?? null, column.killWhenHeld === true];
  return { killAt, killWhenHeld, fault: column.fault ?? null, dies: killAt !== null || killWhenHeld };
};

export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

/** A write without an answer is looked for: alone it is found, or sent again; one of several leaves half, which goes back. */
export const endOf = ({ writes, ends }: MatrixRow, column: ColumnName): MatrixEnd => {
  const own = ends?.[column];
  if (own !== undefined) return own;
  const { carriedOut } = COLUMNS[column];
  // Cut after the last of them, all are there.
  return writes === 1 || carriedOut === null || carriedOut === writes
    ? { is: 'done' }
    : { is: 'back', written: carriedOut };
};

const D = 'deployments.apps';
const RBAC = 'rbac.authorization.k8s.io';
const row = (action: string, way: Way, writes = 1, ends: MatrixRow['ends'] = {}): MatrixRow => ({
  action,
  way,
  writes,
  ends,
});

const web = [MAKE[D]('web')];
const config = MAKE.configmaps('web').object;
const three = ['web', 'api', 'db'].map((name) => MAKE.configmaps(name));
const pods = ['a', 'b', 'c'].map((name) => MAKE.pods(name));
const file = (...objects: readonly Way['files'][string][number][]): Way['files'] => ({ 'all.json': objects });
const half = (written: number): MatrixEnd => ({ is: 'handed-over', written });

/** One row an action at least; those of several writes come last. */
export const MATRIX: readonly MatrixRow[] = [
  row('annotate', changes('annotate {services web} why=because', [MAKE.services('web')])),
  row('label', changes('label {services web} tier=front', [MAKE.services('web')])),
  row('cordon', changes(`cordon ${NS}-a`, [MAKE.nodes(`${NS}-a`)])),
  row('uncordon', changes(`uncordon ${NS}-a`, [MAKE.nodes(`${NS}-a`, { spec: { unschedulable: true } })])),
  row('taint', changes(`taint {nodes} ${NS}-a a=b:NoSchedule`, [MAKE.nodes(`${NS}-a`)])),
  row(
    'untaint',
    changes(`taint {nodes} ${NS}-a a-`, [
      MAKE.nodes(`${NS}-a`, { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }),
    ]),
  ),
  row('rollout pause', changes(`rollout pause {${D} web}`, web)),
  row('rollout restart', changes(`rollout restart {${D} web}`, web)),
  row('rollout undo', changes(`rollout undo {${D} web}`, [{ ...MAKE[D]('web'), images: ['web:2'] }])),
  row('set image', changes(`set image {${D} web} web=web:2`, web)),
  row('set env', changes(`set env {${D} web} MODE=fast`, web)),
  row('set resources', changes(`set resources {${D} web} --limits=cpu=1`, web)),
  row('set serviceaccount', changes(`set serviceaccount {${D} web} default`, web)),
  row('set selector', changes('set selector {services web} app=other', [MAKE.services('web'), MAKE[D]('other')])),
  row(
    'set subject',
    changes(`set subject {rolebindings.${RBAC} web} --user=bob`, [MAKE[`rolebindings.${RBAC}`]('web')]),
  ),
  row(
    'auth reconcile',
    changes(
      'auth reconcile --filename=all.json',
      [MAKE[`roles.${RBAC}`]('web')],
      file({
        ...MAKE[`roles.${RBAC}`]('web').object,
        metadata: { name: 'web', namespace: NS, labels: { app: 'web' } },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
      }),
    ),
  ),
  row('scale', changes(`scale {${D} web} --replicas=2`, web)),
  row('scale, if', changes(`scale {${D} web} --replicas=2 --current-replicas=1`, web)),
  row(
    'scale of a custom kind',
    changes('scale {widgets.example.com web} --replicas=3', [MAKE['widgets.example.com']('web')]),
  ),
  // At rest: without metrics an autoscaler of running pods is never healthy here.
  row('autoscale', changes(`autoscale {${D} web} --min=1 --max=3`, [MAKE[D]('web', { replicas: 0 })])),
  row(
    'patch',
    changes(`patch {configmaps web} --type=merge --patch='{"data":{"mode":"fast"}}'`, [MAKE.configmaps('web')]),
  ),
  row(
    'apply',
    changes('apply --filename=all.json', [MAKE.configmaps('web')], file({ ...config, data: { mode: 'fast' } })),
  ),
  row('apply of what is new', changes('apply --filename=all.json', [], file(config))),
  row(
    'apply --server-side',
    changes(
      'apply --server-side --force-conflicts --filename=all.json',
      [MAKE.configmaps('web')],
      file({ ...config, data: { mode: 'fast' } }),
    ),
  ),
  row(
    'replace',
    changes('replace --filename=all.json', [MAKE.configmaps('web')], file({ ...config, data: { mode: 'fast' } })),
  ),
  row(
    'replace --force',
    changes(
      'replace --force --filename=all.json',
      [MAKE.configmaps('web')],
      file({ ...config, data: { mode: 'fast' } }),
    ),
    2,
  ),
  // No controller writes to it in between.
  row(
    'scale --record',
    changes('scale {widgets.example.com web} --replicas=3 --record', [MAKE['widgets.example.com']('web')]),
    2,
  ),
  row('create', changes('create configmap web --from-literal=a=b')),
  row(
    'create, named by the server',
    changes('create --filename=all.json', [], file({ ...config, metadata: { generateName: 'web-' } })),
  ),
  row(
    'create job --from',
    changes('create job now --from=cronjob/web', [MAKE['cronjobs.batch']('web', { suspend: true })]),
  ),
  row('run', changes('run web --image=x:1')),
  row('expose', changes(`expose {${D} web} --port=80`, web)),
  row('delete pod', changes('delete {pods a}', pods)),
  row('delete', changes('delete {configmaps web}', three)),
  row('label of three', changes('label {configmaps} web api db new=1', three), 3),
  row(
    'apply of three',
    changes('apply --filename=all.json', [], file(config, MAKE.services('web').object, MAKE.limitranges('web').object)),
    3,
  ),
  row('delete of three', changes('delete {configmaps web api db}', three), 3),
  // No controller brings them back.
  row('delete pod of three', changes('delete {pods a b c}', pods), 3, {
    'killed while unanswered': half(2),
    '500': half(1),
    'cut before it': half(1),
    'cut after it': half(2),
  }),
];
