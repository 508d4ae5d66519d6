// The words that each command of kubectl needs besides its flags, drawn so that kubectl mostly accepts them, and the
// files that they name.
import fc from 'fast-check';
import { BUILT_IN } from '../../src/core/model/built-in-resources.ts';
import type { Resource } from '../../src/core/model/resource.ts';

type Words = fc.Arbitrary<readonly string[]>;

const object = (apiVersion: string, kind: string, name: string, more: object = {}, namespace?: string): object => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
};
const text = (...documents: readonly object[]): string => documents.map((one) => JSON.stringify(one)).join('\n---\n');

const CONFIG = object('v1', 'ConfigMap', 'settings', { data: { a: 'b' } });
const DEPLOYMENT = object('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE },
});

/** The files that generated commands name. */
export const FILES: ReadonlyMap<string, string> = new Map([
  ['cm.yaml', text(CONFIG)],
  ['deploy.yaml', text(DEPLOYMENT)],
  ['pod.json', text(object('v1', 'Pod', 'solo', { spec: TEMPLATE.spec }))],
  ['two.yaml', text(CONFIG, object('v1', 'Service', 'web', { spec: { ports: [{ port: 80 }] } }))],
  ['list.json', text({ apiVersion: 'v1', kind: 'List', items: [CONFIG, DEPLOYMENT] })],
  ['role.yaml', text(object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'reader', { rules: [] }))],
  ['ns.yaml', text(object('v1', 'Namespace', 'team'))],
  ['widget.yaml', text(object('example.com/v1', 'Widget', 'gear', { spec: { size: 2 } }))],
  ['folder/one.yaml', text(CONFIG)],
  ['folder/deep/two.yaml', text(DEPLOYMENT)],
  ['patch.yaml', text({ metadata: { labels: { patched: 'yes' } } })],
  ['settings.env', 'A=b\nC=d\n'],
  ['notes.txt', 'words\n'],
  ['-', text(CONFIG)],
]);

const pick = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '));
const said = (...words: readonly (string | fc.Arbitrary<string>)[]): Words =>
  fc.tuple(...words.map((word) => (typeof word === 'string' ? fc.constant(word) : word)));
const none: Words = fc.constant([]);
const oneOf = (...all: readonly Words[]): Words => fc.oneof(...all);
const joined = (...all: readonly Words[]): Words => fc.tuple(...all).map((parts) => parts.flat());

const name = pick('web db-0 api a');
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });

/** A kind as somebody would write it. */
const spellings = ({ name: plural, singular, kind, shortNames, group, versions }: Resource): readonly string[] => [
  plural,
  singular,
  kind,
  ...shortNames,
  ...(group === '' ? [`${plural}.`] : [`${plural}.${group}`, `${singular}.${versions[0] ?? 'v1'}.${group}`]),
];
const ASKABLE = BUILT_IN.filter(
  ({ verbs, group }) => verbs.includes('delete') && group !== 'metrics.k8s.io' && group !== 'events.k8s.io',
);
const anyKind = fc.constantFrom(...ASKABLE).chain((one) => fc.constantFrom(...spellings(one)));
const WORKLOADS = BUILT_IN.filter((one) => /^(?:deployments|statefulsets|daemonsets)$/.test(one.name));
const workload = fc.constantFrom(...WORKLOADS).chain((one) => fc.constantFrom(...spellings(one)));
const deployments = pick('deploy deployment deployments deployments.apps');
const scalable = pick('deploy deployment sts statefulsets rs replicasets rc');
const common = pick('pod pods po deploy svc cm configmaps secret ds job cj pvc node ns role sa ev widgets wd');

/** TYPE NAME…, TYPE/NAME… */
const named = (kind: fc.Arbitrary<string>): Words =>
  fc
    .tuple(kind, names, fc.boolean())
    .map(([what, who, slashed]) => (slashed ? who.map((one) => `${what}/${one}`) : [what, ...who]));
const one = (kind: fc.Arbitrary<string>): Words =>
  fc.tuple(kind, name, fc.boolean()).map(([what, who, slashed]) => (slashed ? [`${what}/${who}`] : [what, who]));
const several: Words = fc
  .tuple(fc.uniqueArray(pick('pods svc deploy cm sts'), { minLength: 2, maxLength: 3 }), name)
  .map(([kinds, who]) => [kinds.join(','), who]);
const selected = (kind: fc.Arbitrary<string>): Words =>
  fc
    .tuple(
      kind,
      fc.constantFrom(
        ['--all'],
        ['-l', 'touched-by=nobody'],
        ['-lapp=x'],
        ['--selector=a,!b'],
        ['--all', '-A'],
        ['-l', 'a=b', '-A'],
      ),
    )
    .map(([what, how]) => [what, ...how]);
const file = fc.constantFrom(
  'cm.yaml',
  'deploy.yaml',
  'pod.json',
  'two.yaml',
  'list.json',
  'role.yaml',
  'ns.yaml',
  'widget.yaml',
  'folder',
  '-',
);
const files: Words = oneOf(
  file.map((path) => ['-f', path]),
  file.map((path) => [`--filename=${path}`]),
  fc.constantFrom(
    ['-f', 'cm.yaml,deploy.yaml'],
    ['-f', 'cm.yaml', '-f', 'deploy.yaml'],
    ['-f', 'folder', '-R'],
    ['-Rf', 'folder'],
  ),
);

/** What a command that takes objects may name. */
export const targets: Words = oneOf(named(common), named(anyKind), several);

const pair = pick('a=b team=shop tier- note=x example.com/key=v');
const pairs = fc.uniqueArray(pair, { minLength: 1, maxLength: 2, selector: (word) => word.replace(/[=-].*$/, '') });
const taint = pick('a=b:NoSchedule a:NoExecute a=b:PreferNoSchedule a- a:NoSchedule-');
const inner = fc.constantFrom(['ls'], ['sh', '-c', 'echo hi'], ['env'], ['cat', '/etc/hosts']);
const dashed = (words: Words): Words => fc.tuple(words, inner).map(([before, behind]) => [...before, '--', ...behind]);
const podOrOwner = oneOf(
  name.map((who) => [who]),
  one(pick('pod deploy sts')).map((words) => (words.length === 1 ? words : [words.join('/')])),
);
const patches = fc.constantFrom(
  ['-p', '{"spec":{"replicas":0}}'],
  ['--patch={"metadata":{"labels":{"a":"b"}}}'],
  ['-p', '{"metadata":{"finalizers":null}}', '--type=merge'],
  ['--type=json', '-p', '[{"op":"add","path":"/metadata/labels/x","value":"y"}]'],
  ['--patch-file=patch.yaml'],
  ['-p', '{"spec":{"replicas":1}}', '--subresource=scale', '--type=merge'],
);
const rolloutTargets = oneOf(
  named(workload),
  named(deployments),
  workload.map((kind) => [kind]),
  selected(workload).map((words) => words.filter((word) => word !== '--all' && word !== '-A')),
);
const rawPath = fc.constantFrom(
  '/api/v1/namespaces/shop/pods/web',
  '/api/v1/nodes/n1',
  '/apis/apps/v1/namespaces/shop/deployments/web/scale',
  '/api/v1/namespaces/shop/configmaps',
);

/** The words of each command, by its path. */
export const WORDS_OF: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['annotate', oneOf(joined(named(common), pairs), joined(selected(common), pairs), joined(files, pairs))],
  ['api-resources', none],
  ['api-versions', none],
  [
    'apply',
    oneOf(files, joined(files, fc.constantFrom(['--server-side'], ['--prune', '-l', 'a=b'], ['--prune', '--all']))),
  ],
  ['apply set-last-applied', files],
  ['apply view-last-applied', oneOf(named(common), files)],
  ['attach', podOrOwner],
  [
    'auth can-i',
    fc.constantFrom(
      ['get', 'pods'],
      ['delete', 'deploy/web'],
      ['*', '*'],
      ['create', 'pods', '--subresource=exec'],
      ['--list'],
    ),
  ],
  ['auth reconcile', fc.constantFrom(['-f', 'role.yaml'], ['-f', 'role.yaml', '--remove-extra-permissions'])],
  ['auth whoami', none],
  ['autoscale', oneOf(joined(one(pick('deploy rs sts rc')), said('--max=5')), said('-f', 'deploy.yaml', '--max=30'))],
  [
    'certificate approve',
    oneOf(
      names,
      one(pick('csr certificatesigningrequests')).map((words) => [words.join('/')]),
    ),
  ],
  ['certificate deny', names],
  ['cluster-info', none],
  ['cluster-info dump', none],
  ['cordon', oneOf(names, said('-l', 'pool=a'), said('node/n1'))],
  ['uncordon', oneOf(names, said('-l', 'pool=a'), said('nodes/n1', 'n2'))],
  [
    'cp',
    fc.constantFrom(['notes.txt', 'web:/tmp/x'], ['web:/etc/hosts', 'here.txt'], ['shop/web:/a', 'b', '-c', 'main']),
  ],
  ['create', files],
  [
    'create clusterrole',
    fc.constantFrom(['reader', '--verb=get', '--resource=pods'], ['x', '--verb=get', '--non-resource-url=/logs']),
  ],
  [
    'create clusterrolebinding',
    fc.constantFrom(
      ['b', '--clusterrole=view', '--user=eve'],
      ['b', '--clusterrole=cluster-admin', '--serviceaccount=shop:robot'],
    ),
  ],
  [
    'create configmap',
    fc.constantFrom(
      ['cm', '--from-literal=a=b'],
      ['cm', '--from-file=notes.txt'],
      ['cm', '--from-env-file=settings.env'],
      ['cm'],
    ),
  ],
  [
    'create cronjob',
    fc.constantFrom(
      ['cj', '--image=x:1', '--schedule=* * * * *'],
      ['cj', '--image=x', '--schedule', '@daily', '--', 'date'],
    ),
  ],
  [
    'create deployment',
    fc.constantFrom(['web', '--image=x:1'], ['web', '--image=x:1', '--replicas=3', '--', 'sleep', '1']),
  ],
  ['create ingress', fc.constantFrom(['i', '--rule=a.example/=web:80'], ['i', '--default-backend=web:80'])],
  [
    'create job',
    fc.constantFrom(['j', '--image=x'], ['j', '--from=cronjob/nightly'], ['j', '--image=x', '--', 'date']),
  ],
  ['create namespace', names.map(([who = 'team']) => [who])],
  [
    'create poddisruptionbudget',
    fc.constantFrom(['p', '--selector=a=b', '--min-available=1'], ['p', '--selector=a=b', '--max-unavailable=50%']),
  ],
  ['create priorityclass', fc.constantFrom(['p', '--value=10'], ['p', '--value=-1', '--preemption-policy=Never'])],
  ['create quota', fc.constantFrom(['q'], ['q', '--hard=pods=1'])],
  ['create role', fc.constantFrom(['r', '--verb=get', '--resource=pods'], ['r', '--verb=*', '--resource=secrets'])],
  ['create rolebinding', fc.constantFrom(['b', '--clusterrole=view', '--user=eve'], ['b', '--role=r', '--group=sres'])],
  [
    'create secret docker-registry',
    said('s', '--docker-username=u', '--docker-password=p', '--docker-server=r.example'),
  ],
  ['create secret generic', fc.constantFrom(['s', '--from-literal=a=b'], ['s'], ['s', '--from-file=k=notes.txt'])],
  ['create service clusterip', fc.constantFrom(['s', '--tcp=80:8080'], ['s', '--clusterip=None'])],
  ['create service externalname', said('s', '--external-name=x.example')],
  ['create service loadbalancer', said('s', '--tcp=80:8080')],
  ['create service nodeport', said('s', '--tcp=80:8080')],
  ['create serviceaccount', names.map(([who = 'robot']) => [who])],
  ['create token', names.map(([who = 'robot']) => [who])],
  [
    'debug',
    fc.constantFrom(
      ['web', '--image=x', '--attach=false'],
      ['node/n1', '--image=x', '--attach=false'],
      ['web', '--image=x', '--copy-to=c'],
      ['pod/web', '--image=x', '--', 'ls'],
    ),
  ],
  [
    'delete',
    oneOf(
      targets,
      selected(common),
      selected(anyKind),
      files,
      said('pods', '--field-selector=status.phase=Failed'),
      rawPath.map((path) => ['--raw', path]),
      said('all', '--all'),
    ),
  ],
  [
    'describe',
    oneOf(
      targets,
      common.map((kind) => [kind]),
      selected(common).map((words) => words.filter((word) => word !== '--all')),
      files,
    ),
  ],
  ['diff', files],
  [
    'drain',
    oneOf(
      joined(names, said('--ignore-daemonsets')),
      joined(
        names,
        fc.constantFrom(
          ['--force', '--ignore-daemonsets', '--delete-emptydir-data'],
          ['--force', '--disable-eviction'],
        ),
      ),
      said('-l', 'pool=a', '--force'),
    ),
  ],
  ['edit', oneOf(one(common), files)],
  ['events', oneOf(none, said('--for', 'pod/web'), said('-A'))],
  [
    'exec',
    dashed(
      oneOf(
        podOrOwner,
        podOrOwner.map((words) => [...words, '-c', 'main']),
      ),
    ),
  ],
  ['explain', pick('pods deploy.spec svc').map((what) => [what])],
  [
    'expose',
    oneOf(
      joined(one(pick('deploy rs rc svc pod')), said('--port=80', '--name=front')),
      said('-f', 'deploy.yaml', '--port=80'),
    ),
  ],
  [
    'get',
    oneOf(
      targets,
      common.map((kind) => [kind]),
      anyKind.map((kind) => [kind]),
      said('all', '-A'),
      files,
      rawPath.map((path) => ['--raw', path]),
    ),
  ],
  ['kustomize', none],
  [
    'label',
    oneOf(
      joined(named(common), pairs),
      joined(selected(common), pairs),
      joined(files, pairs),
      joined(named(common), said('--list')),
    ),
  ],
  ['logs', oneOf(podOrOwner, said('-l', 'a=b'), said('job/x', '--all-containers'))],
  ['patch', oneOf(joined(one(common), patches), joined(one(scalable), patches), joined(files, patches))],
  ['port-forward', podOrOwner.map((words) => [...words, '18080:80'])],
  [
    'replace',
    oneOf(
      files,
      joined(files, said('--force')),
      rawPath.map((path) => ['--raw', path, '-f', 'cm.yaml']),
    ),
  ],
  ['rollout history', rolloutTargets],
  [
    'rollout pause',
    oneOf(
      named(deployments),
      deployments.map((kind) => [kind]),
    ),
  ],
  ['rollout restart', rolloutTargets],
  [
    'rollout resume',
    oneOf(
      named(deployments),
      deployments.map((kind) => [kind]),
    ),
  ],
  ['rollout status', one(workload)],
  ['rollout undo', rolloutTargets],
  [
    'run',
    fc.constantFrom(
      ['one', '--image=x:1'],
      ['one', '--image=x', '--', 'sleep', '1'],
      ['one', '--image=x', '--command', '--', 'date'],
      ['one', '--image=x', '--expose', '--port=80'],
      ['one', '--image=x', '-i', '--rm', '--restart=Never'],
    ),
  ],
  [
    'scale',
    oneOf(
      joined(named(scalable), said('--replicas=3')),
      joined(
        selected(scalable).map((words) => words.filter((word) => word !== '-A')),
        said('--replicas=0'),
      ),
      said('-f', 'deploy.yaml', '--replicas=2'),
      said('wd/gear', '--replicas=1'),
    ),
  ],
  [
    'set env',
    joined(
      oneOf(
        named(workload),
        selected(workload).map((words) => words.filter((word) => word !== '-A')),
      ),
      fc.constantFrom(['A=b'], ['A-'], ['--from=configmap/x'], ['--from=secret/x'], ['--list'], ['-e', 'A=b']),
    ),
  ],
  [
    'set image',
    joined(
      oneOf(
        named(workload),
        selected(workload).map((words) => words.filter((word) => word !== '-A')),
      ),
      fc.constantFrom(['main=x:2'], ['*=x:2'], ['main=x:2', 'side=y']),
    ),
  ],
  [
    'set resources',
    joined(named(workload), fc.constantFrom(['--limits=cpu=1'], ['--requests=memory=1Gi', '-c', 'main'])),
  ],
  ['set selector', joined(one(pick('svc service')), said('app=web'))],
  ['set serviceaccount', joined(named(workload), said('robot'))],
  [
    'set subject',
    joined(
      one(pick('rolebinding clusterrolebinding')),
      fc.constantFrom(['--user=eve'], ['--group=sres', '--serviceaccount=shop:robot']),
    ),
  ],
  [
    'taint',
    joined(
      oneOf(
        fc.tuple(pick('node nodes no'), names).map(([kind, who]) => [kind, ...who]),
        said('nodes', '--all'),
        said('nodes', '-l', 'pool=a'),
      ),
      fc.uniqueArray(taint, { minLength: 1, maxLength: 1 }),
    ),
  ],
  [
    'top node',
    oneOf(
      none,
      names.map(([who = 'n1']) => [who]),
    ),
  ],
  [
    'top pod',
    oneOf(
      none,
      names.map(([who = 'web']) => [who]),
      said('-A'),
    ),
  ],
  ['version', none],
  ['wait', joined(one(pick('pod deploy')), said('--for=condition=Available', '--timeout=1s'))],
]);
