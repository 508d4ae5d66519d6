// What the API server itself gives a new object, beyond defaults: addresses of services, the selector of jobs, the token
// volume of pods, first statuses. Reads what is stored where a choice must be free; stores nothing.
import { plainText } from './json.ts';
import { type Kind, services } from './kinds.ts';
import type { Container, Job, Json, JsonObject, KubeObject, Pod, Service } from './model.ts';
import { randomSuffix, type World } from './world.ts';

type Assign = (object: KubeObject, world: World) => KubeObject;

const ASSIGN: Readonly<Record<string, Assign>> = {
  services: withAddress,
  jobs: withSelector,
  pods: withToken,
  daemonsets: (object) => withAnnotation(object, TEMPLATE_GENERATION, '1'),
  persistentvolumeclaims: (object) => ({
    ...object,
    metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), CLAIM_PROTECTION] },
  }),
};

/** Keeps a claim until no pod uses it. */
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** The object with everything that the server chooses for it. */
export function assigned<T extends KubeObject>(world: World, kind: Kind<T>, object: T): T {
  // Each row keeps the kind's shape; the table cannot say so.
  return (ASSIGN[kind.resource]?.(object, world) as T | undefined) ?? object;
}

export function withAnnotation<T extends KubeObject>(object: T, name: string, value: string): T {
  const annotations = { ...object.metadata.annotations, [name]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

const FIRST_STATUS: Readonly<Record<string, JsonObject>> = {
  pods: { phase: 'Pending', qosClass: 'BestEffort' },
  persistentvolumeclaims: { phase: 'Pending' },
  services: { loadBalancer: {} },
  ingresses: { loadBalancer: {} },
  statefulsets: { replicas: 0, availableReplicas: 0 },
  replicasets: { replicas: 0 },
  daemonsets: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  poddisruptionbudgets: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  horizontalpodautoscalers: { desiredReplicas: 0, currentMetrics: null },
};

/** The status that a new object of a kind has before any controller saw it. */
export function firstStatus(kind: Kind): Json {
  return FIRST_STATUS[kind.resource] ?? {};
}

/** A job selects its pods by its own uid, and takes its template's labels where it has none. */
function withSelector(object: KubeObject): KubeObject {
  const { spec, metadata } = object as Job;
  if (spec.selector !== undefined) return object;
  const { uid = '', name } = metadata;
  const chosen = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...spec.template.metadata?.labels,
    ...chosen,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  const own = Object.keys(metadata.labels ?? {}).length > 0 ? metadata.labels : labels;
  return {
    ...object,
    metadata: { ...metadata, labels: own },
    spec: { ...spec, selector: { matchLabels: chosen }, template },
  };
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Mounts the service account's token into every container, as the real admission does. */
function withToken(object: KubeObject): KubeObject {
  const { spec } = object as Pod & { readonly spec: { readonly automountServiceAccountToken?: boolean } };
  if (spec.automountServiceAccountToken === false) return object;
  const mounts = (one: Container): readonly JsonObject[] => one.volumeMounts ?? [];
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const missing = all.filter((one) => !mounts(one).some((mount) => plainText(mount['mountPath']) === TOKEN_PATH));
  if (missing.length === 0) return object;
  const name = `kube-api-access-${randomSuffix(5)}`;
  const mounted = (one: Container): Container =>
    missing.includes(one)
      ? { ...one, volumeMounts: [...mounts(one), { name, readOnly: true, mountPath: TOKEN_PATH }] }
      : one;
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  return {
    ...object,
    spec: {
      ...spec,
      containers: spec.containers.map(mounted),
      initContainers: spec.initContainers?.map(mounted),
      volumes: [...(spec.volumes ?? []), { name, projected: { sources, defaultMode: 420 } }],
    },
  };
}

function withAddress(object: KubeObject, world: World): KubeObject {
  const { spec } = object as Service;
  if (spec.type === 'ExternalName') return object;
  const taken = world.storage
    .list(services)
    .flatMap((one) => [
      ...(one.spec.clusterIPs ?? []),
      ...(one.spec.ports ?? []).map((port) => String(port.nodePort ?? '')),
    ]);
  const clusterIP = spec.clusterIP ?? firstFree((at) => `10.96.${Math.floor(at / 250)}.${(at % 250) + 1}`, taken);
  const exposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const used = [...taken];
  const ports = (spec.ports ?? []).map((port) => {
    if (!exposed || port.nodePort !== undefined) return port;
    const nodePort = firstFree((at) => String(30000 + at), used);
    used.push(nodePort);
    return { ...port, nodePort: Number(nodePort) };
  });
  return { ...object, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports } };
}

function firstFree(candidate: (at: number) => string, taken: readonly string[]): string {
  let at = 1;
  while (taken.includes(candidate(at))) at += 1;
  return candidate(at);
}
