// The objects of the shop: nodes, namespaces, workloads with their past images, and what stands around them. Data only.
import type { Container, KubeObject, Node, PodSpec } from './model.ts';

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

function node(number: number, zone: string): Node {
  const name = `node-${number}`;
  const resources = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: { podCIDR: `10.244.${10 + number}.0/24` },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: `192.0.2.${10 + number}` },
        { type: 'Hostname', address: name },
      ],
      conditions: CONDITIONS.map(([type, status, reason, message]) => ({ type, status, reason, message })),
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'Sandbox Linux',
        kernelVersion: '6.12.0-sandbox',
        containerRuntimeVersion: 'containerd://2.1.0',
        kubeletVersion: 'v1.36.3',
        kubeProxyVersion: '',
        machineID: name,
        systemUUID: name,
        bootID: name,
      },
    },
  };
}

export const NODES: readonly Node[] = [node(1, 'zone-a'), node(2, 'zone-b'), node(3, 'zone-c')];

export const NAMESPACES = [
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'ingress-nginx',
  'monitoring',
  'production',
  'shop',
  'staging',
] as const;

/** A workload and the images that it has run, oldest first; the last one runs now. */
export interface SeedWorkload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly port: number;
  readonly images: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly container?: Partial<Container>;
  readonly volumes?: PodSpec['volumes'];
}

function deployment(
  path: string,
  replicas: number,
  port: number,
  images: readonly string[],
  more: Partial<SeedWorkload> = {},
): SeedWorkload {
  const [namespace = '', name = ''] = path.split('/');
  return { kind: 'Deployment', namespace, name, replicas, port, images, ...more };
}

const SMALL = { resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } } };

export const WORKLOADS: readonly SeedWorkload[] = [
  deployment(
    'kube-system/coredns',
    2,
    53,
    ['registry.k8s.io/coredns/coredns:v1.11.1', 'registry.k8s.io/coredns/coredns:v1.12.0'],
    {
      labels: { 'k8s-app': 'kube-dns' },
      spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } },
    },
  ),
  {
    ...deployment('kube-system/kube-proxy', 0, 10249, ['registry.k8s.io/kube-proxy:v1.36.3']),
    kind: 'DaemonSet',
    labels: { 'k8s-app': 'kube-proxy' },
  },
  deployment('ingress-nginx/ingress-nginx-controller', 2, 80, [
    'registry.k8s.io/ingress-nginx/controller:v1.12.1',
    'registry.k8s.io/ingress-nginx/controller:v1.13.0',
  ]),
  {
    ...deployment('monitoring/node-exporter', 0, 9100, [
      'registry.example/monitoring/node-exporter:1.8.2',
      'registry.example/monitoring/node-exporter:1.9.0',
    ]),
    kind: 'DaemonSet',
  },
  deployment(
    'production/api',
    4,
    8080,
    ['registry.example/production/api:7.9.3', 'registry.example/production/api:7.10.0'],
    { container: SMALL },
  ),
  deployment(
    'production/payments',
    3,
    8080,
    ['registry.example/production/payments:5.2.0', 'registry.example/production/payments:5.2.1'],
    { container: SMALL },
  ),
  deployment('production/web', 3, 8080, [
    'registry.example/production/web:2.3.1',
    'registry.example/production/web:2.4.0',
  ]),
  deployment('shop/cart', 3, 8080, ['registry.example/shop/cart:1.4.1', 'registry.example/shop/cart:1.4.2'], {
    container: SMALL,
  }),
  deployment(
    'shop/checkout',
    2,
    8080,
    ['registry.example/shop/checkout:3.0.9', 'registry.example/shop/checkout:3.1.0'],
    {
      container: {
        env: [{ name: 'PAYMENTS_URL', value: 'http://payments.production' }],
        volumeMounts: [{ name: 'settings', mountPath: '/etc/checkout' }],
      },
      volumes: [{ name: 'settings', configMap: { name: 'checkout-settings' } }],
    },
  ),
  deployment('shop/mailer', 1, 2525, ['registry.example/shop/mailer:0.7.0', 'registry.example/shop/mailer:0.7.1'], {
    spec: { strategy: { type: 'Recreate' } },
  }),
  deployment('shop/search', 1, 9200, ['registry.example/shop/search:0.9.0']),
  deployment('shop/web', 3, 8080, [
    'registry.example/shop/web:2.3.0',
    'registry.example/shop/web:2.3.1',
    'registry.example/shop/web:2.4.0',
  ]),
  {
    ...deployment('shop/db', 3, 5432, ['registry.example/shop/postgres:16.3', 'registry.example/shop/postgres:16.4']),
    kind: 'StatefulSet',
    spec: {
      serviceName: 'db',
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
        },
      ],
    },
  },
  deployment('staging/payments', 1, 8080, [
    'registry.example/production/payments:5.2.1',
    'registry.example/production/payments:5.3.0-rc.1',
  ]),
  deployment('staging/web', 1, 8080, ['registry.example/shop/web:2.4.0', 'registry.example/shop/web:2.5.0-rc.2']),
];

function object(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  rest: Readonly<Record<string, unknown>>,
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace }, ...rest };
}

function service(
  path: string,
  port: number,
  targetPort: number,
  more: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const [namespace, name = ''] = path.split('/');
  return object('v1', 'Service', namespace, name, {
    spec: { selector: { app: name }, ports: [{ name: 'main', port, targetPort }], ...more },
  });
}

function budget(path: string, app: string, limit: Readonly<Record<string, unknown>>): KubeObject {
  const [namespace, name = ''] = path.split('/');
  return object('policy/v1', 'PodDisruptionBudget', namespace, name, {
    spec: { selector: { matchLabels: { app } }, ...limit },
  });
}

/** Everything that is not a workload, made before them. */
export const AROUND: readonly KubeObject[] = [
  object('storage.k8s.io/v1', 'StorageClass', undefined, 'standard', {
    provisioner: 'sandbox.example/none',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  }),
  object('rbac.authorization.k8s.io/v1', 'ClusterRole', undefined, 'view', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  }),
  object('v1', 'Service', 'default', 'kubernetes', {
    spec: {
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ports: [{ name: 'https', port: 443, targetPort: 6443 }],
    },
  }),
  object('v1', 'Service', 'kube-system', 'kube-dns', {
    spec: {
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10'],
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53 },
      ],
    },
  }),
  service('ingress-nginx/ingress-nginx-controller', 80, 80, { type: 'LoadBalancer' }),
  service('production/api', 80, 8080),
  service('production/payments', 80, 8080),
  service('production/web', 80, 8080),
  service('shop/cart', 80, 8080),
  service('shop/checkout', 80, 8080),
  service('shop/db', 5432, 5432, { clusterIP: 'None' }),
  service('shop/search', 9200, 9200),
  service('shop/web', 80, 8080),
  budget('kube-system/coredns', 'coredns', { maxUnavailable: 1 }),
  budget('production/payments', 'payments', { minAvailable: 2 }),
  budget('shop/cart', 'cart', { minAvailable: 2 }),
  budget('shop/db', 'db', { maxUnavailable: 1 }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'production', 'payments', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'payments' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  }),
  object('networking.k8s.io/v1', 'Ingress', 'shop', 'web', {
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  object('v1', 'ConfigMap', 'shop', 'web-settings', {
    data: { 'settings.json': '{"currency":"EUR"}', LOG_LEVEL: 'info' },
  }),
  object('v1', 'ConfigMap', 'shop', 'checkout-settings', {
    data: { 'payment.mode': 'live', 'timeout.ms': '800' },
  }),
  object('v1', 'Secret', 'shop', 'db-credentials', {
    type: 'Opaque',
    stringData: { username: 'shop', password: 'not-a-real-password' },
  }),
  object('v1', 'Pod', 'shop', 'debug-shell', {
    metadata: { name: 'debug-shell', namespace: 'shop', labels: { purpose: 'debugging' } },
    spec: {
      containers: [{ name: 'shell', image: 'registry.example/tools/shell:1.0', command: ['sleep', 'infinity'] }],
    },
  }),
  object('batch/v1', 'Job', 'shop', 'import-catalog', {
    spec: {
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'import', image: 'registry.example/shop/import:2.0' }] },
      },
    },
  }),
];
