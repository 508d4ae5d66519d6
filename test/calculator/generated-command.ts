// Commands as people and agents write them, drawn from verbs, kinds, namespaces and flags, for properties.
import fc from 'fast-check';

const pick = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '));

/** "" stands for a flag that is left out. */
const maybe = (...flags: readonly string[]): fc.Arbitrary<string> => fc.constantFrom('', '', ...flags);

const NAMESPACES =
  'shop default production prod-eu kube-system monitoring istio-system blastgate staging uat shop-stg dev qa pr-7 team-a prods lively';
const namespace = fc.oneof(
  { arbitrary: fc.constant(''), weight: 1 },
  {
    arbitrary: pick(NAMESPACES).chain((name) =>
      fc.constantFrom(`-n ${name}`, `--namespace=${name}`, `-n${name}`, `--namespace ${name}`),
    ),
    weight: 5,
  },
);
const NAMES = 'web db api cache-0 agent n1 n2 import x';
const name = pick(NAMES);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 7 });

const KINDS =
  'pod pods po deploy deployment deployments.apps rs sts statefulset ds job cronjob cj cm configmap secret svc service ep ing netpol hpa ' +
  'pdb sa quota limits role rolebinding pvc lease ev pv ns namespaces node sc pc clusterrole clusterrolebinding crd apiservice ' +
  'validatingwebhookconfiguration Pods Deployment';
const kind = pick(KINDS);
const workload = pick('deploy deployment sts statefulset ds daemonsets deployments.apps');
const scalable = pick('deploy deployment sts statefulsets rs rc');

/** `kind a b`, `kind/a kind/b`. */
const named = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(of, names, fc.boolean())
    .map(([what, who, slashed]) =>
      slashed ? who.map((one) => `${what}/${one}`).join(' ') : `${what} ${who.join(' ')}`,
    );

const chosen = (of: fc.Arbitrary<string>, ...how: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(of, fc.constantFrom(...how)).map((words) => words.join(' '));

const SELECTORS = ['-l app=web', '--selector=app=web,tier=front', '-lapp=web'];
const dry = maybe('--dry-run=client', '--dry-run=server', '--dry-run=none');

const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((words) => ['kubectl', ...words].filter((word) => word !== '').join(' '));

const verb = (words: string): fc.Arbitrary<string> => fc.constant(words);
const digest = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const image = fc.constantFrom('web:2', `web${digest}`, 'registry.example/web', `registry.example:5000/web${digest}`);

const anyTarget = fc.oneof(
  { arbitrary: named(kind), weight: 3 },
  { arbitrary: named(pick('pod po pods')), weight: 2 },
  { arbitrary: chosen(kind, '--all', '--all -A', ...SELECTORS, ...SELECTORS.map((one) => `${one} -A`)), weight: 2 },
  {
    arbitrary: chosen(pick('pods po'), '--field-selector=status.phase=Failed', '--field-selector status.phase=Running'),
    weight: 1,
  },
  { arbitrary: chosen(pick('pod,svc cm,secret deploy,sts'), ...SELECTORS, '--all'), weight: 1 },
);

const deletion = joined(
  verb('delete'),
  anyTarget,
  namespace,
  maybe('--force', '--force --grace-period=0', '--grace-period=0', '--now', '--grace-period=30'),
  maybe('--cascade=orphan', '--cascade=foreground', '--ignore-not-found'),
  dry,
);
const scaling = joined(
  verb('scale'),
  fc.oneof(named(scalable), chosen(scalable, '--all', ...SELECTORS)),
  fc.constantFrom(0, 1, 3, 20, 21, 100).map((n) => `--replicas=${n}`),
  namespace,
  dry,
);
const rollout = joined(
  verb('rollout'),
  fc
    .oneof(
      fc.tuple(pick('restart undo status history'), fc.oneof(named(workload), chosen(workload, '', ...SELECTORS))),
      fc.tuple(pick('pause resume'), named(pick('deploy deployment'))),
    )
    .map((words) => words.join(' ')),
  namespace,
);
const settingImage = joined(
  verb('set image'),
  fc.oneof(named(workload), chosen(workload, '--all', ...SELECTORS)),
  image.map((one) => `web=${one}`),
  namespace,
  dry,
);
const settingMore = joined(
  verb('set'),
  fc.oneof(
    named(workload).map((what) => `env ${what} A=b`),
    named(workload).map((what) => `resources ${what} --limits=cpu=1`),
    fc.tuple(pick('deploy/web sts/db'), name).map(([what, sa]) => `serviceaccount ${what} ${sa}`),
  ),
  namespace,
  dry,
);
const marking = fc
  .tuple(
    pick('label annotate'),
    fc.oneof(named(kind), chosen(kind, '--all', ...SELECTORS)),
    pick(
      'a=b team=x example.com/a=b example.com/a- owner- a- kubernetes.io/change-cause=x meta.helm.sh/release-name=x ' +
        'app.kubernetes.io/name=x app.kubernetes.io/instance=x helm.sh/chart=x topology.kubernetes.io/zone=a ' +
        'velero.io/exclude-from-backup=true strimzi.io/delete-pod- service.kubernetes.io/headless= cnpg.io/hibernation=on',
    ),
    maybe('--overwrite'),
    namespace,
    dry,
  )
  .map((words) => ['kubectl', ...words].filter((word) => word !== '').join(' '));
const onNodes = joined(
  fc.oneof(
    fc
      .tuple(
        pick('cordon uncordon'),
        names.map((who) => who.join(' ')),
      )
      .map((words) => words.join(' ')),
    fc
      .tuple(
        names.map((who) => who.join(' ')),
        maybe('--force'),
        maybe('--delete-emptydir-data'),
        maybe('--grace-period=0'),
      )
      .map(([who, ...flags]) => ['drain', who, ...flags].filter((word) => word !== '').join(' ')),
    fc
      .tuple(
        fc.oneof(
          names.map((who) => who.join(' ')),
          fc.constantFrom('--all', '-l pool=a'),
        ),
        pick('a=b:NoSchedule a=b:NoExecute a:NoSchedule- a-'),
      )
      .map(([who, taint]) => `taint nodes ${who} ${taint}`),
  ),
  dry,
);
const creation = joined(
  fc.oneof(
    fc.tuple(pick('deployment job'), name, image).map(([what, who, from]) => `create ${what} ${who} --image=${from}`),
    fc.tuple(name, image).map(([who, from]) => `run ${who} --image=${from}`),
    name.map((who) => `create configmap ${who} --from-literal=a=b`),
    name.map((who) => `create secret generic ${who} --from-literal=a=b`),
    fc.tuple(pick('sa namespace ns'), name).map(([what, who]) => `create ${what} ${who}`),
    fc
      .tuple(pick('clusterip nodeport loadbalancer'), name)
      .map(([type, who]) => `create service ${type} ${who} --tcp=80`),
    fc.tuple(pick('role clusterrole'), name).map(([what, who]) => `create ${what} ${who} --verb=get --resource=pods`),
    fc
      .tuple(pick('rolebinding clusterrolebinding'), name, pick('view cluster-admin'))
      .map(([what, who, role]) => `create ${what} ${who} --clusterrole=${role} --user=bob`),
    fc
      .tuple(name, maybe('--type=NodePort', '--type=LoadBalancer'))
      .map(([who, type]) => `expose deploy ${who} --port=80 ${type}`.trim()),
    fc.tuple(name, pick('5 50')).map(([who, max]) => `autoscale deploy ${who} --max=${max}`),
  ),
  namespace,
  dry,
);
const reading = joined(pick('get describe'), fc.oneof(named(kind), kind, chosen(kind, '-A', ...SELECTORS)), namespace);
const inside = joined(
  fc.oneof(
    fc.tuple(verb('exec'), name, namespace).map((words) => `${words.filter((word) => word !== '').join(' ')} -- ls`),
    fc
      .tuple(verb('port-forward'), name, verb('8080:80'), namespace)
      .map((words) => words.filter((word) => word !== '').join(' ')),
  ),
);

/** One plain kubectl command of a common verb. */
export const generatedCommand: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: deletion, weight: 5 },
  { arbitrary: scaling, weight: 2 },
  { arbitrary: rollout, weight: 2 },
  { arbitrary: settingImage, weight: 2 },
  { arbitrary: settingMore, weight: 1 },
  { arbitrary: marking, weight: 2 },
  { arbitrary: onNodes, weight: 2 },
  { arbitrary: creation, weight: 2 },
  { arbitrary: reading, weight: 2 },
  { arbitrary: inside, weight: 1 },
);
