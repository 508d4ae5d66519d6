// The gate as a pod of a real control plane: its service account, whose token is replaced under it; what that account can
// never do, whatever the code does; and the example that deploys it.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { type ClusterClient, getJson, openCluster } from '../../src/adapters/cluster/client.ts';
import { clusterRights } from '../../src/adapters/cluster/rights.ts';
import { rightsFindings } from '../../src/doors/cli/commands/doctor-rights.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { ROLES_ON_DEMAND } from '../../src/ports/cluster-rights.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { callApi } from '../servers/kubernetes-api.ts';
import type { Manifest } from '../servers/manifest.ts';
import { Neighbourhood, permitFor, portsOf, signal, until } from '../support/cluster-under-test.ts';
import { GATE, grantsOf, nameOf, RBAC, ROLES } from './published.ts';

const ACCOUNT = 'system:serviceaccount:blastgate:blastgate';
const RBAC_API = '/apis/rbac.authorization.k8s.io/v1';
const COLLECTIONS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/blastgate/serviceaccounts',
  ConfigMap: '/api/v1/namespaces/blastgate/configmaps',
  Secret: '/api/v1/namespaces/blastgate/secrets',
  PersistentVolumeClaim: '/api/v1/namespaces/blastgate/persistentvolumeclaims',
  Deployment: '/apis/apps/v1/namespaces/blastgate/deployments',
  Service: '/api/v1/namespaces/blastgate/services',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/blastgate/networkpolicies',
};

describe('the gate as a pod', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let token: string;
  let client: ClusterClient;
  let podRoot: string;
  let mounted: string;
  const environment = { ...process.env };
  const open = (): Promise<ClusterClient> => openCluster({ kubeconfig: null, serviceHost: '127.0.0.1', podRoot });
  const create = (collection: string, object: object) => plane.request('admin', 'POST', collection, object);

  before(async () => {
    plane = await startControlPlane();
    for (const object of RBAC.filter(({ kind }) => kind === 'Namespace' || kind === 'ServiceAccount'))
      assert.equal((await create(COLLECTIONS[object.kind] ?? '', object)).status, 201);
    shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'shop');
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const issued = await shop.ask('POST', `${COLLECTIONS['ServiceAccount']}/blastgate/token`, asked);
    token = issued.status.token;
    podRoot = join(plane.folder, 'pod');
    mounted = join(podRoot, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(mounted, { recursive: true });
    copyFileSync(plane.caPath, join(mounted, 'ca.crt'));
    writeFileSync(join(mounted, 'namespace'), 'blastgate');
    writeFileSync(join(mounted, 'token'), token);
    const { hostname, port } = new URL(plane.url);
    Object.assign(process.env, { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port });
    client = await open();
    await shop.open();
    await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 1 });
  });
  after(() => {
    process.env = environment;
    return plane?.stop();
  });

  describe('with the service account that Kubernetes mounts', () => {
    test('it is that account, in its own namespace, and trusts what the cluster says of itself', async () => {
      const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const body = { type: 'application/json', value: asked } as const;
      // as: a SelfSubjectReview of authentication.k8s.io/v1.
      const answer = (await client.send({ method: 'POST', path, query: {}, body }, signal())) as {
        readonly status?: { readonly userInfo: { readonly username: string } };
      };
      assert.equal(answer.status?.userInfo.username, ACCOUNT);
      assert.deepEqual([client.server, client.namespace, client.warnings], [plane.url, 'blastgate', []]);
    });

    test('its bindings are enough, and what it writes is written in its name', async () => {
      const said = await rightsFindings(clusterRights(client), signal());
      assert.deepEqual(
        said.map(({ state }) => state),
        ['ok'],
      );
      const { reader, writer } = portsOf(client);
      const spec = await shop.seal(reader, 'kubectl scale deployment web --replicas=2');
      const result = await writer.write(permitFor(spec, 'forward'), { at: '2026-11-22T19:25:14.000Z' }, signal());
      assert.equal(result.outcome, 'written', JSON.stringify(result));
      const [write] = await until('the audit log', async () => {
        const writes = writesOf(plane.auditLogPath, ACCOUNT).filter(({ verb }) => verb === 'patch');
        return writes.length > 0 ? writes : null;
      });
      assert.deepEqual([write?.objectRef?.name, write?.objectRef?.subresource], ['web', 'scale']);
    });

    const heard = async (one: ClusterClient): Promise<unknown> =>
      one.send(getJson('/api/v1/namespaces/kube-system'), signal()).then(
        () => 'an answer',
        (error: unknown) => (error instanceof AdapterError ? (error.status ?? error.kind) : error),
      );

    test('a token that is replaced is taken up by the very next request, the old one having been refused', async () => {
      writeFileSync(join(mounted, 'token'), 'an-old-token');
      const one = await open();
      assert.equal(await heard(one), 401);
      writeFileSync(join(mounted, 'token'), token);
      assert.equal(await heard(one), 'an answer');
    });

    test('an API server that the mounted CA did not sign is not believed; it is, once the CA is replaced', async () => {
      writeFileSync(join(mounted, 'ca.crt'), rootCertificates[0] ?? '');
      const one = await open();
      assert.equal(await heard(one), 'no-answer');
      copyFileSync(plane.caPath, join(mounted, 'ca.crt'));
      assert.equal(await heard(one), 'an answer');
    });
  });

  describe('whose operator leaves an action out', () => {
    const binding = RBAC.find(
      ({ kind, metadata }) => kind === 'ClusterRoleBinding' && metadata.name.endsWith('-scale'),
    );
    const path = `${RBAC_API}/clusterrolebindings/blastgate-scale`;
    const said = () => rightsFindings(clusterRights(client), signal());
    before(async () => {
      assert.equal((await plane.request('admin', 'DELETE', path)).status, 200);
      await until('the binding gone', async () => (await said())[0]?.state === 'off');
    });
    after(async () => {
      assert.ok(binding);
      await create(`${RBAC_API}/clusterrolebindings`, binding);
      await until('the binding back', async () => (await said())[0]?.state === 'ok');
    });

    test('doctor names it, every verb of it, and calls nothing else wrong', async () => {
      const [one, ...more] = await said();
      assert.deepEqual(more, []);
      assert.match(one?.message ?? '', /^may not get, patch deployments\.apps\/scale; .*: scale will be refused/);
      assert.match(one?.remedy ?? '', /if this gate is to do it, bind the ClusterRole blastgate-scale/);
    });

    test('bound in one namespace it is done there and nowhere else, and doctor says where', async () => {
      const other = new Neighbourhood(shop.call, 'other');
      await other.open();
      await other.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 1 });
      const roleBinding = { ...binding, kind: 'RoleBinding', metadata: { name: 'blastgate-scale', namespace: 'shop' } };
      await shop.ask('POST', `${RBAC_API}/namespaces/shop/rolebindings`, roleBinding);
      const [one] = await until('the binding', async () => {
        const found = await said();
        return found[0]?.message.includes('only in') ? found : null;
      });
      assert.deepEqual([one?.state, one?.message], ['off', 'scale: only in shop']);
      const { reader, writer } = portsOf(client);
      const scale = async (place: Neighbourhood) => {
        const spec = await place.seal(reader, 'kubectl scale deployment web --replicas=3');
        return writer.write(permitFor(spec, 'forward'), { at: '2026-11-22T19:26:14.000Z' }, signal());
      };
      assert.equal((await scale(shop)).outcome, 'written');
      const refused = await scale(other);
      assert.equal(refused.outcome, 'refused');
      assert.match(refused.outcome === 'refused' ? refused.why : '', /cannot patch resource "deployments\/scale"/);
    });
  });

  describe('can never', () => {
    const volume = {
      kind: 'PersistentVolume',
      metadata: { name: 'precious' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/nowhere' } },
    };
    const claim = {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'precious' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const webhooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const asGate = async (method: string, path: string, body?: object, type?: string): Promise<number> =>
      (await callApi({ url: plane.url, caPath: plane.caPath, token }, method, path, body, type)).status;
    before(async () => {
      await shop.ask('POST', '/api/v1/persistentvolumes', volume);
      await shop.ask('POST', '/api/v1/namespaces/shop/persistentvolumeclaims', claim);
    });

    /** What stays, whatever is asked. */
    const PRECIOUS = [
      ['namespaces', 'shop'],
      ['persistentvolumes', 'precious'],
      ['namespaces/shop/persistentvolumeclaims', 'precious'],
      [`${RBAC_API}/clusterroles`, 'blastgate-reader'],
      [`${RBAC_API}/clusterroles`, 'cluster-admin'],
      [`${RBAC_API}/clusterrolebindings`, 'blastgate-rollout'],
      ['nodes', 'node-1'],
    ] as const;
    const JSON_MERGE = 'application/merge-patch+json';
    for (const [collection, name] of PRECIOUS) {
      const at = collection.startsWith('/') ? collection : `/api/v1/${collection}`;
      test(`delete ${collection} ${name}: by name, with all others, by taking it over`, async () => {
        assert.equal(await asGate('DELETE', `${at}/${name}`), 403);
        // Kubernetes has no such request for namespaces: it is refused before anybody is asked.
        const all = await asGate('DELETE', at);
        assert.ok(all === 403 || (all === 405 && collection === 'namespaces'), `${all}`);
        const { metadata, ...rest } = await shop.ask('GET', `${at}/${name}`);
        assert.equal(await asGate('PUT', `${at}/${name}`, { ...rest, metadata }), 403);
        // Labels and taints of a node are its own fields: RBAC has no smaller right than to patch it.
        if (!at.endsWith('/nodes'))
          assert.equal(await asGate('PATCH', `${at}/${name}`, { metadata: { finalizers: null } }, JSON_MERGE), 403);
        assert.equal(metadata.deletionTimestamp, undefined);
      });
    }

    const pod = '/api/v1/namespaces/shop/pods';
    const ATTEMPTS: readonly (readonly [what: string, method: string, path: string, body: object])[] = [
      [
        'finalize a namespace',
        'PUT',
        '/api/v1/namespaces/shop/finalize',
        { kind: 'Namespace', metadata: { name: 'shop' } },
      ],
      ['read secrets', 'GET', '/api/v1/namespaces/blastgate/secrets', {}],
      ['list config maps', 'GET', '/api/v1/namespaces/kube-system/configmaps', {}],
      ['read logs', 'GET', `${pod}/x/log`, {}],
      ['delete all pods at once', 'DELETE', pod, {}],
      [
        'bind itself to cluster-admin',
        'POST',
        `${RBAC_API}/clusterrolebindings`,
        { kind: 'ClusterRoleBinding', metadata: { name: 'x' } },
      ],
      [
        'ask for a token',
        'POST',
        '/api/v1/namespaces/kube-system/serviceaccounts/default/token',
        { kind: 'TokenRequest' },
      ],
      ['reach a node', 'GET', '/api/v1/nodes/node-1/proxy/pods', {}],
      ['delete webhooks', 'DELETE', webhooks, {}],
      ['delete kinds', 'DELETE', crds, {}],
    ];
    for (const [what, method, path, body] of ATTEMPTS)
      test(what, async () => {
        assert.equal(await asGate(method, path, method === 'GET' ? undefined : body), 403);
      });

    test('do anything else: the API server lists what is published and what everybody may', async () => {
      const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
      const asked = {
        kind: 'SelfSubjectRulesReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec: { namespace: 'shop' },
      };
      const { body } = await callApi({ url: plane.url, caPath: plane.caPath, token }, 'POST', path, asked);
      // as: a SelfSubjectRulesReview, whose rules read as those of a role.
      const { status } = body as { readonly status: { readonly resourceRules: Manifest['rules'] } };
      const role = { apiVersion: '', kind: '', metadata: { name: '' }, rules: status.resourceRules ?? [] };
      const held = grantsOf(role).map(({ verb, ...of }) => `${verb} ${nameOf(of)}`);
      const bound = ROLES.filter(({ metadata }) => ![...ROLES_ON_DEMAND].some((one) => one === metadata.name));
      const published = bound.flatMap(grantsOf).map(({ verb, ...of }) => `${verb} ${nameOf(of)}`);
      assert.deepEqual(
        [...new Set(held)].toSorted(),
        [
          ...new Set([
            'create selfsubjectaccessreviews.authorization.k8s.io',
            'create selfsubjectreviews.authentication.k8s.io',
            'create selfsubjectrulesreviews.authorization.k8s.io',
            ...published,
          ]),
        ].toSorted(),
      );
    });
  });

  describe('as deploy/gate.yaml runs it', () => {
    for (const object of GATE)
      test(`${object.kind} ${object.metadata.name} is accepted`, async () => {
        const strict = 'dryRun=All&fieldValidation=Strict';
        const { status, body } = await create(`${COLLECTIONS[object.kind]}?${strict}`, object);
        assert.equal(status, 201, JSON.stringify(body));
      });

    const pods = '/api/v1/namespaces/blastgate/pods?dryRun=All';
    const podOf = (spec: object): object => ({ kind: 'Pod', metadata: { name: 'gate' }, spec });
    const deployment = GATE.find(({ kind }) => kind === 'Deployment');

    test('its pod is let in where only restricted pods are', async () => {
      const spec = deployment?.spec.template.spec;
      const { status, body } = await create(pods, podOf(spec));
      assert.equal(status, 201, JSON.stringify(body));
      const { containers, ...rest } = spec;
      const loose = containers.map((one: object) => ({ ...one, securityContext: {} }));
      assert.equal((await create(pods, podOf({ ...rest, containers: loose }))).status, 403);
    });
  });
});
