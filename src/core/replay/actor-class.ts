// The name of a user of the cluster → what it is: somebody whose requests a gate would judge, or a part of the cluster.

/** `controller`, `node` and `system` are parts of the cluster: what they do follows from what others have done. */
export type ActorClass = 'user' | 'service-account' | 'anonymous' | 'controller' | 'node' | 'system';

/** Parts of the control plane that have names of their own. `system:admin` and `system:masters` are people's. */
const CONTROL_PLANE: ReadonlySet<string> = new Set([
  'system:apiserver',
  'system:aggregator',
  'system:kube-aggregator',
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:kube-proxy',
  'system:cloud-controller-manager',
  'system:volume-scheduler',
  'system:konnectivity-server',
]);

/** Managed control planes: their own components, which no customer can be. */
const MANAGED = /^(?:eks:|aks:|aksService$|system:gke-|system:gcp-controller-manager$)/;

/** What a user is, by its name alone. */
export function actorClassOf(name: string): ActorClass {
  if (name === '' || name === 'system:anonymous') return 'anonymous';
  if (/^system:(?:node|bootstrap):/.test(name)) return 'node';
  if (CONTROL_PLANE.has(name) || MANAGED.test(name)) return 'system';
  if (/^system:(?:serviceaccount:kube-system|controller):/.test(name)) return 'controller';
  return name.startsWith('system:serviceaccount:') ? 'service-account' : 'user';
}

/** The class of a part of the cluster; null for everybody whose requests are judged. */
export function clusterPartOf(name: string): 'controller' | 'node' | 'system' | null {
  const is = actorClassOf(name);
  return is === 'controller' || is === 'node' || is === 'system' ? is : null;
}
