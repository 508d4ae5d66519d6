// The one table of what the sandbox cluster serves: kinds, their names, verbs and subresources.
// Discovery, routing, tables and controllers read it; a kind that is not here is answered 501, never half-served.
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Job,
  KubeObject,
  Namespace,
  Node,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  Service,
  StatefulSet,
} from './model.ts';

export interface Subresource {
  readonly verbs: readonly string[];
  /** The kind that the subresource speaks, where it is not the parent's. */
  readonly speaks?: { readonly group: string; readonly version: string; readonly kind: string };
}

/** One row of the table; T is the shape of the kind's objects, carried by the type alone. */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: Readonly<Record<string, Subresource>>;
  /** Whether metadata.generation counts the changes of the spec. */
  readonly generation: boolean;
  /** Versions that are served besides the stored one, converted at the door. */
  readonly alsoServed: readonly string[];
  readonly shape?: T;
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const EDIT = ['get', 'patch', 'update'];

const STATUS: Readonly<Record<string, Subresource>> = { status: { verbs: EDIT } };
const SCALE: Readonly<Record<string, Subresource>> = {
  scale: { verbs: EDIT, speaks: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  ...STATUS,
};

type Row = Partial<Omit<Kind, 'group' | 'version' | 'resource' | 'kind' | 'shape'>>;

function kind<T extends KubeObject = KubeObject>(
  apiVersion: string,
  resource: string,
  name: string,
  row: Row = {},
): Kind<T> {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return {
    group: group ?? '',
    version: version ?? '',
    resource,
    kind: name,
    singular: name.toLowerCase(),
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: {},
    generation: false,
    alsoServed: [],
    ...row,
  };
}

const CLUSTER: Row = { namespaced: false };
const all = ['all'];

export const namespaces = kind<Namespace>('v1', 'namespaces', 'Namespace', {
  ...CLUSTER,
  shortNames: ['ns'],
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  subresources: { ...STATUS, finalize: { verbs: ['update'] } },
});
export const nodes = kind<Node>('v1', 'nodes', 'Node', { ...CLUSTER, shortNames: ['no'], subresources: STATUS });
export const pods = kind<Pod>('v1', 'pods', 'Pod', {
  shortNames: ['po'],
  categories: all,
  generation: true,
  subresources: {
    ...STATUS,
    eviction: { verbs: ['create'], speaks: { group: 'policy', version: 'v1', kind: 'Eviction' } },
    log: { verbs: ['get'] },
    exec: { verbs: ['create', 'get'], speaks: { group: '', version: 'v1', kind: 'PodExecOptions' } },
    ephemeralcontainers: { verbs: EDIT },
  },
});
export const services = kind<Service>('v1', 'services', 'Service', {
  shortNames: ['svc'],
  categories: all,
  subresources: STATUS,
});
export const endpoints = kind('v1', 'endpoints', 'Endpoints', { shortNames: ['ep'] });
export const configMaps = kind('v1', 'configmaps', 'ConfigMap', { shortNames: ['cm'] });
export const secrets = kind('v1', 'secrets', 'Secret');
export const events = kind('v1', 'events', 'Event', { shortNames: ['ev'] });
export const serviceAccounts = kind('v1', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] });
export const claims = kind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
  shortNames: ['pvc'],
  subresources: STATUS,
});
export const volumes = kind('v1', 'persistentvolumes', 'PersistentVolume', {
  ...CLUSTER,
  shortNames: ['pv'],
  subresources: STATUS,
});
export const deployments = kind<Deployment>('apps/v1', 'deployments', 'Deployment', {
  shortNames: ['deploy'],
  categories: all,
  generation: true,
  subresources: SCALE,
});
export const replicaSets = kind<ReplicaSet>('apps/v1', 'replicasets', 'ReplicaSet', {
  shortNames: ['rs'],
  categories: all,
  generation: true,
  subresources: SCALE,
});
export const statefulSets = kind<StatefulSet>('apps/v1', 'statefulsets', 'StatefulSet', {
  shortNames: ['sts'],
  categories: all,
  generation: true,
  subresources: SCALE,
});
export const daemonSets = kind<DaemonSet>('apps/v1', 'daemonsets', 'DaemonSet', {
  shortNames: ['ds'],
  categories: all,
  generation: true,
  subresources: STATUS,
});
export const controllerRevisions = kind<ControllerRevision>('apps/v1', 'controllerrevisions', 'ControllerRevision');
export const jobs = kind<Job>('batch/v1', 'jobs', 'Job', { categories: all, generation: true, subresources: STATUS });
export const autoscalers = kind('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
  shortNames: ['hpa'],
  categories: all,
  subresources: STATUS,
  alsoServed: ['v1'],
});
export const budgets = kind<PodDisruptionBudget>('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', {
  shortNames: ['pdb'],
  generation: true,
  subresources: STATUS,
});
export const endpointSlices = kind<EndpointSlice>('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', {
  generation: true,
});
export const ingresses = kind('networking.k8s.io/v1', 'ingresses', 'Ingress', {
  shortNames: ['ing'],
  generation: true,
  subresources: STATUS,
});

/** Kinds that extend the API server: the sandbox has no extension, so it lists none and takes none. */
const NONE_OF_THEM: Row = { ...CLUSTER, categories: ['api-extensions'], verbs: ['get', 'list', 'watch'] };
const ADMISSION = [
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
];
const pluralOf = (name: string): string => name.toLowerCase().replace(/y$/, 'ie').concat('s');

/** Every kind served; the order within a group is the order of discovery. */
export const KINDS: readonly Kind[] = [
  configMaps,
  endpoints,
  events,
  namespaces,
  nodes,
  claims,
  volumes,
  pods,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  kind('authentication.k8s.io/v1', 'selfsubjectreviews', 'SelfSubjectReview', { ...CLUSTER, verbs: ['create'] }),
  kind('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    ...CLUSTER,
    verbs: ['create'],
  }),
  autoscalers,
  jobs,
  ingresses,
  kind('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', { shortNames: ['netpol'], generation: true }),
  budgets,
  ...ADMISSION.map((name) => kind('admissionregistration.k8s.io/v1', pluralOf(name), name, NONE_OF_THEM)),
  kind('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', {
    ...NONE_OF_THEM,
    shortNames: ['crd', 'crds'],
  }),
  kind('apiregistration.k8s.io/v1', 'apiservices', 'APIService', NONE_OF_THEM),
  kind('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', CLUSTER),
  kind('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', CLUSTER),
  kind('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  kind('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  kind('storage.k8s.io/v1', 'storageclasses', 'StorageClass', { ...CLUSTER, shortNames: ['sc'] }),
  kind('coordination.k8s.io/v1', 'leases', 'Lease'),
  endpointSlices,
];

/** The kinds whose objects are made only for the length of one request. */
export const VIRTUAL: ReadonlySet<string> = new Set(['selfsubjectreviews', 'selfsubjectaccessreviews']);

/** API groups that Kubernetes itself has and the sandbox does not: asked for, the answer is 501 and not 404. */
export const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'certificates.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'metrics.k8s.io',
  'node.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storagemigration.k8s.io',
]);

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The name that error messages use: `deployments.apps`, or `pods` for the core group. */
export function qualifiedResource(kind: Kind): string {
  return kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`;
}

const byResource = new Map(KINDS.map((kind) => [`${kind.group}/${kind.resource}`, kind]));
const byKind = new Map(KINDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]));

export function findResource(group: string, resource: string): Kind | null {
  return byResource.get(`${group}/${resource}`) ?? null;
}

export function findKind(apiVersion: string, kindName: string): Kind | null {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return byKind.get(`${group}/${kindName}`) ?? null;
}
