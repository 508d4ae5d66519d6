// Real kubectl against the sandbox: one table of commands and of what each must say, run with every kubectl named here.
// A kubectl that this machine does not have is named in the skip; nothing is downloaded.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { startSandboxCluster } from './cluster.ts';

const VERSIONS = ['1.27', '1.30', '1.33'] as const;

interface Row {
  readonly command: string;
  /** What is given on standard input. */
  readonly input?: string;
  /**
   * Whole lines of the answer, spaces collapsed, in this order; other lines may stand between them. `<any>` is one word.
   * Lines of stderr follow those of stdout.
   */
  readonly says: readonly string[];
  /** Lines that must not be there. */
  readonly never?: readonly string[];
  /** Exit code; 0 when absent. */
  readonly exit?: number;
}

function deployment(image: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: greeter, namespace: default }
spec:
  replicas: 1
  ${more}
  selector: { matchLabels: { app: greeter } }
  template:
    metadata: { labels: { app: greeter } }
    spec: { containers: [{ name: greeter, image: "${image}", ports: [{ containerPort: 80 }] }] }
`;
}

const SERVER_SIDE = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: applied, namespace: default }\n';

const ROWS: readonly Row[] = [
  {
    command: 'get deployments -n shop',
    says: [
      'NAME READY UP-TO-DATE AVAILABLE AGE',
      'cart 3/3 3 3 29d',
      'checkout 2/2 2 2 29d',
      'mailer 1/1 1 1 29d',
      'search 1/1 1 1 29d',
      'web 3/3 3 3 29d',
    ],
  },
  {
    command: 'get deploy,sts,ds -A',
    says: [
      'kube-system deployment.apps/coredns 2/2 2 2 29d',
      'shop statefulset.apps/db 3/3 29d',
      'monitoring daemonset.apps/node-exporter 3 3 3 3 3 <none> 29d',
    ],
  },
  {
    command: 'get deploy search -n shop -o wide',
    says: [
      'NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR',
      'search 1/1 1 1 29d search registry.example/shop/search:0.9.0 app=search',
    ],
  },
  {
    command: 'get deploy search -n shop -o jsonpath={.spec.template.spec.containers[0].image}',
    says: ['registry.example/shop/search:0.9.0'],
  },
  { command: 'get pods -n shop -l app=search', says: ['NAME READY STATUS RESTARTS AGE', '<any> 1/1 Running 0 29d'] },
  { command: 'get nodes', says: ['NAME STATUS ROLES AGE VERSION', 'node-1 Ready <none> 30d v1.36.3'] },
  {
    command: 'get deploy nosuch -n shop',
    says: ['Error from server (NotFound): deployments.apps "nosuch" not found'],
    exit: 1,
  },
  { command: 'auth can-i create pods', says: ['yes'] },
  {
    command: 'describe deploy search -n shop',
    says: [
      'Name: search',
      'Annotations: deployment.kubernetes.io/revision: 1',
      'Replicas: 1 desired | 1 updated | 1 total | 1 available | 0 unavailable',
      'StrategyType: RollingUpdate',
      'Available True MinimumReplicasAvailable',
      'Progressing True NewReplicaSetAvailable',
      'NewReplicaSet: <any> (1/1 replicas created)',
    ],
  },
  { command: 'scale deploy cart -n shop --replicas=4', says: ['deployment.apps/cart scaled'] },
  { command: 'rollout status deploy/cart -n shop --timeout=20s', says: ['deployment "cart" successfully rolled out'] },
  {
    command: 'scale deploy cart -n shop --current-replicas=9 --replicas=1',
    says: ['error: Expected replicas to be 9, was 4'],
    exit: 1,
  },
  {
    command: 'rollout history deploy/web -n shop',
    says: ['deployment.apps/web', 'REVISION CHANGE-CAUSE', '1 image 2.3.0', '2 image 2.3.1', '3 image 2.4.0'],
  },
  { command: 'rollout restart deploy/web -n shop', says: ['deployment.apps/web restarted'] },
  { command: 'rollout status deploy/web -n shop --timeout=20s', says: ['deployment "web" successfully rolled out'] },
  { command: 'rollout undo deploy/web -n shop --to-revision=1', says: ['deployment.apps/web rolled back'] },
  { command: 'rollout status deploy/web -n shop --timeout=20s', says: ['deployment "web" successfully rolled out'] },
  {
    command: 'rollout history deploy/web -n shop',
    says: ['2 image 2.3.1', '3 image 2.4.0', '5 image 2.3.0'],
    never: ['1 image 2.3.0'],
  },
  {
    command: 'rollout undo deploy/search -n shop',
    says: ['error: no rollout history found for deployment "search"'],
    exit: 1,
  },
  {
    command: 'set image deploy/checkout -n shop checkout=registry.example/shop/checkout:crash',
    says: ['deployment.apps/checkout image updated'],
  },
  { command: 'rollout undo deploy/checkout -n shop', says: ['deployment.apps/checkout rolled back'] },
  {
    command: 'rollout status deploy/checkout -n shop --timeout=20s',
    says: ['deployment "checkout" successfully rolled out'],
  },
  { command: 'rollout undo sts/db -n shop', says: ['statefulset.apps/db rolled back'] },
  {
    command: 'rollout status sts/db -n shop --timeout=20s',
    says: ['partitioned roll out complete: 3 new pods have been updated...'],
  },
  {
    command: 'create deployment boom -n default --image=registry.example/crash:1',
    says: ['deployment.apps/boom created'],
  },
  {
    command:
      'wait pod -n default -l app=boom --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff --timeout=20s',
    says: ['<any> condition met'],
  },
  { command: 'delete deploy boom -n default --cascade=foreground', says: ['deployment.apps "boom" deleted<any>'] },
  { command: 'get pods -n default -l app=boom', says: ['No resources found in default namespace.'] },
  {
    command: 'delete pod debug-shell -n shop --dry-run=server',
    says: ['pod "debug-shell" deleted<any> (server dry run)'],
  },
  { command: 'get pod debug-shell -n shop', says: ['debug-shell 1/1 Running 0 29d'] },
  { command: 'delete pod debug-shell -n shop', says: ['pod "debug-shell" deleted<any>'] },
  { command: 'apply -f -', input: deployment('x:1'), says: ['deployment.apps/greeter created'] },
  { command: 'apply -f -', input: deployment('x:1'), says: ['deployment.apps/greeter unchanged'] },
  { command: 'apply -f -', input: deployment('x:2'), says: ['deployment.apps/greeter configured'] },
  {
    command: 'apply -f -',
    input: deployment('x:2', 'replcas: 3'),
    says: ['<err>strict decoding error: unknown field "spec.replcas"'],
    exit: 1,
  },
  {
    command: 'apply --server-side -f -',
    input: SERVER_SIDE,
    says: [
      '<err>the sandbox cluster does not implement server-side apply (PATCH of configmaps as application/apply-patch+yaml)',
    ],
    exit: 1,
  },
  { command: `patch deploy greeter -n default -p {"spec":{"replicas":2}}`, says: ['deployment.apps/greeter patched'] },
  {
    command: 'patch deploy greeter -n default --type=merge -p {"metadata":{"labels":{"a":"b"}}}',
    says: ['deployment.apps/greeter patched'],
  },
  {
    command: 'patch deploy greeter -n default --type=json -p [{"op":"test","path":"/spec/replicas","value":7}]',
    says: ['<err>the server rejected our request due to an error in our request'],
    exit: 1,
  },
  { command: 'get deploy greeter -n default -o jsonpath={.spec.replicas}:{.metadata.labels.a}', says: ['2:b'] },
  { command: 'label deploy greeter -n default tier=front', says: ['deployment.apps/greeter labeled'] },
  {
    command: 'label deploy greeter -n default tier=back',
    says: ['<err>already has a value (front), and --overwrite is false'],
    exit: 1,
  },
  { command: 'expose deploy greeter -n default', says: ['service/greeter exposed'] },
  {
    command: 'autoscale deploy greeter -n default --min=1 --max=3 --cpu-percent=50',
    says: ['horizontalpodautoscaler.autoscaling/greeter autoscaled'],
  },
  { command: 'create secret generic key -n default --from-literal=a=b', says: ['secret/key created'] },
  {
    command: 'get pdb db -n shop',
    says: ['NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE', 'db N/A 1 1 29d'],
  },
  {
    command: 'patch pdb db -n shop --type=merge -p {"spec":{"maxUnavailable":0}}',
    says: ['poddisruptionbudget.policy/db patched'],
  },
  {
    command: 'create --raw /api/v1/namespaces/shop/pods/db-0/eviction -f -',
    input: '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"db-0","namespace":"shop"}}',
    says: ["Error from server (TooManyRequests): Cannot evict pod as it would violate the pod's disruption budget."],
    exit: 1,
  },
  {
    command: 'drain node-1 node-2 node-3 --pod-selector=app=search --timeout=10s',
    says: ['node/node-1 cordoned', 'pod/<any> evicted', 'node/node-3 drained'],
  },
  { command: 'get node node-1', says: ['node-1 Ready,SchedulingDisabled <none> 30d v1.36.3'] },
  { command: 'uncordon node-1 node-2 node-3', says: ['node/node-1 uncordoned', 'node/node-3 uncordoned'] },
  { command: 'logs -n shop deploy/search', says: ['sandbox: registry.example/shop/search:0.9.0 started'] },
  {
    command: 'get events -n shop --field-selector involvedObject.name=cart,reason=ScalingReplicaSet',
    says: [
      'LAST SEEN TYPE REASON OBJECT MESSAGE',
      '<err>Normal ScalingReplicaSet deployment/cart Scaled up replica set',
    ],
  },
  { command: 'delete ns staging', says: ['namespace "staging" deleted'] },
];

function findKubectl(version: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of [`kubectl.${version}`, 'kubectl']) {
      const path = join(folder, name);
      if (!isExecutable(path)) continue;
      if (name !== 'kubectl') return path;
      const beside = join(dirname(realpathSync(path)), `kubectl.${version}`);
      if (isExecutable(beside)) return beside;
    }
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Said {
  readonly exit: number;
  readonly lines: readonly string[];
}

function run(kubectl: string, home: string, row: Row): Promise<Said> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'config') };
  return new Promise((resolve) => {
    const child = execFile(kubectl, row.command.split(' '), { env, timeout: 30_000 }, (error, stdout, stderr) => {
      const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
      resolve({ exit, lines });
    });
    child.stdin?.end(row.input ?? '');
  });
}

/** `<any>` stands for any text without spaces, a leading `<err>` for any text before. */
function pattern(line: string): RegExp {
  const escaped = line
    .replace('<err>', '')
    .split('<any>')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(
    `${line.startsWith('<err>') ? '' : '^'}${escaped.join('.*')}${line.startsWith('<err>') ? '' : '$'}`,
  );
}

function missing(row: Row, said: Said): string | null {
  let from = 0;
  for (const wanted of row.says) {
    const at = said.lines.findIndex((line, index) => index >= from && pattern(wanted).test(line));
    if (at < 0) return wanted;
    from = at + 1;
  }
  return null;
}

describe('real kubectl works on the sandbox cluster', { concurrency: 3 }, () => {
  for (const version of VERSIONS) {
    const kubectl = findKubectl(version);
    const skip = kubectl === null ? `kubectl.${version} is neither on the PATH nor beside kubectl` : false;
    test(`kubectl ${version}`, { skip }, async () => {
      const cluster = await startSandboxCluster({ speed: 40 });
      const home = mkdtempSync(join(tmpdir(), 'sandbox-kubectl-'));
      try {
        writeFileSync(join(home, 'config'), cluster.kubeconfig());
        for (const row of ROWS) {
          const said = await run(kubectl ?? '', home, row);
          const told = `kubectl ${row.command}\n${said.lines.join('\n')}`;
          assert.equal(missing(row, said), null, told);
          assert.equal(said.exit, row.exit ?? 0, told);
          for (const never of row.never ?? []) assert.ok(!said.lines.includes(never), told);
        }
      } finally {
        await cluster.stop();
        rmSync(home, { recursive: true, force: true });
      }
    });
  }
});
