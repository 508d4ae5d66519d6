// deploy/guard.yaml on a control plane of its own, where no gate runs at all: agents with every right of RBAC write nothing,
// and nobody else notices that it is there, comes or goes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type ApiAnswer, callApi } from '../servers/kubernetes-api.ts';
import { Neighbourhood, until } from '../support/cluster-under-test.ts';
import { install, uninstall } from './install.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const TIMES = 20;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const SHOP = '/api/v1/namespaces/shop';
const APPS = '/apis/apps/v1/namespaces/shop';

let plane: ControlPlane;
let shop: Neighbourhood;
let accountToken: string;
const asAdmin = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer> =>
  plane.request('admin', method, path, body, type);
const asAgent = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer> =>
  plane.request('healer', method, path, body, type);
const asAccount = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer> =>
  callApi({ url: plane.url, caPath: plane.caPath, token: accountToken }, method, path, body, type);

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: {} });
const MERGE = 'application/merge-patch+json';

/** Both agents are refused, or both may write: the API server has heard of the guard, or of its end. */
const guarded = (wanted: boolean): Promise<unknown> =>
  until(wanted ? 'the guard holds' : 'the guard is gone', async () => {
    const path = `${SHOP}/configmaps?dryRun=All`;
    const both = [await asAgent('POST', path, configMap('try')), await asAccount('POST', path, configMap('try'))];
    return both.every(({ status }) => status === (wanted ? 403 : 201));
  });

before(async () => {
  plane = await startControlPlane();
  shop = new Neighbourhood(asAdmin, 'shop');
  await shop.open();
  await new Neighbourhood(asAdmin, 'agents').open();
  const account = '/api/v1/namespaces/agents/serviceaccounts';
  await shop.ask('POST', account, { kind: 'ServiceAccount', metadata: { name: 'healer' } });
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  accountToken = (await shop.ask('POST', `${account}/healer/token`, asked)).status.token;
  await shop.ask('POST', `${RBAC}/clusterrolebindings`, {
    kind: 'ClusterRoleBinding',
    metadata: { name: 'agents-may-everything' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'blastgate:agents' },
      { kind: 'ServiceAccount', name: 'healer', namespace: 'agents' },
    ],
  });
  await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2 });
  await shop.ask('POST', `${SHOP}/configmaps`, configMap('settings'));
  await until('the rights of the agents', async () => {
    const path = `${SHOP}/configmaps?dryRun=All`;
    return (await asAgent('POST', path, configMap('try'))).status === 201;
  });
});
after(() => plane?.stop());

describe('while it is installed', () => {
  let pod: string;
  before(async () => {
    await install(plane);
    await guarded(true);
    const { items } = await shop.ask('GET', `${SHOP}/pods`);
    pod = items[0].metadata.name;
  });
  after(async () => {
    await uninstall(plane);
    await guarded(false);
  });

  /** Each with every right: what is refused is refused by the guard. `POD` stands for the name of a running one. */
  const WRITES: readonly (readonly [what: string, method: string, path: string, body?: unknown, type?: string])[] = [
    ['create', 'POST', `${SHOP}/configmaps`, configMap('fresh')],
    ['create by a dry run', 'POST', `${SHOP}/configmaps?dryRun=All`, configMap('fresh')],
    ['replace', 'PUT', `${SHOP}/configmaps/settings`, configMap('settings')],
    ['patch', 'PATCH', `${SHOP}/configmaps/settings`, { data: { a: 'b' } }, MERGE],
    [
      'apply',
      'PATCH',
      `${SHOP}/configmaps/settings?fieldManager=x`,
      configMap('settings'),
      'application/apply-patch+yaml',
    ],
    ['delete', 'DELETE', `${SHOP}/configmaps/settings`],
    ['delete a collection', 'DELETE', `${SHOP}/configmaps`],
    ['scale', 'PATCH', `${APPS}/deployments/web/scale`, { spec: { replicas: 1 } }, MERGE],
    ['patch a status', 'PATCH', `${APPS}/deployments/web/status`, { status: { observedGeneration: 99 } }, MERGE],
    [
      'evict',
      'POST',
      `${SHOP}/pods/POD/eviction`,
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'POD' } },
    ],
    ['exec by GET', 'GET', `${SHOP}/pods/POD/exec?command=ls&stdout=true`],
    ['exec by POST', 'POST', `${SHOP}/pods/POD/exec?command=ls&stdout=true`],
    ['attach', 'GET', `${SHOP}/pods/POD/attach?stdout=true`],
    ['port-forward', 'GET', `${SHOP}/pods/POD/portforward?ports=80`],
    ['a proxy to a pod', 'GET', `${SHOP}/pods/POD/proxy/`],
    ['a proxy to a node', 'GET', '/api/v1/nodes/node-1/proxy/pods'],
    [
      'add a container',
      'PATCH',
      `${SHOP}/pods/POD/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: 'x', image: 'x:1' }] } },
      'application/strategic-merge-patch+json',
    ],
    [
      'mint a token',
      'POST',
      `${SHOP}/serviceaccounts/default/token`,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    ],
    ['cordon', 'PATCH', '/api/v1/nodes/node-1', { spec: { unschedulable: true } }, MERGE],
    ['create a namespace', 'POST', '/api/v1/namespaces', { kind: 'Namespace', metadata: { name: 'mine' } }],
    [
      'bind a role',
      'POST',
      `${RBAC}/clusterrolebindings`,
      {
        kind: 'ClusterRoleBinding',
        metadata: { name: 'more' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      },
    ],
    [
      'create a kind',
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      {
        kind: 'CustomResourceDefinition',
        metadata: { name: 'a.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'a', kind: 'A' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      },
    ],
    [
      'take a lease',
      'POST',
      '/apis/coordination.k8s.io/v1/namespaces/shop/leases',
      { kind: 'Lease', metadata: { name: 'mine' } },
    ],
    [
      'write an event',
      'POST',
      `${SHOP}/events`,
      { kind: 'Event', metadata: { name: 'mine' }, involvedObject: { namespace: 'shop' } },
    ],
  ];

  for (const [what, method, path, body, type] of WRITES)
    test(`agents do not ${what}, and are told where to go`, async () => {
      const text =
        body === undefined ? undefined : (JSON.parse(JSON.stringify(body).replaceAll('POD', pod)) as unknown);
      for (const as of [asAgent, asAccount]) {
        const answer = await as(method, path.replaceAll('POD', pod), text, type);
        assert.equal(answer.status, 403, JSON.stringify(answer.body));
        const { message, reason } = answer.body as Any;
        assert.match(message, /ValidatingAdmissionPolicy 'blastgate-guard'.*Blastgate: kubectl .*`blastgate propose`/);
        assert.equal(reason, 'Forbidden');
      }
    });

  test('agents read, and ask what they may', async () => {
    const review = (group: string, kind: string, spec?: object) =>
      [`/apis/${group}/v1/${kind.toLowerCase()}s`, { apiVersion: `${group}/v1`, kind, ...(spec && { spec }) }] as const;
    const asked = [
      review('authentication.k8s.io', 'SelfSubjectReview'),
      review('authorization.k8s.io', 'SelfSubjectRulesReview', { namespace: 'shop' }),
      review('authorization.k8s.io', 'SelfSubjectAccessReview', {
        resourceAttributes: { verb: 'get', resource: 'pods' },
      }),
    ];
    for (const as of [asAgent, asAccount]) {
      for (const path of [
        `${SHOP}/pods`,
        `${APPS}/deployments/web`,
        '/version',
        `${SHOP}/pods?labelSelector=app%3Dweb`,
      ])
        assert.equal((await as('GET', path)).status, 200, path);
      for (const [path, body] of asked) assert.equal((await as('POST', path, body)).status, 201, path);
    }
  });

  test('what the API server shows to no policy it cannot hold: hence no agent may have rights on it', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/blastgate-guard?dryRun=All';
    assert.equal((await asAgent('DELETE', path)).status, 200);
  });
});

test(`installed and removed ${TIMES} times, with no gate anywhere: agents are refused, nobody else notices`, async () => {
  const noticed: string[] = [];
  let ended = false;
  const writes = async (): Promise<number> => {
    let made = 0;
    for (; !ended; made += 1) {
      const answer = await asAdmin('PATCH', `${SHOP}/configmaps/settings`, { data: { at: `${made}` } }, MERGE);
      if (answer.status !== 200) noticed.push(JSON.stringify(answer.body));
      await pause(20);
    }
    return made;
  };
  const written = writes();
  const renewed = async (namespace: string): Promise<readonly string[]> => {
    const { items } = await shop.ask('GET', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`);
    return items.map((item: Any) => item.spec.renewTime);
  };
  const before = { nodes: await renewed('kube-node-lease'), servers: await renewed('kube-system') };
  for (let time = 1; time <= TIMES; time += 1) {
    await install(plane);
    await guarded(true);
    // The deployment controller, the scheduler and the kubelets do their part for it to become so.
    const replicas = 1 + (time % 3);
    await shop.ask('PATCH', `${APPS}/deployments/web/scale`, { spec: { replicas } }, MERGE);
    await until('the controllers', async () => {
      const { status } = await shop.ask('GET', `${APPS}/deployments/web`);
      return status.readyReplicas === replicas && status.replicas === replicas;
    });
    assert.equal((await asAgent('DELETE', `${SHOP}/configmaps/settings`)).status, 403);
    await uninstall(plane);
    await guarded(false);
  }
  await install(plane);
  await guarded(true);
  await until('the leases of nodes and API server', async () => {
    const now = { nodes: await renewed('kube-node-lease'), servers: await renewed('kube-system') };
    return now.nodes.every((at, i) => at !== before.nodes[i]) && now.servers.every((at, i) => at !== before.servers[i]);
  });
  ended = true;
  assert.ok((await written) > TIMES);
  assert.deepEqual(noticed, []);
  const { items } = await shop.ask('GET', '/api/v1/nodes');
  assert.ok(
    items.every((node: Any) =>
      node.status.conditions.some((one: Any) => one.type === 'Ready' && one.status === 'True'),
    ),
  );
});
