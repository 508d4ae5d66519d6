// One gate before two real control planes, which knows no cluster that goes without a name: an agent's unchanged kubectl reaches both
// through the one proxy, both API servers ask at the one admission listener, what is approved for one lets nothing through at the
// other, and while one is frozen the other notices nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { openAuthority } from '../../src/adapters/certificates/authority.ts';
import { runCli } from '../../src/doors/cli/main.ts';
import { ensureBuilt } from '../servers/build.ts';
import type { ServerName } from '../servers/inventory.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { Manifest } from '../servers/manifest.ts';
import { freePort } from '../servers/server-process.ts';
import { startWebhook, type Webhook } from '../support/admission.ts';
import { Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath, type Ran } from '../support/gate-in-path.ts';
import { seedOf } from '../support/sample.ts';
import { install } from './install.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const NAMES = ['eu', 'us'] as const;
/** All of them in the long run: how discovery is read has changed between versions. */
const KUBECTLS: readonly ServerName[] =
  seedOf(process.env) === null ? ['kubectl', 'kubectl-1.35', 'kubectl-1.34'] : ['kubectl'];
type Name = (typeof NAMES)[number];

describe('one gate before two clusters', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-several-'));
  const clusters = join(folder, 'clusters.yaml');
  const planes = new Map<Name, ControlPlane>();
  const places = new Map<Name, { readonly dev: Neighbourhood; readonly production: Neighbourhood }>();
  let env: Record<string, string>;
  let path: GateInPath;
  let slow: Webhook;
  /** Until when the API server of eu holds a new config map called "held". */
  let release = Promise.withResolvers<void>();

  const planeOf = (name: Name): ControlPlane => {
    const plane = planes.get(name);
    assert.ok(plane);
    return plane;
  };
  const placesOf = (name: Name) => {
    const found = places.get(name);
    assert.ok(found);
    return found;
  };
  /** `writer`: the file of the account that writes; the others are of accounts that read. */
  const writeClusters = (files: (name: Name) => { readonly writer: string; readonly reader: string }): void => {
    const rows = NAMES.map((name) => {
      const { writer, reader } = files(name);
      return `  - { name: ${name}, kubeconfig: "${writer}", proxy: { kubeconfig: "${reader}" } }`;
    });
    writeFileSync(clusters, `clusters:\n${rows.join('\n')}\n`);
  };
  const cli = async (...argv: readonly string[]) => {
    const said = { out: '', err: '' };
    const code = await runCli(argv, {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      readIn: async function* () {},
      env,
      colour: false,
    });
    return { code, ...said };
  };
  const clientOf = async (name: Name) => {
    const { out, err, code } = await cli('guard-executor', '--client', '--cluster', name);
    assert.equal(code, 0, err);
    const [configuration, kubeconfig] = parseAllDocuments(out).map((one) => one.toJS() as Any);
    return { configuration, kubeconfig };
  };
  const startPlane = async (name: Name): Promise<void> => {
    const { configuration, kubeconfig } = await clientOf(name);
    const files = [join(folder, `admission-${name}.yaml`), join(folder, `client-${name}.kubeconfig`)] as const;
    configuration.plugins[0].configuration.kubeConfigFile = files[1];
    writeFileSync(files[0], JSON.stringify(configuration), { mode: 0o600 });
    writeFileSync(files[1], JSON.stringify(kubeconfig), { mode: 0o600 });
    const plane = await startControlPlane({ apiServerFlags: [`--admission-control-config-file=${files[0]}`] });
    planes.set(name, plane);
    await installProxyRoles(plane);
    const of = (namespace: string) => new Neighbourhood((...call) => plane.request('admin', ...call), namespace);
    const [dev, production] = [of('dev'), of('production')];
    places.set(name, { dev, production });
    for (const one of [dev, production]) {
      await one.open();
      await one.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: name === 'eu' ? 2 : 3 });
    }
  };
  /** The gate's own token at that cluster, in the hands of somebody else. */
  const asThief = (name: Name, url: string, body: object) => planeOf(name).request('gate', 'POST', url, body);
  const configMap = (name: string, namespace = 'dev') => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { a: '1' },
  });
  const MAPS = '/api/v1/namespaces/dev/configmaps';

  before(async () => {
    env = {
      BLASTGATE_DATA: folder,
      BLASTGATE_CLUSTERS: clusters,
      BLASTGATE_PROXY_KUBECONFIG: '',
      BLASTGATE_PROXY_LISTEN: `127.0.0.1:${await freePort()}`,
      BLASTGATE_PROXY_WAIT: '60',
      BLASTGATE_ADMISSION_LISTEN: `127.0.0.1:${await freePort()}`,
    };
    writeClusters((name) => ({ writer: `writer-${name}`, reader: `reader-${name}` }));
    await Promise.all(NAMES.map(startPlane));
    writeClusters((name) => ({
      writer: planeOf(name).kubeconfigPath('gate'),
      reader: planeOf(name).kubeconfigPath('ben'),
    }));
    slow = await startWebhook(planeOf('eu'), async ({ name, dryRun }) => {
      if (name === 'held' && dryRun !== true) await release.promise;
      return [];
    });
    await placesOf('eu').dev.ask('POST', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', {
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'slow' },
      webhooks: [
        {
          name: 'slow.example.com',
          clientConfig: slow.clientConfig,
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 30,
          failurePolicy: 'Ignore',
          objectSelector: {},
        },
      ],
    });
    path = await openGateInPath(planeOf('eu'), env);
    for (const name of NAMES) {
      const printed = await cli('guard-executor', '--account', 'gate', '--cluster', name);
      assert.equal(printed.code, 0, printed.err);
      await install(planeOf(name), [parse(printed.out) as Manifest]);
      await until(`${name} asks the gate`, async () => (await asThief(name, MAPS, configMap('try'))).status === 403);
    }
  });
  after(async () => {
    release.resolve();
    await path?.close();
    await slow?.close();
    await Promise.all([...planes.values()].map((plane) => plane.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const kubectl = (name: Name, line: string, incident: string | null = null): Promise<Ran> =>
    path.kubectl(['--context', `blastgate-${name}`, ...line.split(' ')], { incident });
  const ok = ({ code, out, err }: Ran): string => {
    assert.equal(code, 0, `${out}\n${err}`);
    return out;
  };
  const webOf = async (name: Name, namespace: 'dev' | 'production'): Promise<Any> => {
    const place = placesOf(name)[namespace];
    return place.ask('GET', place.path('deployments', 'web'));
  };
  const replicasOf = async (name: Name): Promise<number> => (await webOf(name, 'dev')).spec.replicas;
  const noteOf = async (name: Name): Promise<string | undefined> =>
    (await webOf(name, 'dev')).metadata.annotations?.note;
  /** Those of the incident that wait for people, by the cluster that they are sealed for. */
  const waitingIn = (incident: string, count: number): Promise<ReadonlyMap<string, Any>> =>
    until(`${count} of ${incident} wait`, async () => {
      const { body } = await path.ask('ana', 'GET', `/v1/proposals?state=awaiting-approval&incident=${incident}`);
      if (body.proposals.length !== count) return null;
      const whole = await Promise.all(
        body.proposals.map(async ({ id }: Any) => (await path.ask('ana', 'GET', `/v1/proposals/${id}`)).body),
      );
      return new Map(whole.map((one) => [one.spec.cluster.name, one]));
    });
  const vote = async (one: Any, decision: 'approve' | 'reject'): Promise<void> => {
    for (const person of ['bob', 'cho'].slice(0, decision === 'approve' ? one.needed.approvals : 1)) {
      const body = { decision, digest: one.digest ?? one.spec.digest, reason: 'as a test' };
      const { status, body: said } = await path.ask(person, 'POST', `/v1/proposals/${one.id}/votes`, body);
      assert.equal(status, 200, JSON.stringify(said));
    }
  };

  for (const line of [
    'get deployment web -n dev -o wide',
    'api-resources',
    'explain deployment.spec.strategy',
    'version',
    'auth whoami',
    'rollout status deployment/web -n dev',
    'wait deployment/web -n dev --for=condition=Available --timeout=20s',
    'get deployments -n dev --watch --request-timeout=2s',
    'get --raw /apis/apps/v1/namespaces/dev/deployments/web',
    'label deployment web -n dev team=red --dry-run=server',
  ])
    test(`at each of the two: ${line}`, async () => {
      for (const name of NAMES) ok(await kubectl(name, line));
    });

  test('each context reads its own cluster', async () => {
    const line = 'get deployment web -n dev -o jsonpath={.spec.replicas}';
    assert.deepEqual([ok(await kubectl('eu', line)), ok(await kubectl('us', line))], ['2', '3']);
  });

  for (const [line, says] of [
    ['exec -n dev deploy/web -- ls', /do not go through the proxy/],
    ['port-forward -n dev deploy/web 18080:80', /do not go through the proxy/],
    ['get secrets -n dev', /Secrets are not read through the proxy/],
    ['get --raw /clusters/eu/api', /does not pass on a request for this address/],
  ] as const)
    test(`at each of the two, refused: ${line}`, async () => {
      for (const name of NAMES) {
        const { code, err } = await kubectl(name, line);
        assert.notEqual(code, 0);
        assert.match(err, says);
      }
    });

  for (const program of KUBECTLS)
    test(`${program} prints why an address leads to no cluster, whatever it asks for`, async () => {
      const { executable } = (await ensureBuilt(KUBECTLS))[program];
      for (const [context, says] of [
        ['', /none is named.*eu, us.*--context blastgate-NAME.*\(cluster-required\)/],
        ['/clusters/asia', /no cluster of that name.*asia.*\(unknown-cluster\)/],
        ['/clusters/EU', /no cluster of that name.*EU.*\(unknown-cluster\)/],
        ['/clusters/__proto__', /\(unknown-cluster\)/],
      ] as const)
        for (const line of [
          'get pods -n dev',
          'scale deployment web -n dev --replicas=9',
          'exec -n dev web -- ls',
          'api-resources',
        ]) {
          const server = context === '' ? [] : ['--server', `${path.proxyUrl()}${context}`];
          const { code, err } = await path.kubectl([...server, ...line.split(' ')], { executable });
          assert.notEqual(code, 0, `${context} ${line}`);
          assert.match(err, says, `${context} ${line}`);
        }
      assert.deepEqual([await replicasOf('eu'), await replicasOf('us')], [2, 3]);
    });

  test('a write goes to the cluster of its context, past its API server that asks the gate, and to no other', async () => {
    ok(await kubectl('us', 'annotate deployment web -n dev note=one', 'INC-1'));
    assert.deepEqual([await noteOf('eu'), await noteOf('us')], [undefined, 'one']);
    ok(await kubectl('eu', 'annotate deployment web -n dev note=two', 'INC-1'));
    assert.deepEqual([await noteOf('eu'), await noteOf('us')], ['two', 'one']);
    const admitted = path.log.lines
      .filter(({ event }) => event === 'write_admitted')
      .map(({ fields }) => fields['cluster']);
    assert.deepEqual(new Set(admitted), new Set(NAMES));
  });

  test('the same write of the same incident at both: what people approve at one is done there alone', async () => {
    const line = 'set image deployment web web=web:2 -n production';
    const running = { eu: kubectl('eu', line, 'INC-2'), us: kubectl('us', line, 'INC-2') };
    const waiting = await waitingIn('INC-2', 2);
    await vote(waiting.get('eu'), 'approve');
    ok(await running.eu);
    const imageOf = async (name: Name): Promise<string> =>
      (await webOf(name, 'production')).spec.template.spec.containers[0].image;
    assert.deepEqual([await imageOf('eu'), await imageOf('us')], ['web:2', 'web:1']);
    await vote(waiting.get('us'), 'reject');
    const refused = await running.us;
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /blastgate: /);
    assert.equal(await imageOf('us'), 'web:1');
  });

  test('while an approved write is under way at one, the other lets the same pass for nobody', async () => {
    release = Promise.withResolvers<void>();
    const ran = kubectl('eu', 'create configmap held --from-literal=a=1 -n dev', 'INC-3');
    const waiting = await waitingIn('INC-3', 1);
    await vote(waiting.get('eu'), 'approve');
    await until('it is under way at eu', async () => {
      const { body } = await path.ask('ana', 'GET', '/v1/proposals?incident=INC-3');
      return body.proposals[0]?.state === 'executing';
    });
    const stolen = await asThief('us', MAPS, configMap('held'));
    assert.equal(stolen.status, 403, JSON.stringify(stolen.body));
    assert.match(JSON.stringify(stolen.body), /no approved write that is under way asks for this/);
    release.resolve();
    ok(await ran);
    assert.equal((await planeOf('us').request('admin', 'GET', `${MAPS}/held`)).status, 404);
  });

  test('an API server that asks about another cluster is refused, whatever its certificate', async () => {
    const { kubeconfig } = await clientOf('us');
    const { user } = kubeconfig.users[0];
    const pem = (name: string): string => Buffer.from(user[name], 'base64').toString();
    const tls = {
      ca: (await openAuthority(folder)).caPem,
      cert: pem('client-certificate-data'),
      key: pem('client-key-data'),
    };
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u-1',
        resource: { group: '', version: 'v1', resource: 'configmaps' },
        operation: 'CREATE',
        name: 'x',
        userInfo: { username: 'gate' },
        object: configMap('x'),
      },
    };
    const asked = (at: string): Promise<Any> =>
      new Promise((done, fail) => {
        const sent = requestHttps(
          `https://${env['BLASTGATE_ADMISSION_LISTEN']}${at}`,
          { ...tls, method: 'POST', agent: false },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            answer.on('end', () => done(JSON.parse(text)));
          },
        );
        sent.on('error', fail);
        sent.end(JSON.stringify(review));
      });
    for (const [at, says] of [
      ['/admission/us', /no approved write/],
      ['/admission/eu', /of another cluster/],
      ['/admission', /names none/],
      ['/admission/asia', /no cluster of that name/],
    ] as const) {
      const { response } = await asked(at);
      assert.equal(response.allowed, false);
      assert.match(response.status.message, says, at);
    }
  });

  test('doctor looks at the proxy of each, and metrics tell them apart', async () => {
    const { out } = await cli('doctor');
    for (const name of NAMES)
      assert.match(out, new RegExp(`ok +proxy +${name}: its account asks ${planeOf(name).url} `));
    const text = await until('both guards are known', async () => {
      const said = await (await fetch(`${path.url()}/metrics`)).text();
      return NAMES.every((name) => said.includes(`blastgate_guard{guard="executor",cluster="${name}"} 1`))
        ? said
        : null;
    });
    assert.match(text, /blastgate_proxy_requests_total\{kind="read",status="2xx",cluster="eu"\} [1-9]/);
    assert.match(text, /blastgate_proxy_requests_total\{kind="refused",status="4xx"\} [1-9]/);
  });

  test('while one is frozen the other is read, written and guarded as before; it answers again when it is back', async (t) => {
    const signal = (what: NodeJS.Signals): void => {
      for (const pid of planeOf('us').pids) process.kill(pid, what);
    };
    const timed = async (): Promise<number> => {
      const began = performance.now();
      ok(await kubectl('eu', 'get deployment web -n dev'));
      return performance.now() - began;
    };
    const before = await timed();
    signal('SIGSTOP');
    try {
      const hung = Array.from({ length: 12 }, () =>
        kubectl('us', 'get --raw /api/v1/namespaces/dev/pods --request-timeout=8s').catch(() => null),
      );
      void Promise.allSettled(hung);
      await until('requests hang at us', async () => {
        const text = await (await fetch(`${path.url()}/metrics`)).text();
        return Number(/blastgate_proxy_open\{what="stream",cluster="us"\} (\d+)/.exec(text)?.[1]) >= 10;
      });
      const during = await timed();
      ok(await kubectl('eu', 'annotate deployment web -n dev note=three --overwrite', 'INC-4'));
      assert.equal(await noteOf('eu'), 'three');
      assert.equal((await asThief('eu', MAPS, configMap('stolen'))).status, 403);
      t.diagnostic(
        `a read at eu: ${Math.round(before)} ms before, ${Math.round(during)} ms while 10 or more hang at us`,
      );
      await Promise.allSettled(hung);
    } finally {
      signal('SIGCONT');
    }
    await until('us answers again', async () => (await kubectl('us', 'get deployment web -n dev')).code === 0);
  });
});
