// What `blastgate doctor` says of each kind of action: which roles of deploy/rbac.yaml allow it, and which of them this gate has.
import type { ActionKind } from '../../../core/model/effect.ts';
import { type ClusterRights, type PublishedRole, ROLES_ON_DEMAND } from '../../../ports/cluster-rights.ts';
import { placesWith } from './doctor-rights.ts';
import { type Finding, finding } from './finding.ts';

/** Roles that labels, patches and manifests need, by the kind of object. */
const OF_OBJECTS: readonly PublishedRole[] = [
  'blastgate-change',
  'blastgate-rollout',
  'blastgate-configmaps',
  'blastgate-secrets',
];

/** The roles of each kind of action, any of which allows it for the objects of its own; none: the gate does not carry it out. */
const ROLES: { readonly [kind in ActionKind]: readonly PublishedRole[] } = {
  none: [],
  read: [],
  annotate: [...OF_OBJECTS, 'blastgate-nodes'],
  uncordon: ['blastgate-nodes'],
  label: [...OF_OBJECTS, 'blastgate-nodes'],
  'rollout-pause': ['blastgate-rollout'],
  'delete-pod': ['blastgate-delete-pod'],
  'rollout-restart': ['blastgate-rollout'],
  scale: ['blastgate-scale', 'blastgate-replace'],
  autoscale: ['blastgate-create', 'blastgate-change'],
  untaint: ['blastgate-nodes'],
  'rollout-undo': ['blastgate-rollout'],
  create: ['blastgate-create', 'blastgate-configmaps', 'blastgate-secrets'],
  cordon: ['blastgate-nodes'],
  'set-image': ['blastgate-rollout'],
  'set-config': ['blastgate-rollout', 'blastgate-change'],
  patch: [...OF_OBJECTS, 'blastgate-nodes'],
  apply: [...OF_OBJECTS, 'blastgate-create', 'blastgate-replace'],
  taint: ['blastgate-nodes'],
  'delete-object': ['blastgate-delete', 'blastgate-configmaps', 'blastgate-secrets'],
  drain: ['blastgate-drain'],
  exec: ['blastgate-exec', 'blastgate-debug'],
  'sensitive-read': [],
  tunnel: [],
  grant: ['blastgate-reconcile'],
};

/** What a gate does not do is no action of it. */
const NO_ACTIONS: ReadonlySet<string> = new Set<ActionKind>(['none', 'read']);

interface RoleState {
  readonly state: 'on' | 'off';
  /** "on", "off", "in part", "only in shop": of the role. */
  readonly words: string;
}

const stateOf = async (cluster: ClusterRights, role: PublishedRole, signal: AbortSignal): Promise<RoleState> => {
  const own = cluster.needed.filter((right) => right.role === role);
  const lacking = (await cluster.missing(signal)).filter((right) => right.role === role);
  if (lacking.length === 0) return { state: 'on', words: 'on' };
  if (lacking.length < own.length) return { state: 'on', words: 'in part' };
  const places = await placesWith(cluster, lacking, signal);
  return places.length === 0 ? { state: 'off', words: 'off' } : { state: 'on', words: `only in ${places.join(', ')}` };
};

const rowOf = (kind: string, roles: readonly (readonly [role: PublishedRole, state: RoleState])[]): Finding => {
  if (roles.length === 0) return finding('action', 'off', `${kind}: not carried out by the gate (docs/operate.md)`);
  const words = roles.map(([role, { words: state }]) => `${role} ${state}`).join(', ');
  if (roles.some(([, { state }]) => state === 'on')) return finding('action', 'ok', `${kind}: ${words}`);
  const onDemand = roles.every(([role]) => ROLES_ON_DEMAND.has(role));
  return finding(
    'action',
    'off',
    `${kind}: ${words}`,
    onDemand
      ? 'read the warning in deploy/rbac.yaml before you bind its role'
      : `if this gate is to do it, bind the ClusterRole ${roles.map(([role]) => role).join(' or ')} of deploy/rbac.yaml`,
  );
};

/** A line for each kind of action: on or off, and by which roles. Throws AdapterError when the cluster cannot be asked. */
export async function actionFindings(cluster: ClusterRights, signal: AbortSignal): Promise<readonly Finding[]> {
  const roles = [...new Set(Object.values(ROLES).flat())];
  const states = await Promise.all(roles.map((role) => stateOf(cluster, role, signal)));
  const stateBy = new Map(roles.map((role, i) => [role, states[i]] as const));
  return Object.entries(ROLES)
    .filter(([kind]) => !NO_ACTIONS.has(kind))
    .map(([kind, of]) =>
      rowOf(
        kind,
        of.flatMap((role) => {
          const state = stateBy.get(role);
          return state === undefined ? [] : [[role, state] as const];
        }),
      ),
    );
}

/** The same rights, what lacks asked for once. */
export function askedOnce(cluster: ClusterRights): ClusterRights {
  let missing: ReturnType<ClusterRights['missing']> | null = null;
  return {
    needed: cluster.needed,
    missing: (signal) => {
      missing ??= cluster.missing(signal);
      return missing;
    },
    namespacesWith: (rights, signal) => cluster.namespacesWith(rights, signal),
  };
}
