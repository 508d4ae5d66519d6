// A made audit log: what a busy cluster writes in a day, in the shares and sizes that an API server was seen to write.
import { closeSync, openSync, writeSync } from 'node:fs';

/** Pseudo-random whole numbers below a limit, the same each time. */
const dice = (seed: number) => {
  let state = seed;
  return (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};

const pick = <T>(values: readonly [T, ...(readonly T[])], roll: (limit: number) => number): T =>
  values[roll(values.length)] ?? values[0];

const NAMESPACES = ['shop', 'payments', 'production', 'staging', 'dev', 'kube-system'] as const;
const NAMES = ['web', 'api', 'worker', 'cart', 'search', 'ledger'] as const;
const ACTORS = [
  'healer',
  'ana@example.com',
  'ben@example.com',
  'system:serviceaccount:argocd:argocd-application-controller',
  'system:serviceaccount:ci:deployer',
] as const;

interface Made {
  readonly verb: string;
  readonly uri: string;
  readonly user: string;
  readonly level: 'Metadata' | 'RequestResponse';
  readonly body?: object;
}

const pod = (name: string, filler: string): object => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name, labels: { app: name }, annotations: { 'example.com/filler': filler } },
  spec: {
    containers: [{ name: 'web', image: `registry.example/${name}:1`, resources: {}, imagePullPolicy: 'Always' }],
  },
});

const FILLER = 'lorem ipsum dolor sit amet '.repeat(30);

/** One request in a hundred: 55 reads, 33 of the cluster's own parts, 12 actions. */
const made = (roll: (limit: number) => number): Made => {
  const [ns, name, actor] = [pick(NAMESPACES, roll), `${pick(NAMES, roll)}-${roll(50)}`, pick(ACTORS, roll)];
  const apps = `/apis/apps/v1/namespaces/${ns}/deployments/${name}`;
  const one = roll(100);
  if (one < 55) {
    const verb = pick(['get', 'list', 'watch'], roll);
    return { verb, uri: `/api/v1/namespaces/${ns}/pods?limit=500`, user: actor, level: 'Metadata' };
  }
  if (one < 70)
    return {
      verb: 'update',
      uri: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n${roll(90)}?timeout=10s`,
      user: `system:node:n${roll(90)}`,
      level: 'RequestResponse',
      body: { kind: 'Lease', spec: { holderIdentity: 'n', renewTime: '2026-11-20T10:00:00.000000Z' } },
    };
  if (one < 88)
    return {
      verb: 'create',
      uri: `/api/v1/namespaces/${ns}/pods`,
      user: 'system:serviceaccount:kube-system:replicaset-controller',
      level: 'RequestResponse',
      body: pod(name, FILLER),
    };
  const more = { user: actor, level: 'RequestResponse' } as const;
  switch (one % 6) {
    case 0:
      return {
        ...more,
        verb: 'patch',
        uri: `${apps}/scale?fieldManager=kubectl`,
        body: { spec: { replicas: roll(30) } },
      };
    case 1:
      return {
        ...more,
        verb: 'patch',
        uri: `${apps}?fieldManager=kubectl-set`,
        body: { spec: { template: { spec: { containers: [{ name: 'web', image: `web:${roll(900)}` }] } } } },
      };
    case 2:
      return {
        ...more,
        verb: 'delete',
        uri: `/api/v1/namespaces/${ns}/pods/${name}`,
        body: { propagationPolicy: 'Background' },
      };
    case 3:
      return { ...more, verb: 'patch', uri: apps, body: { metadata: { labels: { team: name } } } };
    case 4:
      return { ...more, verb: 'create', uri: `/api/v1/namespaces/${ns}/pods`, body: pod(name, FILLER) };
    default:
      return { ...more, verb: 'delete', uri: apps, body: {} };
  }
};

const hex = (roll: (limit: number) => number, digits: number): string =>
  Array.from({ length: digits }, () => roll(16).toString(16)).join('');

const line = (n: number, roll: (limit: number) => number): string => {
  const { verb, uri, user, level, body } = made(roll);
  const id = `${hex(roll, 8)}-${n.toString(16).padStart(4, '0')}-4d0e-9a39-${hex(roll, 12)}`;
  const at = new Date(Date.UTC(2026, 10, 1) + n * 977).toISOString().replace('Z', '000Z');
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: id,
    stage: 'ResponseComplete',
    requestURI: uri,
    verb,
    user: {
      username: user,
      groups: ['blastgate:agents', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${id}`] },
    },
    sourceIPs: ['10.20.30.40'],
    userAgent: 'kubectl/v1.36.3 (linux/amd64) kubernetes/3d1f1a7',
    objectRef: { resource: 'pods', namespace: 'shop', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: roll(20) === 0 ? 409 : 200 },
    ...(body === undefined
      ? {}
      : { requestObject: body, responseObject: { ...body, metadata: { uid: id, managedFields: [FILLER] } } }),
    requestReceivedTimestamp: at,
    stageTimestamp: at,
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason':
        'RBAC: allowed by ClusterRoleBinding "agents" of ClusterRole "edit" to Group "blastgate:agents"',
    },
  };
  // As Go writes JSON.
  return `${JSON.stringify(event).replaceAll('&', '\\u0026')}\n`;
};

/** Writes a log of at least so many bytes; the number of its records. */
export function writeAuditLog(path: string, bytes: number): number {
  const roll = dice(20261126);
  const file = openSync(path, 'w');
  let [written, count] = [0, 0];
  try {
    while (written < bytes) {
      const lines = Array.from({ length: 1000 }, (_, i) => line(count + i, roll)).join('');
      written += writeSync(file, lines);
      count += 1000;
    }
  } finally {
    closeSync(file);
  }
  return count;
}
