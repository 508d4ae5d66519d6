// `blastgate doctor --agent` on a control plane of its own: what agents with one right each can do past the gate, with and without
// the guard, and what could not be looked at.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { countPowers } from '../../src/adapters/cluster/agent/grantors.ts';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import type { AgentProof } from '../../src/core/model/agent-proof.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { Neighbourhood, until } from '../support/cluster-under-test.ts';
import { ranCli } from '../support/run-cli.ts';
import { install, uninstall } from './install.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
let plane: ControlPlane;
let shop: Neighbourhood;

before(async () => {
  plane = await startControlPlane();
  shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'shop');
  await shop.open();
  await new Neighbourhood(shop.call, 'agents').open();
});
after(() => plane?.stop());

/** What the command prints and how it ends, asked by an admin for roles and namespaces unless `alone`. */
const doctor = async (
  kubeconfig: string,
  how: 'with an observer' | 'alone' = 'with an observer',
  ...words: readonly string[]
) => {
  const env = how === 'alone' ? {} : { KUBECONFIG: plane.kubeconfigPath('admin') };
  return ranCli(['doctor', '--agent', kubeconfig, ...words], { env });
};
const proofOf = async (kubeconfig: string, how?: 'with an observer' | 'alone') => {
  const { code, out, err } = await doctor(kubeconfig, how, '-o', 'json');
  assert.equal(err, '');
  // as: what the command prints.
  return { code, proof: JSON.parse(out) as AgentProof };
};

let made = 0;
/** A service account of `agents` with these rules: everywhere, or in one namespace; a kubeconfig with a token of it. */
const agentWith = async (
  rules: readonly object[],
  namespace: string | null = null,
): Promise<{ name: string; kubeconfig: string }> => {
  made += 1;
  const name = `agent-${made}`;
  const account = '/api/v1/namespaces/agents/serviceaccounts';
  await shop.ask('POST', account, { kind: 'ServiceAccount', metadata: { name } });
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { token } = (await shop.ask('POST', `${account}/${name}/token`, asked)).status;
  const place = namespace === null ? RBAC : `${RBAC}/namespaces/${namespace}`;
  const [role, binding] = namespace === null ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding'];
  if (rules.length > 0) {
    await shop.ask('POST', `${place}/${role?.toLowerCase()}s`, { kind: role, metadata: { name }, rules });
    await shop.ask('POST', `${place}/${binding?.toLowerCase()}s`, {
      kind: binding,
      metadata: { name: `${name}-binding` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'agents' }],
    });
    await until('the binding', async () => {
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
      const [rule] = rules as readonly {
        verbs: string[];
        apiGroups: string[];
        resources: string[];
        resourceNames?: string[];
      }[];
      const [resource, subresource = ''] = (rule?.resources[0] ?? '').split('/');
      const resourceAttributes = {
        verb: rule?.verbs[0],
        group: rule?.apiGroups[0],
        resource,
        subresource,
        namespace: namespace ?? 'shop',
        name: rule?.resourceNames?.[0],
      };
      const spec = {
        user: `system:serviceaccount:agents:${name}`,
        groups: ['system:authenticated'],
        resourceAttributes,
      };
      return (await shop.ask('POST', path, { spec })).status.allowed;
    });
  }
  const kubeconfig = join(plane.folder, `${name}.kubeconfig`);
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'agent',
      clusters: [{ name: 'real', cluster: { server: plane.url, 'certificate-authority': plane.caPath } }],
      users: [{ name: 'agent', user: { token } }],
      contexts: [{ name: 'agent', context: { cluster: 'real', user: 'agent', namespace: 'shop' } }],
    }),
  );
  return { name, kubeconfig };
};
const rule = (
  verbs: readonly string[],
  group: string,
  resources: readonly string[],
  resourceNames: readonly string[] = [],
) => ({
  verbs,
  apiGroups: [group],
  resources,
  ...(resourceNames.length === 0 ? {} : { resourceNames }),
});
const READ = rule(['get', 'list', 'watch'], '', ['pods', 'namespaces', 'configmaps', 'pods/log']);

describe('without a guard', () => {
  test('who reads and asks what it may is proven, and nothing of it was written', async () => {
    const { kubeconfig, name } = await agentWith([READ, rule(['get', 'list', 'watch'], 'apps', ['*'])]);
    const { code, proof } = await proofOf(kubeconfig);
    assert.deepEqual([proof.verdict, proof.powers, proof.gaps, code], ['proven', [], [], 0]);
    assert.equal(proof.user, `system:serviceaccount:agents:${name}`);
    assert.ok(proof.groups.includes('system:authenticated'));
    const { out } = await doctor(kubeconfig);
    assert.match(out, /^proven: .*\nsystem:serviceaccount:agents:agent-\d+ @ https:/);
  });

  /** One right each, where it is held, and the disguise that it is named by. */
  const ONE: readonly (readonly [verb: string, group: string, resource: string, disguise: string | null])[] = [
    ['patch', 'apps', 'deployments/scale', null],
    ['deletecollection', '', 'configmaps', null],
    ['create', '', 'pods', 'runs-programs'],
    ['get', '', 'pods/exec', 'runs-programs'],
    ['create', '', 'pods/attach', 'runs-programs'],
    ['create', '', 'pods/portforward', 'runs-programs'],
    ['patch', '', 'pods/ephemeralcontainers', 'runs-programs'],
    ['get', '', 'nodes/proxy', 'reaches-kubelets'],
    ['create', '', 'serviceaccounts/token', 'mints-tokens'],
    ['impersonate', '', 'users', 'becomes-another'],
    ['impersonate-on:user-info:patch', 'apps', 'deployments', 'becomes-another'],
    ['bind', 'rbac.authorization.k8s.io', 'clusterroles', 'grants-more'],
    ['escalate', 'rbac.authorization.k8s.io', 'clusterroles', 'grants-more'],
    ['update', 'certificates.k8s.io', 'certificatesigningrequests/approval', 'signs-identities'],
    ['delete', 'admissionregistration.k8s.io', 'validatingadmissionpolicybindings', 'unlocks-admission'],
    ['create', 'example.com', 'not-served-yet', null],
  ];
  for (const [verb, group, resource, disguise] of ONE)
    test(`${verb} ${resource} is found, with the role and binding that give it`, async () => {
      const { kubeconfig, name } = await agentWith([rule([verb], group, [resource])]);
      const { code, proof } = await proofOf(kubeconfig);
      assert.deepEqual([proof.verdict, code], ['disproven', 4]);
      const [plural, subresource] = resource.split('/');
      const own = `${plural}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
      assert.deepEqual(proof.powers, [
        {
          verb,
          resource: own,
          namespace: null,
          names: [],
          disguise,
          role: `ClusterRole ${name}`,
          binding: `ClusterRoleBinding ${name}-binding`,
          guarded: false,
        },
      ]);
    });

  test('a right in one namespace, on one object, is found there', async () => {
    const { kubeconfig, name } = await agentWith([rule(['update'], '', ['configmaps'], ['settings'])], 'shop');
    const { code, proof } = await proofOf(kubeconfig);
    assert.equal(code, 4);
    assert.deepEqual(
      proof.powers.map(({ verb, namespace, names, role, binding }) => [verb, namespace, names, role, binding]),
      [['update', 'shop', ['settings'], `Role ${name} -n shop`, `RoleBinding ${name}-binding -n shop`]],
    );
    const { out } = await doctor(kubeconfig);
    assert.match(out, /^disproven: .*[\s\S]*update +configmaps \(only settings\) +in shop +by Role agent-\d+ -n shop/);
  });

  test('who reads Secrets becomes another only where a token lies in one', async () => {
    const { kubeconfig } = await agentWith([rule(['get'], '', ['secrets'])], 'shop');
    assert.equal((await proofOf(kubeconfig)).proof.verdict, 'proven');
    const annotations = { 'kubernetes.io/service-account.name': 'default' };
    const secret = {
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 'lasting', annotations },
    };
    await shop.ask('POST', '/api/v1/namespaces/shop/secrets', secret);
    const { proof } = await proofOf(kubeconfig);
    assert.deepEqual([proof.verdict, proof.powers[0]?.disguise], ['disproven', 'reads-credentials']);
  });

  test('a gate that may read roles counts what they give, by who people.yaml says that an agent is', async () => {
    const client = (user: 'admin' | 'gate') =>
      openCluster({ kubeconfig: plane.kubeconfigPath(user), serviceHost: null });
    const signal = AbortSignal.timeout(30_000);
    const [{ name: two }, { name: none }] = [
      await agentWith([rule(['patch', 'get'], 'apps', ['deployments']), rule(['impersonate'], '', ['users'])], 'shop'),
      await agentWith([READ]),
    ];
    const subjects = [[`ServiceAccount:agents/${two}`], [`ServiceAccount:agents/${none}`], ['User:nobody']];
    assert.deepEqual(await countPowers(await client('admin'), subjects, signal), [
      { guardable: 1, beyondGuard: 1 },
      { guardable: 0, beyondGuard: 0 },
      { guardable: 0, beyondGuard: 0 },
    ]);
    await assert.rejects(countPowers(await client('gate'), subjects, signal), /forbidden/);
  });

  test('what could not be looked at is no proof, and says why', async () => {
    const { kubeconfig } = await agentWith([]);
    const { code, proof } = await proofOf(kubeconfig, 'alone');
    assert.deepEqual(
      [proof.verdict, proof.gaps.map((gap) => gap.code), code],
      ['not-proven', ['namespaces-unreadable'], 3],
    );
    const { out } = await doctor(kubeconfig, 'alone');
    assert.match(out, /^not proven: [\s\S]*the namespaces could not be listed: .*cannot list resource "namespaces"/);
    const nowhere = join(plane.folder, 'nowhere.kubeconfig');
    writeFileSync(
      nowhere,
      JSON.stringify({
        ...JSON.parse('{"apiVersion":"v1","kind":"Config","current-context":"a"}'),
        clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [],
        contexts: [{ name: 'a', context: { cluster: 'a', user: '' } }],
      }),
    );
    const unreachable = await proofOf(nowhere);
    assert.deepEqual([unreachable.code, unreachable.proof.verdict], [3, 'not-proven']);
  });

  test('a kubeconfig that is not there is an error and no verdict', async () => {
    const { code, err } = await doctor(join(plane.folder, 'missing'));
    assert.equal(code, 1);
    assert.match(err, /missing/);
  });
});

describe('behind the guard', () => {
  before(async () => {
    await install(plane);
    await until('the guard holds', async () => {
      const body = { kind: 'ConfigMap', metadata: { name: 'try' } };
      await shop.call('POST', `${RBAC}/clusterrolebindings`, {
        kind: 'ClusterRoleBinding',
        metadata: { name: 'healer' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'agents-work' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'blastgate:agents' }],
      });
      await shop.call('POST', `${RBAC}/clusterroles`, {
        kind: 'ClusterRole',
        metadata: { name: 'agents-work' },
        rules: WORK,
      });
      const { status, body: said } = await plane.request(
        'healer',
        'POST',
        '/api/v1/namespaces/shop/configmaps?dryRun=All',
        body,
      );
      return status === 403 && JSON.stringify(said).includes('blastgate-guard');
    });
  });
  after(() => uninstall(plane));

  const WORK = [
    READ,
    rule(['create', 'update', 'patch', 'delete'], '', [
      'configmaps',
      'pods',
      'services',
      'pods/eviction',
      'serviceaccounts/token',
    ]),
    rule(['create', 'patch', 'delete'], 'apps', ['deployments', 'statefulsets', 'deployments/scale']),
    rule(['create'], 'batch', ['jobs', 'cronjobs']),
    rule(['get', 'create'], '', ['pods/exec', 'nodes/proxy']),
  ];

  test('rights that it refuses in a trial of each kind are none: proven, and nothing was written', async () => {
    const { code, proof } = await proofOf(plane.kubeconfigPath('healer'));
    assert.deepEqual([proof.verdict, proof.gaps, proof.guard, code], ['proven', [], 'blastgate-guard', 0]);
    assert.ok(proof.powers.length >= 15);
    assert.ok(proof.powers.every(({ guarded }) => guarded));
    assert.ok(proof.groups.includes('blastgate:agents'));
    assert.deepEqual(
      writesOf(plane.auditLogPath, 'healer').filter(
        ({ verb, requestURI, objectRef, responseStatus }) =>
          !requestURI?.includes('dryRun=All') &&
          !objectRef?.resource?.startsWith('selfsubject') &&
          (responseStatus?.code ?? 0) < 300 &&
          verb !== 'get',
      ),
      [],
    );
  });

  test('an agent that the guard does not name is found out by the trial', async () => {
    const { kubeconfig } = await agentWith(WORK);
    const { code, proof } = await proofOf(kubeconfig);
    assert.deepEqual([proof.verdict, proof.guard, code], ['disproven', null, 4]);
  });

  test('what no guard holds disproves all the same', async () => {
    await shop.ask('POST', `${RBAC}/clusterroles`, {
      kind: 'ClusterRole',
      metadata: { name: 'healer-more' },
      rules: [rule(['impersonate'], '', ['groups'])],
    });
    await shop.ask('POST', `${RBAC}/clusterrolebindings`, {
      kind: 'ClusterRoleBinding',
      metadata: { name: 'healer-more' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'healer-more' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'blastgate:agents' }],
    });
    const { code, proof } = await until('the binding', async () => {
      const found = await proofOf(plane.kubeconfigPath('healer'));
      return found.proof.verdict === 'disproven' ? found : null;
    });
    assert.equal(code, 4);
    assert.deepEqual(
      proof.powers
        .filter(({ guarded }) => !guarded)
        .map(({ verb, resource, disguise, role }) => [verb, resource, disguise, role]),
      [['impersonate', 'groups', 'becomes-another', 'ClusterRole healer-more']],
    );
    await shop.ask('DELETE', `${RBAC}/clusterrolebindings/healer-more`);
  });

  test('a guard that only watches holds nothing', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/blastgate-guard';
    const merge = 'application/merge-patch+json';
    await shop.ask('PATCH', path, { spec: { validationActions: ['Audit'] } }, merge);
    await until('the guard watches', async () => (await proofOf(plane.kubeconfigPath('healer'))).code === 4);
    await shop.ask('PATCH', path, { spec: { validationActions: ['Deny'] } }, merge);
  });
});
