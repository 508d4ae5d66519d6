// Generates src/sandbox/cluster/schema-data.ts from the Go types of k8s.io/api and k8s.io/apimachinery: the fields of each
// message that the sandbox cluster may be sent, their protobuf numbers and merge keys. Run with Node 24:
//   node scripts/generate-sandbox-schema.ts DIR_OF_k8s.io/api DIR_OF_k8s.io/apimachinery   (as `go mod download -json` prints them)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [api, machinery] = process.argv.slice(2);
if (api === undefined || machinery === undefined)
  throw new Error('usage: node scripts/generate-sandbox-schema.ts API_DIR APIMACHINERY_DIR');

/** Package alias in the output → file of its types. */
const SOURCES: Readonly<Record<string, string>> = {
  meta: join(machinery, 'pkg/apis/meta/v1/types.go'),
  core: join(api, 'core/v1/types.go'),
  apps: join(api, 'apps/v1/types.go'),
  batch: join(api, 'batch/v1/types.go'),
  scaling1: join(api, 'autoscaling/v1/types.go'),
  scaling2: join(api, 'autoscaling/v2/types.go'),
  policy: join(api, 'policy/v1/types.go'),
  networking: join(api, 'networking/v1/types.go'),
  discovery: join(api, 'discovery/v1/types.go'),
  rbac: join(api, 'rbac/v1/types.go'),
  storage: join(api, 'storage/v1/types.go'),
  coordination: join(api, 'coordination/v1/types.go'),
  authn: join(api, 'authentication/v1/types.go'),
  authz: join(api, 'authorization/v1/types.go'),
};

/** What a body may be: `apiVersion/Kind` → message. */
const ROOTS: Readonly<Record<string, string>> = {
  'v1/DeleteOptions': 'meta.DeleteOptions',
  'autoscaling/v1/Scale': 'scaling1.Scale',
  'policy/v1/Eviction': 'policy.Eviction',
};
const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  core: [
    'v1',
    'ConfigMap Endpoints Event Namespace Node PersistentVolume PersistentVolumeClaim Pod Secret Service ServiceAccount',
  ],
  apps: ['apps/v1', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'],
  batch: ['batch/v1', 'Job'],
  scaling1: ['autoscaling/v1', 'HorizontalPodAutoscaler'],
  scaling2: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  policy: ['policy/v1', 'PodDisruptionBudget'],
  networking: ['networking.k8s.io/v1', 'Ingress NetworkPolicy'],
  discovery: ['discovery.k8s.io/v1', 'EndpointSlice'],
  rbac: ['rbac.authorization.k8s.io/v1', 'Role RoleBinding ClusterRole ClusterRoleBinding'],
  storage: ['storage.k8s.io/v1', 'StorageClass'],
  coordination: ['coordination.k8s.io/v1', 'Lease'],
  authn: ['authentication.k8s.io/v1', 'SelfSubjectReview'],
  authz: ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'],
};

const IMPORTS: Readonly<Record<string, string>> = { metav1: 'meta', v1: 'core', corev1: 'core' };
const SCALARS: Readonly<Record<string, string>> = {
  string: 's',
  bool: 'b',
  int: 'i',
  int32: 'i',
  int64: 'i',
  uint32: 'i',
  '[]byte': 'y',
  'meta.Time': 'T',
  'meta.MicroTime': 'M',
  'meta.FieldsV1': 'R',
  'meta.Duration': 's',
  'resource.Quantity': 'Q',
  'intstr.IntOrString': 'I',
  'runtime.RawExtension': 'R',
  'types.UID': 's',
};

interface Source {
  readonly aliases: Map<string, string>;
  readonly structs: Map<string, readonly string[]>;
}

function readSource(file: string): Source {
  const aliases = new Map<string, string>();
  const structs = new Map<string, readonly string[]>();
  const text = readFileSync(file, 'utf8');
  for (const [, name = '', type = ''] of text.matchAll(/^type (\w+) ((?:\[\]|map\[\w+\])?[\w.]+)$/gm))
    aliases.set(name, type);
  for (const [, name = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm))
    structs.set(name, body.split('\n'));
  return { aliases, structs };
}

const sources = new Map(Object.entries(SOURCES).map(([name, file]) => [name, readSource(file)]));
const messages = new Map<string, string>();

function qualify(pack: string, type: string): string {
  const [first = '', second] = type.split('.');
  if (second === undefined) return /^[A-Z]/.test(first) ? `${pack}.${first}` : first;
  return `${IMPORTS[first] ?? first}.${second}`;
}

/** The type of a field in the notation of the output. */
function typeOf(pack: string, written: string): string {
  const type = written.replace(/^\*/, '');
  if (SCALARS[type] !== undefined) return SCALARS[type];
  if (type.startsWith('[]')) return `${typeOf(pack, type.slice(2))}[]`;
  const map = /^map\[[\w.]+\](.+)$/.exec(type);
  if (map?.[1] !== undefined) return `${typeOf(pack, map[1])}{}`;
  const full = qualify(pack, type);
  if (SCALARS[full] !== undefined) return SCALARS[full];
  const [home = '', name = ''] = full.split('.');
  const alias = sources.get(home)?.aliases.get(name);
  if (alias !== undefined) return typeOf(home, alias);
  visit(full);
  return full;
}

const FIELD = /^\s*(?:(\w+)\s+)?(\*?(?:\[\])?(?:map\[[\w.]+\])?(?:\[\])?\*?[\w.]+)\s+`(.*)`/;

function visit(full: string): void {
  if (messages.has(full)) return;
  messages.set(full, '');
  const [pack = '', name = ''] = full.split('.');
  const lines = sources.get(pack)?.structs.get(name);
  if (lines === undefined) throw new Error(`no struct ${full}`);
  const fields = lines.flatMap((line) => {
    const [, , type, tags] = FIELD.exec(line) ?? [];
    if (type === undefined || tags === undefined) return [];
    const json = /json:"([^",]*)/.exec(tags)?.[1] ?? '';
    const number = /protobuf:"\w+,(\d+)/.exec(tags)?.[1] ?? '0';
    if (type.endsWith('TypeMeta')) return ['kind=0:s', 'apiVersion=0:s'];
    if (json === '-') return [];
    const merge = /patchStrategy:"[^"]*merge/.test(tags) ? `@${/patchMergeKey:"(\w+)"/.exec(tags)?.[1] ?? ''}` : '';
    const kind = typeOf(pack, type);
    // What is empty is left out of JSON, though protobuf may carry it, unless the field is a pointer.
    const zero = /json:"[^"]*,omitempty/.test(tags) && !type.startsWith('*') && /^[sib]$|[\]}]$/.test(kind) ? '~' : '';
    return [`${json === '' ? '<' : json}=${number}:${kind}${zero}${merge}`];
  });
  messages.set(full, fields.join(' '));
}

const roots: [string, string][] = Object.entries(ROOTS);
for (const [pack, [version, names]] of Object.entries(KINDS)) {
  for (const name of names.split(' ')) roots.push([`${version}/${name}`, `${pack}.${name}`]);
}
for (const [, message] of roots) visit(message);

const quoted = (value: string): string => `'${value}'`;
const lines = [
  '// Generated by scripts/generate-sandbox-schema.ts from the Go types of Kubernetes 1.36 (Apache-2.0); do not edit by hand.',
  '// Facts about messages: `name=number:type`, ~ left out when zero, [] list, {} map, @key merged by that key, < inlined.',
  '',
  '/** What a request body may be: apiVersion/Kind → message. */',
  'export const ROOTS: Readonly<Record<string, string>> = {',
  ...roots.map(([key, message]) => `  ${quoted(key)}: ${quoted(message)},`),
  '};',
  '',
  'export const MESSAGES: Readonly<Record<string, string>> = {',
  ...[...messages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => {
      const line = `  ${quoted(name)}: ${quoted(fields)},`;
      return line.length <= 120 ? line : `  ${quoted(name)}:\n    ${quoted(fields)},`;
    }),
  '};',
  '',
];
writeFileSync(new URL('../src/sandbox/cluster/schema-data.ts', import.meta.url), lines.join('\n'));
console.log(`${messages.size} messages`);
