// Which lists of which kinds merge element by element, and by which key (Kubernetes' patchStrategy and patchMergeKey).
// A table and nothing else; a list that is not named is replaced as a whole.
import type { Kind } from '../kinds.ts';

export interface Shape {
  readonly fields?: Readonly<Record<string, Shape>>;
  /** `key` null: a list of plain values, merged as a set. */
  readonly lists?: Readonly<Record<string, { readonly key: string | null; readonly of?: Shape }>>;
}

const metadata: Shape = { lists: { ownerReferences: { key: 'uid' }, finalizers: { key: null } } };

const container: Shape = {
  lists: {
    env: { key: 'name' },
    ports: { key: 'containerPort' },
    volumeMounts: { key: 'mountPath' },
    volumeDevices: { key: 'devicePath' },
  },
};

const podSpec: Shape = {
  lists: {
    containers: { key: 'name', of: container },
    initContainers: { key: 'name', of: container },
    ephemeralContainers: { key: 'name', of: container },
    volumes: { key: 'name' },
    imagePullSecrets: { key: 'name' },
    hostAliases: { key: 'ip' },
    topologySpreadConstraints: { key: 'topologyKey' },
    resourceClaims: { key: 'name' },
    schedulingGates: { key: 'name' },
  },
};

const conditions: Shape = { lists: { conditions: { key: 'type' } } };
const withTemplate: Shape = { fields: { template: { fields: { metadata, spec: podSpec } } } };
const workload: Shape = { fields: { metadata, spec: withTemplate, status: conditions } };

const SHAPES: Readonly<Record<string, Shape>> = {
  pods: {
    fields: {
      metadata,
      spec: podSpec,
      status: { lists: { ...conditions.lists, podIPs: { key: 'ip' }, hostIPs: { key: 'ip' } } },
    },
  },
  deployments: workload,
  replicasets: workload,
  statefulsets: workload,
  daemonsets: workload,
  jobs: workload,
  services: { fields: { metadata, spec: { lists: { ports: { key: 'port' } } }, status: conditions } },
  serviceaccounts: { fields: { metadata }, lists: { secrets: { key: 'name' }, imagePullSecrets: { key: 'name' } } },
  nodes: {
    fields: {
      metadata,
      spec: { lists: { podCIDRs: { key: null } } },
      status: { lists: { ...conditions.lists, addresses: { key: 'type' } } },
    },
  },
  poddisruptionbudgets: { fields: { metadata, status: conditions } },
  namespaces: { fields: { metadata, status: conditions } },
};

export function shapeOf(kind: Kind): Shape {
  return SHAPES[kind.resource] ?? { fields: { metadata } };
}
