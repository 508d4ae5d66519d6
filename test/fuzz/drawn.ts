// Commands against the objects of world.ts: the whole grammar, and bodies made to take something away.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import { kubectlArgv } from '../generators/kubectl-argv.ts';

/** An argv without "kubectl", for the namespace; and what its -f names. */
export interface Drawn {
  readonly argv: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

const NAMESPACES = new Set(['shop', 'production', 'kube-system', 'dev']);
const inNamespace = (argv: readonly string[], namespace: string): readonly string[] => {
  const placed = argv.map((word) => {
    if (NAMESPACES.has(word)) return namespace;
    const flag = /^(-n|--namespace=)(.+)$/.exec(word);
    return flag !== null && NAMESPACES.has(flag[2] ?? '') ? `${flag[1]}${namespace}` : word;
  });
  const named = placed.some((word) => word === '-n' || word === '--namespace' || /^(?:-n.|--namespace=)/.test(word));
  return named ? placed : ['-n', namespace, ...placed];
};

const OBJECTS = [
  'deploy/web',
  'deploy/a',
  'deploy/dependent',
  'sts/db',
  'sts/api',
  'ds/web',
  'cronjob/web',
  'pod/a',
  'cm/owner',
  'cm/settings',
  'svc/web',
  'svc/a',
  'pdb/web',
  'hpa/a',
  'netpol/web',
  'sa/a',
  'secret/a',
  'role/a',
] as const;
const GONE = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: '11111111-1111-1111-1111-111111111111' };

/** Fields that take pods, selectors or objects away, and some that do not. */
const FRAGMENTS: readonly JsonObject[] = [
  { spec: { replicas: 0 } },
  { spec: { replicas: null } },
  { spec: { replicas: 1 } },
  { spec: { paused: true } },
  { spec: { suspend: true } },
  { spec: { maxReplicas: 1, minReplicas: 1 } },
  { spec: { template: { spec: { nodeSelector: { no: 'such' } } } } },
  { spec: { template: { spec: { tolerations: [{ operator: 'Exists' }] } } } },
  { spec: { template: { metadata: { annotations: { a: 'b' } } } } },
  { spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example/main:2' }] } } } },
  { spec: { selector: { app: 'other' } } },
  { spec: { selector: null } },
  { spec: { minAvailable: 0 } },
  { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } },
  { metadata: { labels: { team: 'x' } } },
  { metadata: { labels: { app: 'x' } } },
  { metadata: { labels: null } },
  { metadata: { annotations: { note: 'x' } } },
  { metadata: { ownerReferences: [GONE] } },
  { metadata: { finalizers: ['example.com/a'] } },
  { metadata: { finalizers: null } },
  { data: { a: 'c' } },
  { data: null },
];

const merged = (one: Json | undefined, other: Json): Json => {
  const isMap = (value: Json | undefined): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(one) || !isMap(other)) return other;
  return { ...one, ...Object.fromEntries(Object.entries(other).map(([key, value]) => [key, merged(one[key], value)])) };
};

/** Leaves of a body as JSON patch operations. */
const operations = (body: Json, at = ''): readonly JsonObject[] =>
  typeof body === 'object' &&
  body !== null &&
  !Array.isArray(body) &&
  Object.keys(body).length > 0 &&
  at.split('/').length < 4
    ? Object.entries(body).flatMap(([key, value]) => operations(value, `${at}/${key.replaceAll('/', '~1')}`))
    : [body === null ? { op: 'remove', path: at } : { op: 'add', path: at, value: body }];

const body = fc
  .uniqueArray(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 2 })
  .map((parts) => parts.reduce<Json>((all, part) => merged(all, part), {}));

/** The text of a patch: JSON, or YAML in which a later merge key holds the body. */
const textOf = fc.constantFrom(
  (value: Json) => JSON.stringify(value),
  (value: Json) => `# a comment\u2028x: &x ${JSON.stringify(value)}\n<<: *x\n`,
  (value: Json) => `{metadata: {annotations: {c: d}}, <<: ${JSON.stringify(value)}}`,
);

const patched = fc
  .tuple(fc.constantFrom(...OBJECTS), body, fc.constantFrom('strategic', 'merge', 'json'), textOf)
  .map(([object, value, type, text]) => {
    const [kind = '', name = ''] = object.split('/');
    const said = type === 'json' ? JSON.stringify(operations(value)) : text(value);
    return ['patch', kind, name, `--type=${type}`, '-p', said];
  });

const deleted = fc
  .tuple(
    fc.constantFrom(...OBJECTS),
    fc.constantFrom(
      [],
      ['--now'],
      ['--force', '--grace-period=0'],
      ['--cascade=orphan'],
      ['--cascade=foreground'],
      ['--wait=false'],
    ),
  )
  .map(([object, flags]) => ['delete', object, '--timeout=5s', ...flags]);

const scaled = fc
  .tuple(fc.constantFrom('deploy/web', 'deploy/a', 'sts/db', 'sts/api'), fc.constantFrom(0, 1, 2, 4))
  .map(([object, replicas]) => ['scale', object, `--replicas=${replicas}`]);

const bounded = fc.constantFrom(
  ['autoscale', 'deploy', 'web', '--min=1', '--max=1'],
  ['set', 'selector', 'svc', 'web', 'app=none'],
  ['rollout', 'restart', 'deploy/a'],
  ['rollout', 'undo', 'deploy/web'],
  ['set', 'env', 'ds/web', 'A=b'],
  ['delete', 'pods', '--all', '--timeout=5s'],
  ['delete', 'pods', '-l', 'app=web', '--timeout=5s'],
  ['delete', 'deploy', '--all', '--timeout=5s'],
);

/** What is drawn for one namespace. */
export const drawnFor = (namespace: string, files: ReadonlyMap<string, string>): fc.Arbitrary<Drawn> =>
  fc
    .oneof(
      { arbitrary: kubectlArgv, weight: 4 },
      { arbitrary: patched, weight: 6 },
      { arbitrary: deleted, weight: 2 },
      { arbitrary: scaled, weight: 1 },
      { arbitrary: bounded, weight: 1 },
    )
    .map((argv) => ({ argv: inNamespace(argv, namespace), files }));
