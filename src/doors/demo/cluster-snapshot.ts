// What stands in the cluster at one moment, as far as a story's ending speaks of it.
import type { Stage } from './stage.ts';
import type { Story } from './story.ts';

export interface SeenDeployment {
  readonly uid: string;
  readonly name: string;
  readonly replicas: number;
  readonly available: number;
  readonly image: string;
  /** The revision annotation that the deployment controller writes. */
  readonly revision: number;
}

export interface SeenPod {
  readonly uid: string;
  readonly name: string;
  readonly ready: 'yes' | 'no';
  /** The node that it is on; null: none yet. */
  readonly node: string | null;
}

export interface ClusterSnapshot {
  readonly namespace: { readonly uid: string; readonly phase: string };
  /** The story's one, or all of its namespace; sorted by name. */
  readonly deployments: readonly SeenDeployment[];
  /** Pods of the story's deployment that are not going; none where it speaks of a namespace. */
  readonly pods: readonly SeenPod[];
  /** What the story's config map holds, as JSON; null: it has none. */
  readonly settings: string | null;
}

// Parts of core/v1 and apps/v1 as the API server gives them.
interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly deletionTimestamp?: string;
  readonly annotations?: { readonly [key: string]: string };
}
interface ApiDeployment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: { readonly [key: string]: string } };
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status?: { readonly availableReplicas?: number };
}
interface ApiPod {
  readonly metadata: Metadata;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export async function lookAt(
  { readCluster }: Stage,
  { namespace, deployment, configMap }: Story['place'],
): Promise<ClusterSnapshot> {
  // as: objects of the Kubernetes API, named by their paths.
  const read = async <T>(path: string): Promise<T> => (await readCluster(path)) as T;
  const space = await read<{ metadata: Metadata; status: { phase: string } }>(`/api/v1/namespaces/${namespace}`);
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const found =
    deployment === null
      ? (await read<{ items: readonly ApiDeployment[] }>(deployments)).items
      : [await read<ApiDeployment>(`${deployments}/${deployment}`)];
  const [only] = found;
  const pods =
    deployment === null || only === undefined
      ? []
      : (await read<{ items: readonly ApiPod[] }>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${labels(only)}`))
          .items;
  const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  const settings = configMap === null ? null : await read<{ readonly data?: unknown }>(`${configMaps}/${configMap}`);
  return {
    settings: settings === null ? null : JSON.stringify(settings.data),
    namespace: { uid: space.metadata.uid, phase: space.status.phase },
    deployments: found.map(seenDeployment).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    pods: pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(seenPod),
  };
}

const labels = ({ spec }: ApiDeployment): string =>
  encodeURIComponent(
    Object.entries(spec.selector.matchLabels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );

const seenDeployment = ({ metadata, spec, status }: ApiDeployment): SeenDeployment => ({
  uid: metadata.uid,
  name: metadata.name,
  replicas: spec.replicas ?? 1,
  available: status?.availableReplicas ?? 0,
  image: spec.template.spec.containers.map(({ image }) => image).join(' '),
  revision: Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0),
});

const seenPod = ({ metadata, spec, status }: ApiPod): SeenPod => ({
  uid: metadata.uid,
  name: metadata.name,
  node: spec?.nodeName ?? null,
  ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true ? 'yes' : 'no',
});
