// The chart by the real Helm 3 and Helm 4: what it renders, what its schema refuses, what a real API server takes, what `helm test` runs,
// and what is left after `helm uninstall`. No kubelet runs pods here, so the commands of the pods of `helm test` are run by hand.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { kustomizeBase } from '../../scripts/deploy-files.ts';
import { packChart } from '../../scripts/offline.ts';
import { loadPeople } from '../../src/doors/people-file.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { ROLES_ON_DEMAND } from '../../src/ports/cluster-rights.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { grantsOf, RBAC, ROLES, textOf } from '../rights/published.ts';
import { ensureBuilt } from '../servers/build.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { Manifest } from '../servers/manifest.ts';
import { until } from '../support/cluster-under-test.ts';
import { ranCli } from '../support/run-cli.ts';
import { CHART, EVERYTHING, nameOf, objectsIn, POSTGRES, renderObjects, runHelm, SEVERAL, setting } from './chart.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of our own chart
type Any = any;
const KUSTOMIZE = join(import.meta.dirname, '../../deploy/kustomize');
const only = (objects: readonly Manifest[], kind: string, name = 'blastgate'): Any => {
  const [one, ...more] = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  assert.ok(one !== undefined && more.length === 0, `${kind} ${name}: ${objects.map(nameOf).join(', ')}`);
  return one;
};
const pods = (objects: readonly Manifest[]): readonly Any[] =>
  objects.flatMap((object) =>
    object.kind === 'Pod' ? [object.spec] : object.kind === 'Deployment' ? [object.spec.template.spec] : [],
  );

describe('what is rendered', () => {
  for (const helm of ['helm', 'helm-4'] as const)
    test(`${helm} lints it`, async () => {
      for (const values of [{}, EVERYTHING, POSTGRES, SEVERAL]) {
        const { code, said } = await runHelm(helm, ['lint', CHART, '--strict', ...setting(values)]);
        assert.equal(code, 0, said);
      }
    });

  test('both Helms render the same', async () => {
    const sorted = (objects: readonly Manifest[]) => objects.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
    assert.deepEqual(sorted(await renderObjects(EVERYTHING, 'helm-4')), sorted(await renderObjects(EVERYTHING)));
  });

  test('the roles and who holds them are those of deploy/rbac.yaml, which are what the code needs', async () => {
    const objects = await renderObjects();
    const rendered = objects.filter(({ kind }) => kind === 'ClusterRole');
    assert.deepEqual(rendered.flatMap(grantsOf).map(textOf).toSorted(), ROLES.flatMap(grantsOf).map(textOf).toSorted());
    const bindings = (from: readonly Manifest[]) =>
      from
        .filter(({ kind, metadata }) => /Binding$/.test(kind) && !metadata.name.includes('-test-'))
        .map(({ kind, roleRef, subjects }) => JSON.stringify([kind, roleRef, subjects]))
        .toSorted();
    assert.deepEqual(bindings(objects), bindings(RBAC));
    assert.deepEqual(
      (only(rendered, 'ClusterRole', 'blastgate-custom') as Any).aggregationRule,
      (only(ROLES, 'ClusterRole', 'blastgate-custom') as Any).aggregationRule,
    );
  });

  test('a role is bound as its value says: everywhere, in namespaces, or nowhere', async () => {
    const objects = await renderObjects({
      'rbac.roles.scale': ['shop', 'cart'],
      'rbac.roles.delete': 'none',
      'rbac.roles.secrets': ['shop'],
    });
    const of = (role: string) =>
      objects
        .filter(({ kind, roleRef }) => /Binding$/.test(kind) && roleRef?.name === `blastgate-${role}`)
        .map(nameOf)
        .toSorted();
    assert.deepEqual(of('scale'), ['RoleBinding cart/blastgate-scale', 'RoleBinding shop/blastgate-scale']);
    assert.deepEqual(of('delete'), []);
    assert.deepEqual(of('secrets'), ['RoleBinding shop/blastgate-secrets']);
    assert.deepEqual(of('drain'), ['ClusterRoleBinding blastgate-drain']);
    for (const role of ROLES_ON_DEMAND) if (role !== 'blastgate-secrets') assert.deepEqual(of(role.slice(10)), []);
  });

  test('the kustomize base is the default output, and the example overlay builds offline', async () => {
    const base = readFileSync(join(KUSTOMIZE, 'base/gate.yaml'), 'utf8');
    assert.equal(base, await kustomizeBase(), '`npm run deploy:files` makes it');
    const { kubectl } = await ensureBuilt(['kubectl']);
    const built = spawnSync(kubectl.executable, ['kustomize', join(KUSTOMIZE, 'example')], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    const objects = objectsIn(built.stdout);
    assert.deepEqual(only(objects, 'Deployment').spec.template.spec.containers[0].args, ['serve', '--cluster=eu-prod']);
    const names = objects.map(nameOf);
    for (const object of objectsIn(base)) assert.ok(names.includes(nameOf(object)), nameOf(object));
    const people = only(objects, 'ConfigMap', 'blastgate-people');
    assert.deepEqual(Object.keys(people.data), ['people.yaml']);
  });

  test('SQLite is one replica with a claim that goes before it comes back; PostgreSQL several that roll, without one', async () => {
    const sqlite = await renderObjects();
    const one = only(sqlite, 'Deployment').spec;
    assert.deepEqual([one.replicas, one.strategy.type], [1, 'Recreate']);
    assert.equal(only(sqlite, 'PersistentVolumeClaim', 'blastgate-data').spec.accessModes[0], 'ReadWriteOnce');
    assert.equal(sqlite.filter(({ kind }) => kind === 'PodDisruptionBudget').length, 0);
    const postgres = await renderObjects(POSTGRES);
    const several = only(postgres, 'Deployment').spec;
    assert.deepEqual([several.replicas, several.strategy.rollingUpdate.maxUnavailable], [3, 0]);
    assert.equal(postgres.filter(({ kind }) => kind === 'PersistentVolumeClaim').length, 0);
    assert.equal(only(postgres, 'PodDisruptionBudget').spec.maxUnavailable, 1);
    assert.equal(several.template.spec.topologySpreadConstraints.length, 2);
    const store = several.template.spec.containers[0].env.find(({ name }: Any) => name === 'BLASTGATE_STORE_FILE');
    assert.equal(store.value, '/run/blastgate-store/url');
  });

  test('the chart of the archive for networks without the internet is the same chart, to Helm 3 and 4', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-chart-'));
    try {
      const archive = join(folder, 'chart/blastgate.tgz');
      packChart(archive);
      for (const helm of ['helm', 'helm-4'] as const) {
        const rendered = async (chart: string) =>
          await runHelm(helm, ['template', 'blastgate', chart, '--kube-version=1.36.3', ...setting(EVERYTHING)]);
        const [packed, folder] = [await rendered(archive), await rendered(CHART)];
        assert.equal(packed.code, 0, packed.said);
        assert.equal(packed.said, folder.said);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('nothing scrapes it until it is asked for; then by the service or by the pods, at the port that the gate has', async () => {
    const monitors = async (values: Readonly<Record<string, unknown>>) =>
      (await renderObjects(values)).filter(({ kind }) => /Monitor$/.test(kind)) as readonly Any[];
    assert.deepEqual(await monitors({}), []);
    const [service, ...no] = await monitors({ 'monitoring.serviceMonitor.enabled': true });
    const values = { 'monitoring.podMonitor.enabled': true, 'monitoring.podMonitor.interval': '15s' };
    const [pod, ...more] = await monitors({ ...values, 'monitoring.podMonitor.labels.release': 'prometheus' });
    assert.deepEqual([service.kind, pod.kind, no, more], ['ServiceMonitor', 'PodMonitor', [], []]);
    assert.deepEqual(pod.spec.podMetricsEndpoints, [{ port: 'http', path: '/metrics', interval: '15s' }]);
    assert.equal(pod.metadata.labels.release, 'prometheus');
    const { template } = only(await renderObjects(), 'Deployment').spec;
    for (const [name, value] of Object.entries(pod.spec.selector.matchLabels))
      assert.equal(template.metadata.labels[name], value);
    assert.ok(template.spec.containers[0].ports.some(({ name }: Any) => name === 'http'));
  });

  test('every pod is locked down, is asked by HTTP, and gets no list of services', async () => {
    for (const values of [EVERYTHING, POSTGRES])
      for (const pod of pods(await renderObjects(values))) {
        assert.equal(pod.enableServiceLinks, false);
        assert.deepEqual([pod.securityContext.runAsNonRoot, pod.securityContext.runAsUser], [true, 65532]);
        for (const container of pod.containers) {
          assert.equal(container.securityContext.readOnlyRootFilesystem, true);
          assert.ok(container.resources.requests.memory && container.resources.limits.memory);
          // No shell in the image: whatever runs, Kubernetes or node runs it.
          assert.doesNotMatch(JSON.stringify(container), /\/bin\/sh|"exec"/);
        }
      }
    const [gate] = pods(await renderObjects());
    const { startupProbe, livenessProbe, readinessProbe } = gate.containers[0];
    assert.deepEqual(
      [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path),
      ['/healthz', '/healthz', '/readyz'],
    );
  });

  test('every setting that it sets is one that the gate reads, from a place that is mounted', async () => {
    for (const values of [
      EVERYTHING,
      SEVERAL,
      { ...POSTGRES, 'secrets.existingSecret': 's', 'secrets.files.GITEA_API_TOKEN': 't' },
    ]) {
      const [{ containers, volumes }] = pods(await renderObjects(values)) as [Any];
      const [{ env, volumeMounts }] = containers;
      for (const { name } of volumeMounts)
        assert.ok(
          volumes.some((one: Any) => one.name === name),
          name,
        );
      for (const { name, value } of env as readonly { name: string; value: string }[])
        if (/^\/(?:run|etc|data)/.test(value))
          assert.ok(
            volumeMounts.some(({ mountPath }: Any) => value === mountPath || value.startsWith(`${mountPath}/`)),
            `${name}=${value} is not mounted`,
          );
      // Files are not here: what does not depend on one must be taken as it is.
      const plain = Object.fromEntries(
        env.filter(({ name }: Any) => !/_FILE$|^GITEA|STORE/.test(name)).map(({ name, value }: Any) => [name, value]),
      );
      const read = readSettings(plain);
      assert.ok(read.ok, JSON.stringify(read));
      assert.equal(read.settings.dataDir, '/data');
    }
  });

  test('several clusters come by a file of their own, and a change of it starts the pods anew', async () => {
    const hashOf = async (values: Readonly<Record<string, unknown>>): Promise<unknown> =>
      only(await renderObjects(values), 'Deployment').spec.template.metadata.annotations?.[
        'blastgate.io/clusters-sha256'
      ];
    const { 'clusters.content': content } = SEVERAL;
    const changed = await hashOf({ ...SEVERAL, 'clusters.content': `${content}    namespaceClass: production\n` });
    assert.match(String(changed), /^[0-9a-f]{64}$/);
    assert.notEqual(changed, await hashOf(SEVERAL));
    const objects = await renderObjects(SEVERAL);
    assert.equal(only(objects, 'ConfigMap', 'blastgate-clusters').data['clusters.yaml'], content);
    const theirs = { ...SEVERAL, 'clusters.content': '', 'clusters.existingConfigMap': 'my-clusters' };
    const [{ volumes }] = pods(await renderObjects(theirs)) as [Any];
    assert.equal(volumes.find(({ name }: Any) => name === 'clusters').configMap.name, 'my-clusters');
  });

  test('the guard names whom the values name, and else is deploy/guard.yaml', async () => {
    const guard = only(await renderObjects(EVERYTHING), 'ValidatingAdmissionPolicy', 'blastgate-guard');
    const published: Any = parse(readFileSync(join(CHART, '../../guard.yaml'), 'utf8').split('\n---\n')[0] ?? '');
    const { matchConditions, ...rest } = guard.spec;
    const { matchConditions: theirs, ...published_ } = published.spec;
    assert.deepEqual(rest, published_);
    assert.match(matchConditions[0].expression, /'blastgate:agents'/);
    assert.match(matchConditions[0].expression, /'system:serviceaccount:agents:healer'/);
    const shape = (text: string): string => text.replace(/\[[^\]]*\]/g, '[]').replace(/\s+/g, ' ');
    assert.equal(shape(matchConditions[0].expression), shape(theirs[0].expression));
    assert.equal(guard.spec.paramKind, undefined);
  });

  test('nothing has a finalizer, and what must outlive an uninstall says so', async () => {
    const objects = await renderObjects(EVERYTHING);
    assert.doesNotMatch(JSON.stringify(objects), /"finalizers"/);
    const kept = objects.filter(({ metadata }: Any) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep');
    assert.deepEqual(kept.map(nameOf).toSorted(), [
      'PersistentVolumeClaim blastgate/blastgate-data',
      'ValidatingAdmissionPolicy blastgate-guard',
      'ValidatingAdmissionPolicyBinding blastgate-guard',
    ]);
    assert.equal(objects.filter(({ kind }) => /Webhook/.test(kind)).length, 0);
  });
});

describe('what the schema refuses', () => {
  const REFUSED: readonly (readonly [why: string, values: Readonly<Record<string, unknown>>, says: RegExp])[] = [
    ['an unknown key', { replica: 2 }, /replica/],
    ['an unknown key below', { 'image.tagg': 'x' }, /tagg/],
    ['an unknown role', { 'rbac.roles.everything': 'cluster' }, /everything/],
    ['two replicas on SQLite', { replicas: 2 }, /replicas/],
    ['one replica on PostgreSQL', { ...POSTGRES, replicas: 1 }, /replicas/],
    ['PostgreSQL without its Secret', { ...POSTGRES, 'store.postgres.existingSecret': '' }, /existingSecret/],
    ['PostgreSQL with a claim', { ...POSTGRES, 'store.sqlite.existingClaim': 'x' }, /existingClaim/],
    ['admission whose CA each replica would have its own of', { ...POSTGRES, 'admission.enabled': true }, /admission/],
    [
      'a proxy whose CA each replica would have its own of',
      { ...POSTGRES, 'proxy.enabled': true, 'proxy.agents': ['healer'] },
      /mode/,
    ],
    ['a proxy for nobody', { 'proxy.enabled': true }, /agents/],
    [
      'cert-manager without an issuer',
      { 'proxy.enabled': true, 'proxy.agents': ['a'], 'proxy.tls.mode': 'cert-manager' },
      /name/,
    ],
    [
      'a certificate without its Secret',
      { 'proxy.enabled': true, 'proxy.agents': ['a'], 'proxy.tls.mode': 'secret' },
      /existingSecret/,
    ],
    ['clusters from two places', { ...SEVERAL, 'clusters.existingConfigMap': 'x' }, /clusters/],
    ['a name for the only one of several clusters', { ...SEVERAL, cluster: 'eu-prod' }, /cluster/],
    ['one of several clusters where there is one', { 'clusters.guarded': 'here' }, /guarded/],
    [
      'a proxy before several clusters, and none is said to be its own',
      { ...SEVERAL, 'clusters.guarded': '' },
      /guarded/,
    ],
    ['clusters past the value of their name', { 'settings.BLASTGATE_CLUSTERS': '/x' }, /BLASTGATE_CLUSTERS/],
    ['people from two places', { 'people.content': 'x' }, /people|oneOf/],
    ['no people', { 'people.existingConfigMap': '' }, /people|oneOf/],
    ['a token in the values', { 'settings.GITEA_API_TOKEN': 'x' }, /GITEA_API_TOKEN/],
    ['a setting that the chart sets', { 'settings.BLASTGATE_LISTEN': '0.0.0.0:1' }, /BLASTGATE_LISTEN/],
    ['secrets as files without the Secret', { 'secrets.files.GITEA_API_TOKEN': 'x' }, /existingSecret/],
    ['an Ingress without TLS', { 'ingress.enabled': true, 'ingress.host': 'x' }, /tlsSecret/],
    ['a guard of nobody', { 'guard.enabled': true, 'guard.groups': [] }, /guard|anyOf/],
    [
      'a name that would leave its CEL text',
      { 'guard.enabled': true, 'guard.groups': ["a'] || true || ['"] },
      /groups/,
    ],
    [
      'a gate that is scraped twice',
      { 'monitoring.serviceMonitor.enabled': true, 'monitoring.podMonitor.enabled': true },
      /monitoring/,
    ],
    ['a digest that is none', { 'image.digest': 'latest' }, /digest/],
  ];
  for (const [why, values, says] of REFUSED)
    test(why, async () => {
      const { code, said } = await runHelm('helm', [
        'template',
        'blastgate',
        CHART,
        '--kube-version=1.36.3',
        ...setting(values),
      ]);
      assert.notEqual(code, 0);
      assert.match(said, says);
    });
});

const CRDS = [
  ['monitoring.coreos.com', 'v1', 'ServiceMonitor', 'servicemonitors'],
  ['monitoring.coreos.com', 'v1', 'PodMonitor', 'podmonitors'],
  ['monitoring.coreos.com', 'v1', 'PrometheusRule', 'prometheusrules'],
  ['cert-manager.io', 'v1', 'Certificate', 'certificates'],
] as const;

/** A kind that another project brings: known by name alone here, its fields are not checked. */
const crdOf = ([group, version, kind, plural]: (typeof CRDS)[number]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

describe('on a real control plane', () => {
  let plane: ControlPlane;
  let env: NodeJS.ProcessEnv;
  const admin = (method: string, path: string, body?: object) => plane.request('admin', method, path, body);
  const kubectl = (args: readonly string[], input?: string) =>
    spawnSync(plane.kubectlPath, args, { encoding: 'utf8', env, ...(input === undefined ? {} : { input }) });

  before(async () => {
    plane = await startControlPlane();
    env = { ...process.env, KUBECONFIG: plane.kubeconfigPath('admin'), HOME: plane.folder };
    // The roles that a plane of the tests has from the start are what is installed here.
    for (const { kind, metadata } of RBAC)
      if (/^ClusterRole/.test(kind))
        await admin('DELETE', `/apis/rbac.authorization.k8s.io/v1/${kind.toLowerCase()}s/${metadata.name}`);
    for (const crd of CRDS) {
      const { status } = await admin('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crdOf(crd));
      assert.equal(status, 201);
    }
    for (const name of ['blastgate', 'shop', 'agents']) {
      const labels = name === 'blastgate' ? { 'pod-security.kubernetes.io/enforce': 'restricted' } : {};
      await admin('POST', '/api/v1/namespaces', { kind: 'Namespace', metadata: { name, labels } });
    }
    for (const [group, version, , plural] of CRDS)
      await until(`${plural} are served`, async () => {
        const { status } = await admin('GET', `/apis/${group}/${version}/namespaces/blastgate/${plural}`);
        return status === 200;
      });
  });
  after(() => plane?.stop());

  describe('the API server takes each object, strictly', () => {
    // Whose pod it is must be there before the pod.
    const accounts = ['blastgate', 'blastgate-test-agent', 'blastgate-test-person'];
    const path = '/api/v1/namespaces/blastgate/serviceaccounts';
    before(async () => {
      for (const name of accounts) await admin('POST', path, { kind: 'ServiceAccount', metadata: { name } });
    });
    after(async () => {
      for (const name of accounts) await admin('DELETE', `${path}/${name}`);
    });
    for (const [what, values] of [
      ['everything', EVERYTHING],
      [
        'PostgreSQL with cert-manager',
        {
          ...POSTGRES,
          'proxy.enabled': true,
          'proxy.agents': ['healer'],
          'proxy.tls.mode': 'cert-manager',
          'proxy.tls.issuerRef.name': 'ca',
        },
      ],
      ['several clusters', SEVERAL],
      ['the shared reader', { 'proxy.enabled': true, 'proxy.reads': 'shared' }],
    ] as const)
      test(what, async () => {
        const text = (await renderObjects(values)).map((object) => JSON.stringify(object)).join('\n---\n');
        const applied = kubectl(
          ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '-f', '-'],
          text,
        );
        assert.equal(applied.status, 0, applied.stderr);
        // `restricted` warns of no pod, and no field is unknown.
        assert.equal(applied.stderr, '');
      });
  });

  const collection = (kind: string, namespace = 'blastgate'): string =>
    ({
      ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      Role: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
      RoleBinding: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    })[kind] ?? '';

  /** A folder as a pod finds its account's in: token and CA. */
  const accountDir = async (name: string): Promise<string> => {
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { body } = await admin('POST', `${collection('ServiceAccount')}/${name}/token`, asked);
    const folder = join(plane.folder, `account-${name}`);
    mkdirSync(folder, { recursive: true });
    // as: a TokenRequest.
    writeFileSync(join(folder, 'token'), (body as { readonly status: { readonly token: string } }).status.token);
    return folder;
  };

  /** What the pod of `helm test` for this account runs, run by hand. */
  const tryWrite = async (values: object, who: 'agent' | 'person', expect?: string) => {
    const objects = await renderObjects(values as Record<string, unknown>);
    const pod = only(objects, 'Pod', `blastgate-test-${who}`).spec;
    const podEnv = Object.fromEntries(pod.containers[0].env.map(({ name, value }: Any) => [name, value ?? '']));
    const script = join(plane.folder, 'try-write.mjs');
    writeFileSync(script, (only(objects, 'ConfigMap', 'blastgate-test') as Any).data['try-write.mjs']);
    return spawnSync(process.execPath, [script], {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...podEnv,
        ...(expect === undefined ? {} : { EXPECT: expect }),
        API_SERVER: plane.url,
        ACCOUNT_DIR: await accountDir(`blastgate-test-${who}`),
        NODE_EXTRA_CA_CERTS: plane.caPath,
        // The gate runs nowhere here.
        READY_URL: '',
      },
    });
  };

  const applyHooks = async (values: object): Promise<void> => {
    for (const object of await renderObjects(values as Record<string, unknown>))
      if (/-test-(?:agent|person)$/.test(object.metadata.name) && object.kind !== 'Pod') {
        const path = collection(object.kind);
        await admin('DELETE', `${path}/${object.metadata.name}`);
        const { status, body } = await admin('POST', path, object);
        assert.equal(status, 201, JSON.stringify(body));
      }
  };

  for (const [helm, values, guarded] of [
    ['helm', { ...POSTGRES, 'rbac.countAgentPowers': true }, false],
    ['helm-4', { ...POSTGRES, 'guard.enabled': true, 'guard.serviceAccounts': ['agents/healer'] }, true],
  ] as const)
    describe(`${helm}, the agents ${guarded ? 'guarded' : 'without rights'}`, () => {
      before(async () => {
        const { code, said } = await runHelm(
          helm,
          ['install', 'blastgate', CHART, '--namespace=blastgate', '--wait', '--timeout=90s', ...setting(values)],
          env,
        );
        assert.equal(code, 0, said);
        await applyHooks(values);
      });

      test('an agent is refused and whoever is none is not, as `helm test` asks', async () => {
        await until('the guard and the roles hold', async () => {
          const agent = await tryWrite(values, 'agent');
          const person = await tryWrite(values, 'person');
          if (agent.status === 0 && person.status === 0) return true;
          return null;
        });
        // The test itself can fail.
        const wrong = await tryWrite(values, 'person', 'refused');
        assert.equal(wrong.status, 1);
        assert.match(wrong.stderr, /the write was allowed, and should be refused/);
      });

      test('doctor, as the pod of `helm test` runs it, finds the rights that the gate needs', async () => {
        const people = join(plane.folder, 'people.yaml');
        writeFileSync(people, readFileSync(join(KUSTOMIZE, 'example/people.yaml'), 'utf8'));
        assert.deepEqual(loadPeople(people).problems, []);
        const folder = await accountDir('blastgate');
        const kubeconfig = join(plane.folder, 'pod.kubeconfig');
        writeFileSync(
          kubeconfig,
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Config',
            'current-context': 'pod',
            contexts: [{ name: 'pod', context: { cluster: 'pod', user: 'pod' } }],
            clusters: [{ name: 'pod', cluster: { server: plane.url, 'certificate-authority': plane.caPath } }],
            users: [{ name: 'pod', user: { tokenFile: join(folder, 'token') } }],
          }),
        );
        const { code, out } = await ranCli(['doctor', '-o', 'json'], {
          env: {
            BLASTGATE_PEOPLE: people,
            BLASTGATE_DATA: join(plane.folder, `data-${helm}`),
            KUBECONFIG: kubeconfig,
          },
        });
        assert.equal(code, 0, out);
        const failed = JSON.parse(out).filter(({ state }: Any) => state === 'fail');
        assert.deepEqual(failed, []);
      });

      test('doctor finds both of several clusters, by the files that the pod mounts', async () => {
        const objects = await renderObjects({ ...SEVERAL, 'proxy.enabled': false });
        const folder = await accountDir('blastgate');
        writeFileSync(join(folder, 'ca.crt'), readFileSync(plane.caPath));
        const sandbox = await startSandboxCluster({ port: 0 });
        const secret = mkdtempSync(join(plane.folder, 'secret-'));
        writeFileSync(join(secret, 'there.yaml'), sandbox.kubeconfig(), { mode: 0o600 });
        // Where the pod has its mounts.
        const here = (text: string): string =>
          text
            .replaceAll('/var/run/secrets/kubernetes.io/serviceaccount', folder)
            .replaceAll('/run/blastgate', secret)
            .replaceAll('/etc/blastgate/clusters', secret)
            .replaceAll('https://kubernetes.default.svc', plane.url);
        const { data } = only(objects, 'ConfigMap', 'blastgate-clusters');
        writeFileSync(join(secret, 'clusters.yaml'), here(data['clusters.yaml']));
        const [{ containers }] = pods(objects) as [Any];
        const env = Object.fromEntries(
          containers[0].env
            .filter(({ name }: Any) => /CLUSTER/.test(name))
            .map(({ name, value }: Any) => [name, here(value)]),
        );
        try {
          const { code, out } = await ranCli(['doctor', '-o', 'json'], {
            env: {
              ...env,
              BLASTGATE_PEOPLE: join(KUSTOMIZE, 'example/people.yaml'),
              BLASTGATE_DATA: join(plane.folder, `data-several-${helm}`),
            },
          });
          assert.equal(code, 0, out);
          const findings: readonly Any[] = JSON.parse(out);
          assert.deepEqual(
            findings.filter(({ state }) => state === 'fail'),
            [],
          );
          for (const name of ['here', 'there']) assert.ok(out.includes(name), `${name} is not spoken of: ${out}`);
        } finally {
          await sandbox.stop();
        }
      });

      test('an upgrade changes nothing where nothing changed', async () => {
        const path = '/apis/apps/v1/namespaces/blastgate/deployments/blastgate';
        const generation = async () => ((await admin('GET', path)).body as Any).metadata.generation;
        const before = await generation();
        const { code, said } = await runHelm(
          helm,
          ['upgrade', 'blastgate', CHART, '--namespace=blastgate', ...setting(values)],
          env,
        );
        assert.equal(code, 0, said);
        assert.equal(await generation(), before);
      });

      test('an uninstall takes everything but the guard, which stops nobody but agents', async () => {
        const gone = await runHelm(helm, ['uninstall', 'blastgate', '--namespace=blastgate', '--wait'], env);
        assert.equal(gone.code, 0, gone.said);
        const { status } = await admin('GET', '/apis/apps/v1/namespaces/blastgate/deployments/blastgate');
        assert.equal(status, 404);
        const listed = kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name']).stdout;
        assert.doesNotMatch(listed, /blastgate-/);
        const left = kubectl([
          'get',
          'validatingadmissionpolicies,validatingadmissionpolicybindings',
          '-o',
          'name',
        ]).stdout;
        assert.equal(
          left
            .trim()
            .split('\n')
            .filter((name) => name.includes('blastgate')).length,
          guarded ? 2 : 0,
        );
        const webhooks = kubectl([
          'get',
          'validatingwebhookconfigurations,mutatingwebhookconfigurations',
          '-o',
          'name',
        ]).stdout;
        assert.doesNotMatch(webhooks, /blastgate/);
        if (guarded) assert.equal((await tryWrite(values, 'agent')).status, 0);
        const person = await tryWrite(values, 'person');
        assert.equal(person.status, 0, person.stderr);
      });
    });
});
