// A kind and a name → the object that stands there before a command is tried. "@NS" is the namespace, in whatever is of the whole cluster too.
import type { JsonObject } from '../../src/core/model/json.ts';

/** The namespace of a twin, wherever it stands in a command, an object or a file. */
export const NS = '@NS';

/** An object that is made before the command runs. */
export interface Stand {
  /** "deployments.apps": the plural with its group. */
  readonly resource: string;
  readonly object: JsonObject;
  /** Made anew with another image once it is rolled out, so that it has a history. */
  readonly images?: readonly string[];
}

const META = (name: string): JsonObject => ({ name, labels: { app: name, set: 'all' } });

const container = (name: string, image: string, more: JsonObject = {}): JsonObject => ({ name, image, ...more });

/** Two containers and one that runs first. */
export const template = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app: name } },
  spec: {
    initContainers: [container('first', 'first:1')],
    containers: [
      container('web', 'web:1', {
        env: [{ name: 'OLD', value: 'x' }],
        resources: { requests: { cpu: '10m' } },
        ports: [{ name: 'http', containerPort: 8080 }],
      }),
      container('side', 'side:1'),
    ],
    ...more,
  },
});

const once = (name: string): JsonObject => ({
  metadata: { labels: { app: name } },
  spec: { restartPolicy: 'Never', containers: [container('web', 'web:1', { env: [{ name: 'OLD', value: 'x' }] })] },
});

const selects = (name: string): JsonObject => ({ matchLabels: { app: name } });

const make = (resource: string, apiVersion: string, kind: string, name: string, more: JsonObject): Stand => {
  const { metadata, ...fields } = more;
  const own = META(name);
  return {
    resource,
    object: { apiVersion, kind, metadata: { ...own, ...(metadata as JsonObject | undefined) }, ...fields },
  };
};

/** With `more` in place of fields of its spec. */
type Maker = (name: string, more?: JsonObject) => Stand;

const RBAC = 'rbac.authorization.k8s.io';
const READS = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

const makers = <K extends string>(all: { readonly [P in K]: Maker }): { readonly [P in K]: Maker } => all;

/** One maker for each kind that commands are tried on. */
export const MAKE = makers({
  'deployments.apps': (name, more) =>
    make('deployments.apps', 'apps/v1', 'Deployment', name, {
      spec: { replicas: 1, selector: selects(name), template: template(name), ...more },
    }),
  'statefulsets.apps': (name, more) =>
    make('statefulsets.apps', 'apps/v1', 'StatefulSet', name, {
      spec: { replicas: 1, serviceName: name, selector: selects(name), template: template(name), ...more },
    }),
  'daemonsets.apps': (name, more) =>
    make('daemonsets.apps', 'apps/v1', 'DaemonSet', name, {
      spec: {
        selector: selects(name),
        template: template(name, { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } }),
        ...more,
      },
    }),
  'replicasets.apps': (name, more) =>
    make('replicasets.apps', 'apps/v1', 'ReplicaSet', name, {
      spec: { replicas: 1, selector: selects(name), template: template(name), ...more },
    }),
  replicationcontrollers: (name, more) =>
    make('replicationcontrollers', 'v1', 'ReplicationController', name, {
      spec: { replicas: 1, selector: { app: name }, template: template(name), ...more },
    }),
  pods: (name, more) =>
    make('pods', 'v1', 'Pod', name, { spec: { ...(template(name)['spec'] as JsonObject), ...more } }),
  services: (name, more) =>
    make('services', 'v1', 'Service', name, {
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }], ...more },
    }),
  configmaps: (name, more) =>
    make('configmaps', 'v1', 'ConfigMap', name, { data: { mode: 'slow', other: 'kept' }, ...more }),
  serviceaccounts: (name, more) => make('serviceaccounts', 'v1', 'ServiceAccount', name, { ...more }),
  resourcequotas: (name, more) =>
    make('resourcequotas', 'v1', 'ResourceQuota', name, { spec: { hard: { pods: '100' }, ...more } }),
  limitranges: (name, more) =>
    make('limitranges', 'v1', 'LimitRange', name, { spec: { limits: [{ type: 'Pod', max: { cpu: '9' } }], ...more } }),
  'jobs.batch': (name, more) =>
    make('jobs.batch', 'batch/v1', 'Job', name, { spec: { suspend: true, template: once(name), ...more } }),
  'cronjobs.batch': (name, more) =>
    make('cronjobs.batch', 'batch/v1', 'CronJob', name, {
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: { metadata: { labels: { job: name } }, spec: { template: once(name) } },
        ...more,
      },
    }),
  'horizontalpodautoscalers.autoscaling': (name, more) =>
    make('horizontalpodautoscalers.autoscaling', 'autoscaling/v2', 'HorizontalPodAutoscaler', name, {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
        minReplicas: 1,
        maxReplicas: 3,
        ...more,
      },
    }),
  'poddisruptionbudgets.policy': (name, more) =>
    make('poddisruptionbudgets.policy', 'policy/v1', 'PodDisruptionBudget', name, {
      spec: { minAvailable: 1, selector: selects(name), ...more },
    }),
  'ingresses.networking.k8s.io': (name, more) =>
    make('ingresses.networking.k8s.io', 'networking.k8s.io/v1', 'Ingress', name, {
      spec: { defaultBackend: { service: { name, port: { number: 80 } } }, ...more },
    }),
  'networkpolicies.networking.k8s.io': (name, more) =>
    make('networkpolicies.networking.k8s.io', 'networking.k8s.io/v1', 'NetworkPolicy', name, {
      spec: { podSelector: selects(name), ...more },
    }),
  [`roles.${RBAC}`]: (name, more) => make(`roles.${RBAC}`, `${RBAC}/v1`, 'Role', name, { rules: READS, ...more }),
  [`clusterroles.${RBAC}`]: (name, more) =>
    make(`clusterroles.${RBAC}`, `${RBAC}/v1`, 'ClusterRole', name, { rules: READS, ...more }),
  [`rolebindings.${RBAC}`]: (name, more) =>
    make(`rolebindings.${RBAC}`, `${RBAC}/v1`, 'RoleBinding', name, {
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: RBAC, name: 'ann' }],
      ...more,
    }),
  [`clusterrolebindings.${RBAC}`]: (name, more) =>
    make(`clusterrolebindings.${RBAC}`, `${RBAC}/v1`, 'ClusterRoleBinding', name, {
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: RBAC, name: 'ann' }],
      ...more,
    }),
  nodes: (name, more) => make('nodes', 'v1', 'Node', name, { metadata: { labels: { pool: NS, app: name } }, ...more }),
  'widgets.example.com': (name, more) =>
    make('widgets.example.com', 'example.com/v1', 'Widget', name, {
      spec: { size: 2, parts: [{ name: 'arm', length: 3 }], tags: ['a', 'b'], ...more },
    }),
  'gadgets.example.com': (name, more) =>
    make('gadgets.example.com', 'example.com/v1', 'Gadget', name, {
      spec: { colour: 'red', parts: [{ name: 'arm' }], ...more },
    }),
});

/** The kinds of the whole cluster among them. */
export const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'nodes',
  `clusterroles.${RBAC}`,
  `clusterrolebindings.${RBAC}`,
  'priorityclasses.scheduling.k8s.io',
  'namespaces',
]);

/** Widgets have status, scale and defaults, and lists with merge keys of every make; gadgets have none of it. */
export const CUSTOM_KINDS: readonly JsonObject[] = [
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
          },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', minimum: 0, maximum: 50 },
                    mode: { type: 'string', default: 'calm', enum: ['calm', 'wild'] },
                    deep: { type: 'object', default: {}, properties: { level: { type: 'integer', default: 7 } } },
                    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                    parts: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: {
                        type: 'object',
                        required: ['name'],
                        properties: { name: { type: 'string' }, length: { type: 'integer', default: 1 } },
                      },
                    },
                    fixed: {
                      type: 'string',
                      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is immutable' }],
                    },
                  },
                },
                status: {
                  type: 'object',
                  properties: { size: { type: 'integer' }, phase: { type: 'string' } },
                },
              },
            },
          },
        },
      ],
    },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gadgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', shortNames: ['gd'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            },
          },
        },
      ],
    },
  },
];
