// The published roles on a real control plane: with exactly these rights everything works; with one less, what the gate says
// and `blastgate doctor` name it, and nothing else stops.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createClusterCache } from '../../src/adapters/cluster/cache/cluster-cache.ts';
import { isKindName, KIND_NAMES, type KindName } from '../../src/adapters/cluster/cache/kinds.ts';
import { type ClusterClient, openCluster } from '../../src/adapters/cluster/client.ts';
import { withDeniedWrites } from '../../src/adapters/cluster/denied.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { understand } from '../../src/core/command/understand.ts';
import { ACTION_KINDS, type Effect } from '../../src/core/model/effect.ts';
import { deniedName, missingName } from '../../src/core/model/facts.ts';
import type { WriteResult } from '../../src/core/remediation/event.ts';
import type { Finding } from '../../src/doors/cli/commands/finding.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { ROLES_ON_DEMAND } from '../../src/ports/cluster-rights.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { Neighbourhood, permitFor, portsOf, signal, until, watchedOf } from '../support/cluster-under-test.ts';
import { ranCli } from '../support/run-cli.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { type Grant, grantsOf, nameOf, ROLES, textOf, without } from './published.ts';

/** Every action on every kind that has an executor, and the right that the write of each needs. */
const ACTIONS: readonly (readonly [right: string, command: string])[] = [
  ['blastgate-delete-pod: delete pods', 'kubectl delete pod alone'],
  ['blastgate-scale: patch deployments.apps/scale', 'kubectl scale deployment web --replicas=3'],
  ['blastgate-scale: patch statefulsets.apps/scale', 'kubectl scale statefulset db --replicas=1'],
  ['blastgate-scale: patch replicasets.apps/scale', 'kubectl scale replicaset set --replicas=2'],
  ['blastgate-scale: patch replicationcontrollers/scale', 'kubectl scale replicationcontroller old --replicas=2'],
  ...(['deployment web', 'statefulset db', 'daemonset log'] as const).flatMap((one) =>
    [`rollout restart ${one}`, `rollout undo ${one}`, `set image ${one} web=web:9`].map(
      (words) => [`blastgate-rollout: patch ${one.split(' ')[0]}s.apps`, `kubectl ${words}`] as const,
    ),
  ),
];

const RBAC = 'rbac.authorization.k8s.io';
const RECONCILE = 'blastgate-reconcile';

/** What is carried out by its difference, and the rights that the write of each needs: one command for each right. */
const BY_DIFFERENCE: readonly (readonly [right: string, command: string])[] = [
  ['blastgate-rollout: patch deployments.apps', 'kubectl set env deployment web A=b'],
  ['blastgate-change: patch services', 'kubectl label service front a=b'],
  ['blastgate-change: patch pods', 'kubectl label pod alone a=b'],
  ['blastgate-change: patch horizontalpodautoscalers.autoscaling', 'kubectl annotate hpa web a=b'],
  ['blastgate-change: patch poddisruptionbudgets.policy', 'kubectl annotate pdb web a=b'],
  ['blastgate-change: patch jobs.batch', 'kubectl annotate job once a=b'],
  ['blastgate-change: patch cronjobs.batch', 'kubectl annotate cronjob nightly a=b'],
  ['blastgate-change: patch ingresses.networking.k8s.io', 'kubectl annotate ingress front a=b'],
  ['blastgate-change: patch networkpolicies.networking.k8s.io', 'kubectl annotate networkpolicy open a=b'],
  ['blastgate-configmaps: create configmaps', 'kubectl create configmap fresh --from-literal=a=b'],
  ['blastgate-configmaps: patch configmaps', 'kubectl annotate configmap settings a=b'],
  ['blastgate-configmaps: delete configmaps', 'kubectl delete configmap settings'],
  ['blastgate-nodes: patch nodes', 'kubectl cordon node-1'],
  [
    'blastgate-drain: create pods/eviction + blastgate-nodes: patch nodes',
    'kubectl drain node-1 --ignore-daemonsets --force',
  ],
  ['blastgate-create: create services', 'kubectl create service clusterip fresh --tcp=80'],
  ['blastgate-create: create pods', 'kubectl run fresh --image=x:1'],
  ['blastgate-create: create deployments.apps', 'kubectl create deployment fresh --image=x:1'],
  ['blastgate-create: create statefulsets.apps', 'kubectl create -f statefulset.json'],
  ['blastgate-create: create daemonsets.apps', 'kubectl create -f daemonset.json'],
  ['blastgate-create: create horizontalpodautoscalers.autoscaling', 'kubectl autoscale statefulset db --max=3'],
  ['blastgate-create: create poddisruptionbudgets.policy', 'kubectl create pdb fresh --selector=a=b --min-available=1'],
  ['blastgate-create: create jobs.batch', 'kubectl create job fresh --image=x:1'],
  ['blastgate-create: create cronjobs.batch', "kubectl create cronjob fresh --image=x:1 --schedule='0 0 1 1 *'"],
  ['blastgate-create: create ingresses.networking.k8s.io', "kubectl create ingress fresh --rule='a.example/=front:80'"],
  ['blastgate-create: create networkpolicies.networking.k8s.io', 'kubectl create -f networkpolicy.json'],
  ['blastgate-delete: delete services', 'kubectl delete service front'],
  ['blastgate-delete: delete deployments.apps', 'kubectl delete deployment web'],
  ['blastgate-delete: delete statefulsets.apps', 'kubectl delete statefulset db'],
  ['blastgate-delete: delete daemonsets.apps', 'kubectl delete daemonset log'],
  ['blastgate-delete: delete horizontalpodautoscalers.autoscaling', 'kubectl delete hpa web'],
  ['blastgate-delete: delete poddisruptionbudgets.policy', 'kubectl delete pdb web'],
  ['blastgate-delete: delete jobs.batch', 'kubectl delete job once'],
  ['blastgate-delete: delete cronjobs.batch', 'kubectl delete cronjob nightly'],
  ['blastgate-delete: delete ingresses.networking.k8s.io', 'kubectl delete ingress front'],
  ['blastgate-delete: delete networkpolicies.networking.k8s.io', 'kubectl delete networkpolicy open'],
  ['blastgate-configmaps: update configmaps', 'kubectl replace -f configmap.json'],
  ['blastgate-replace: update services', 'kubectl replace -f service.json'],
  ['blastgate-replace: update pods', 'kubectl replace -f pod.json'],
  ['blastgate-replace: update deployments.apps', 'kubectl replace -f web.json'],
  ['blastgate-replace: update statefulsets.apps', 'kubectl replace -f db.json'],
  ['blastgate-replace: update daemonsets.apps', 'kubectl replace -f log.json'],
  ['blastgate-replace: update horizontalpodautoscalers.autoscaling', 'kubectl replace -f hpa.json'],
  ['blastgate-replace: update poddisruptionbudgets.policy', 'kubectl replace -f pdb.json'],
  ['blastgate-replace: update jobs.batch', 'kubectl replace -f job.json'],
  ['blastgate-replace: update cronjobs.batch', 'kubectl replace -f cronjob.json'],
  ['blastgate-replace: update ingresses.networking.k8s.io', 'kubectl replace -f ingress.json'],
  ['blastgate-replace: update networkpolicies.networking.k8s.io', 'kubectl replace -f open.json'],
  ...(
    [
      ['deployments.apps', 'deployment web', 2],
      ['statefulsets.apps', 'statefulset db', 2],
      ['replicasets.apps', 'replicaset set', 1],
      ['replicationcontrollers', 'replicationcontroller old', 1],
    ] as const
  ).map(
    ([kind, name, now]) =>
      [
        `blastgate-replace: update ${kind}/scale`,
        `kubectl scale ${name} --replicas=${now + 1} --current-replicas=${now}`,
      ] as const,
  ),
  ['blastgate-secrets: create secrets', 'kubectl create secret generic fresh --from-literal=a=b'],
  ['blastgate-secrets: patch secrets', `kubectl patch secret keys -p '{"data":{"a":"eQ=="}}'`],
  ['blastgate-secrets: update secrets', 'kubectl replace -f secret.json'],
  ['blastgate-secrets: delete secrets', 'kubectl delete secret keys'],
  [`${RECONCILE}: create roles.${RBAC}`, 'kubectl create role fresh --verb=get --resource=pods'],
  [`${RECONCILE}: patch roles.${RBAC}`, 'kubectl label role readers a=b'],
  [`${RECONCILE}: update roles.${RBAC}`, 'kubectl replace -f role.json'],
  [`${RECONCILE}: delete roles.${RBAC}`, 'kubectl delete role readers'],
  [`${RECONCILE}: create rolebindings.${RBAC}`, 'kubectl create rolebinding fresh --role=readers --user=ana'],
  [`${RECONCILE}: patch rolebindings.${RBAC}`, 'kubectl set subject rolebinding readers --user=ben'],
  [`${RECONCILE}: update rolebindings.${RBAC}`, 'kubectl replace -f rolebinding.json'],
  [`${RECONCILE}: delete rolebindings.${RBAC}`, 'kubectl delete rolebinding readers'],
  [`${RECONCILE}: create clusterroles.${RBAC}`, 'kubectl create clusterrole fresh --verb=get --resource=pods'],
  [`${RECONCILE}: patch clusterroles.${RBAC}`, 'kubectl label clusterrole all-readers a=b'],
  [`${RECONCILE}: update clusterroles.${RBAC}`, 'kubectl replace -f clusterrole.json'],
  [
    `${RECONCILE}: create clusterrolebindings.${RBAC}`,
    'kubectl create clusterrolebinding fresh --clusterrole=all-readers --user=ana',
  ],
  [`${RECONCILE}: patch clusterrolebindings.${RBAC}`, 'kubectl set subject clusterrolebinding all-readers --user=ben'],
  [`${RECONCILE}: update clusterrolebindings.${RBAC}`, 'kubectl replace -f clusterrolebinding.json'],
  [`${RECONCILE}: delete clusterrolebindings.${RBAC}`, 'kubectl delete clusterrolebinding all-readers'],
  ['blastgate-debug: patch pods/ephemeralcontainers', 'kubectl debug alone --image=x:1 -- true'],
];

/** Kinds whose scale is read before it is written under a condition, and a command for each. */
const SCALED: ReadonlyMap<string, string> = new Map([
  ['deployments.apps/scale', 'deployment web --current-replicas=2'],
  ['statefulsets.apps/scale', 'statefulset db --current-replicas=2'],
  ['replicasets.apps/scale', 'replicaset set --current-replicas=1'],
  ['replicationcontrollers/scale', 'replicationcontroller old --current-replicas=1'],
]);

const POD = {
  metadata: { labels: { app: 'x' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x:1' }] },
};
const ALWAYS = { ...POD, spec: { containers: POD.spec.containers } };
const SELECTOR = { matchLabels: { app: 'x' } };

/** What the commands above speak of, and the manifests that they bring. */
const STANDING: readonly (readonly [path: string, object: object])[] = [
  [
    '/api/v1/namespaces/shop/services',
    { kind: 'Service', apiVersion: 'v1', metadata: { name: 'front' }, spec: { ports: [{ port: 80 }] } },
  ],
  [
    '/api/v1/namespaces/shop/configmaps',
    { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'settings' }, data: { a: 'b' } },
  ],
  [
    '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
    {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'web' },
      spec: { scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'none' }, maxReplicas: 9 },
    },
  ],
  [
    '/apis/policy/v1/namespaces/shop/poddisruptionbudgets',
    {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'web' },
      spec: { maxUnavailable: 9, selector: SELECTOR },
    },
  ],
  [
    '/apis/batch/v1/namespaces/shop/jobs',
    { kind: 'Job', apiVersion: 'batch/v1', metadata: { name: 'once' }, spec: { suspend: true, template: POD } },
  ],
  [
    '/apis/batch/v1/namespaces/shop/cronjobs',
    {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: POD } } },
    },
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
    {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'front' },
      spec: { defaultBackend: { service: { name: 'front', port: { number: 80 } } } },
    },
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
    {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'open' },
      spec: { podSelector: {} },
    },
  ],
];
const MORE_STANDING = (): readonly (readonly [path: string, object: object])[] => [
  [
    '/api/v1/namespaces/shop/secrets',
    { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'keys' }, data: { a: 'eA==' } },
  ],
  [`/apis/${RBAC}/v1/namespaces/shop/roles`, rbacObject('Role', 'readers', { rules: READ_PODS })],
  [`/apis/${RBAC}/v1/namespaces/shop/rolebindings`, rbacObject('RoleBinding', 'readers', refTo('Role', 'readers'))],
  [`/apis/${RBAC}/v1/clusterroles`, rbacObject('ClusterRole', 'all-readers', { rules: READ_PODS })],
  [
    `/apis/${RBAC}/v1/clusterrolebindings`,
    rbacObject('ClusterRoleBinding', 'all-readers', refTo('ClusterRole', 'all-readers')),
  ],
];
const FILES = new Map(
  Object.entries({
    'statefulset.json': {
      kind: 'StatefulSet',
      apiVersion: 'apps/v1',
      metadata: { name: 'fresh' },
      spec: { serviceName: 'x', selector: SELECTOR, template: ALWAYS },
    },
    'daemonset.json': {
      kind: 'DaemonSet',
      apiVersion: 'apps/v1',
      metadata: { name: 'fresh' },
      spec: { selector: SELECTOR, template: ALWAYS },
    },
    'networkpolicy.json': {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'fresh' },
      spec: { podSelector: {} },
    },
  }).map(([name, object]) => [name, JSON.stringify(object)]),
);
/** What stands, to be replaced by itself with one annotation more. */
const REPLACED: readonly (readonly [file: string, path: string])[] = [
  ['configmap.json', '/api/v1/namespaces/shop/configmaps/settings'],
  ['service.json', '/api/v1/namespaces/shop/services/front'],
  ['pod.json', '/api/v1/namespaces/shop/pods/alone'],
  ['web.json', '/apis/apps/v1/namespaces/shop/deployments/web'],
  ['db.json', '/apis/apps/v1/namespaces/shop/statefulsets/db'],
  ['log.json', '/apis/apps/v1/namespaces/shop/daemonsets/log'],
  ['hpa.json', '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web'],
  ['pdb.json', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web'],
  ['job.json', '/apis/batch/v1/namespaces/shop/jobs/once'],
  ['cronjob.json', '/apis/batch/v1/namespaces/shop/cronjobs/nightly'],
  ['ingress.json', '/apis/networking.k8s.io/v1/namespaces/shop/ingresses/front'],
  ['open.json', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/open'],
  ['secret.json', '/api/v1/namespaces/shop/secrets/keys'],
  ['role.json', `/apis/${RBAC}/v1/namespaces/shop/roles/readers`],
  ['rolebinding.json', `/apis/${RBAC}/v1/namespaces/shop/rolebindings/readers`],
  ['clusterrole.json', `/apis/${RBAC}/v1/clusterroles/all-readers`],
  ['clusterrolebinding.json', `/apis/${RBAC}/v1/clusterrolebindings/all-readers`],
];

const READ_PODS = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
const ANA = [{ kind: 'User', apiGroup: RBAC, name: 'ana' }];
const rbacObject = (kind: string, name: string, more: object): object => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: { name },
  ...more,
});
const refTo = (kind: string, name: string) => ({ roleRef: { apiGroup: RBAC, kind, name }, subjects: ANA });

const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const COUNT = { replicas: 1, selector: { app: 'old' } };

describe('with exactly the published rights', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let client: ClusterClient;
  let reader: ClusterReader;
  let writer: ClusterWriter;
  before(async () => {
    plane = await startControlPlane();
    client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    ({ reader, writer } = portsOf(client));
    shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'shop');
    await shop.open();
    const kinds = { web: 'Deployment', db: 'StatefulSet', log: 'DaemonSet' } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      await shop.deploy({ kind, name, image: 'web:1', replicas: 2 });
      await shop.setImage(`${kind.toLowerCase()}s`, name, 'web:2');
      await shop.atRest(`${kind.toLowerCase()}s`, name);
    }
    await shop.barePod('alone');
    const template = (app: string): object => ({
      metadata: { labels: { app } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
    await shop.ask('POST', '/apis/apps/v1/namespaces/shop/replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'set' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'set' } }, template: template('set') },
    });
    await shop.ask('POST', '/api/v1/namespaces/shop/replicationcontrollers', {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old' },
      spec: { ...COUNT, template: template('old') },
    });
    for (const [path, object] of [...STANDING, ...MORE_STANDING()]) await shop.ask('POST', path, object);
    for (const name of ROLES_ON_DEMAND)
      await shop.ask('POST', `/apis/${RBAC}/v1/clusterrolebindings`, {
        ...rbacObject('ClusterRoleBinding', name, {}),
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
        subjects: [{ kind: 'User', apiGroup: RBAC, name: 'gate' }],
      });
    for (const [file, path] of REPLACED) {
      const { status: _status, metadata, ...object } = await shop.ask('GET', path);
      const { name, namespace, labels } = metadata;
      FILES.set(file, JSON.stringify({ ...object, metadata: { name, namespace, labels, annotations: { a: 'b' } } }));
    }
  });
  after(() => plane?.stop());

  const effectsIn = (command: string): readonly Effect[] => {
    const { parts } = understand(
      { kind: 'line', line: command },
      { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null },
    );
    return parts.flatMap(({ effects }) => effects);
  };
  const factsOf = (command: string) => reader.readFacts(effectsIn(command), signal());

  /** What a cache with the rights of now knows of each kind, once `until` it has been told enough; and what it complained of. */
  const followed = async (enough: (troubles: readonly KindName[]) => boolean) => {
    const ending = new AbortController();
    const troubles = new Map<KindName, string>();
    const cache = createClusterCache(client, systemClock, { maxAgeSeconds: 60 }, (kind, { message }) => {
      troubles.set(kind, message);
    });
    const running = cache.run(ending.signal);
    await until('what the cache should hear', async () => enough([...troubles.keys()]));
    const asked = { needed: KIND_NAMES, shown: [], namespaces: null, atLeast: new Map() };
    const { missing } = await cache.ask(asked, signal());
    ending.abort();
    await running;
    return { missing, troubles };
  };

  const doctor = async (): Promise<readonly Finding[]> => {
    const env = { KUBECONFIG: plane.kubeconfigPath('gate'), BLASTGATE_DATA: join(plane.folder, 'data') };
    const { out } = await ranCli(['doctor', '-o', 'json'], { env });
    // as: our own answer.
    return JSON.parse(out) as readonly Finding[];
  };
  const rightsIn = (findings: readonly Finding[]) => findings.filter(({ check }) => check === 'rights');
  const actionsIn = (findings: readonly Finding[]) => findings.filter(({ check }) => check === 'action');

  /** Both, sealed by the rights of now: the dry run that people's approval follows, and the write. */
  const attempt = async (command: string): Promise<readonly WriteResult[]> => {
    const permit = permitFor(await shop.seal(reader, command), 'forward');
    return [await writer.dryRun(permit, INTENT, signal()), await writer.write(permit, INTENT, signal())];
  };

  test('doctor says so', async () => {
    const findings = await doctor();
    assert.deepEqual(rightsIn(findings), [
      { check: 'rights', state: 'ok', message: 'every verb that is needed', remedy: null },
    ]);
    const told = new Map(
      actionsIn(findings).map(({ message, state }) => [message.split(':', 1)[0], { message, state }]),
    );
    assert.deepEqual(
      [...told.keys()],
      ACTION_KINDS.filter((kind) => kind !== 'none' && kind !== 'read'),
    );
    assert.deepEqual(told.get('grant'), { state: 'ok', message: 'grant: blastgate-reconcile on' });
  });

  test('every kind is followed, and every fact comes back', async () => {
    let looks = 0;
    const { missing, troubles } = await followed(() => {
      looks += 1;
      return looks > 20;
    });
    assert.deepEqual([missing, [...troubles]], [[], []]);
    for (const command of [...ACTIONS.map(([, one]) => one), 'kubectl drain node-1', 'kubectl label pod alone app=x'])
      assert.deepEqual((await factsOf(command)).missing, [], command);
  });

  for (const grant of sampled(ROLES.flatMap(grantsOf), 24, seedOf(process.env))) {
    const kind = nameOf(grant);
    const denied = `(may not ${grant.verb} ${kind})`;
    test(`without ${textOf(grant)}`, () =>
      without(plane, grant, async () => {
        await assertTold(grant, await doctor());
        if (grant.role === 'blastgate-exec') await assertNoProgram(grant);
        else if (grant.role !== 'blastgate-reader' && grant.verb !== 'get') await assertRefused(grant);
        else if (SCALED.has(kind)) {
          const spec = await shop.seal(reader, `kubectl scale ${SCALED.get(kind)} --replicas=5`, writer);
          assert.equal(spec.rehearsed, 'not-possible');
          assert.match(spec.rehearsedWhy ?? '', new RegExp(`cannot get resource "${grant.resource}"`));
        } else if (grant.resource === 'controllerrevisions') {
          const { missing } = await factsOf('kubectl rollout restart statefulset db');
          assert.deepEqual(missing.map(missingName), [`history of statefulsets.apps shop/db ${denied}`]);
        } else if (grant.resource === 'events') {
          // A help to the reader of a verdict: without it the look is the same but for the reason.
          const spec = await shop.seal(reader, 'kubectl scale statefulset db --replicas=2');
          const [seen] = await reader.sample(watchedOf(spec), signal());
          assert.equal(seen?.seen, 'workload');
        } else if (grant.verb === 'get') {
          const { missing } = await factsOf(`kubectl annotate ${kind} ${kind === 'namespaces' ? 'shop' : 'x'} a=b`);
          assert.ok(missing.length > 0);
          for (const { right, why } of missing) assert.deepEqual([why, right], ['forbidden', `${grant.verb} ${kind}`]);
        } else if (isKindName(kind)) {
          const { missing, troubles } = await followed((heard) => heard.includes(kind));
          assert.deepEqual(missing.map(missingName), [`${kind} ${denied}`]);
          assert.deepEqual([...troubles.keys()], [kind]);
          assert.match(troubles.get(kind) ?? '', new RegExp(`cannot ${grant.verb} resource "${grant.resource}"`));
        } else assert.fail(`nobody uses it: ${textOf(grant)}`);
      }));
  }

  /** What is lacking and what does not work without it; an action whose only right it was is left out. */
  const assertTold = async ({ role, verb, ...of }: Grant, all: readonly Finding[]): Promise<void> => {
    const findings = rightsIn(all);
    const isOnDemand = [...ROLES_ON_DEMAND].some((one) => one === role);
    // A part of what nobody needs is no lack; the table of actions tells of it.
    if (role !== 'blastgate-reader')
      assert.ok(
        actionsIn(all).some(({ message }) =>
          message.includes(`${role} ${WITH_ONE_RIGHT.has(role) ? 'off' : 'in part'}`),
        ),
        JSON.stringify(actionsIn(all)),
      );
    assert.equal(findings.length, 1, JSON.stringify(findings));
    if (isOnDemand) return assert.equal(findings[0]?.state, 'ok');
    const { state, message, remedy } = findings[0] ?? { state: 'ok', message: '', remedy: '' };
    assert.equal(state, WITH_ONE_RIGHT.has(role) ? 'off' : 'fail');
    assert.match(
      message,
      new RegExp(`^may not ${verb} ${nameOf(of)}( \\(for .+\\)|: .+ will be refused by the cluster)$`),
    );
    assert.ok(remedy?.includes(role), remedy ?? 'no remedy');
  };

  /** A program has no dry run: the gate says so before anybody is asked, and the API server when it is begun all the same. */
  const assertNoProgram = async (grant: Grant): Promise<void> => {
    const command = 'kubectl exec alone -- true';
    const { denied } = await withDeniedWrites(reader, client, () => 0).readFacts(effectsIn(command), signal());
    assert.deepEqual((denied ?? []).map(deniedName), [`${grant.verb} pods/exec in shop`]);
    const written = await writer.write(
      permitFor(await shop.seal(reader, command, writer), 'forward'),
      INTENT,
      signal(),
    );
    assert.equal(written.outcome === 'refused' && written.written, 0, JSON.stringify(written));
    assert.match('why' in written ? written.why : '', new RegExp(`cannot ${grant.verb} resource "pods/exec"`));
  };

  const assertRefused = async (grant: Grant): Promise<void> => {
    const hit = ACTIONS.filter(([right]) => right === textOf(grant));
    const bare = BY_DIFFERENCE.filter(([rights]) => rights.split(' + ').includes(textOf(grant)));
    assert.ok(hit.length + bare.length > 0, 'nobody uses it');
    const spared = ACTIONS.filter(([right]) => right !== textOf(grant));
    const says = new RegExp(`cannot ${grant.verb} resource "${grant.resource}"`);
    const others = BY_DIFFERENCE.filter((one) => !bare.includes(one));
    for (const [rights, command] of [...bare, ...sampled(others, MOST_SPARED, textOf(grant).length)]) {
      const spec = await shop.seal(reader, command, writer, FILES);
      const refused = rights.split(' + ').includes(textOf(grant));
      assert.equal(spec.rehearsed, refused ? 'not-possible' : 'passed', `${command}: ${spec.rehearsedWhy}`);
      if (refused) assert.match(spec.rehearsedWhy ?? '', says, command);
    }
    for (const [, command] of hit) {
      const [tried, written] = await attempt(command);
      assert.equal(tried?.outcome === 'stale' && tried.code, 'dry-run-refused', command);
      assert.equal(written?.outcome === 'refused' && written.written, 0, command);
      for (const one of [tried, written]) assert.match(one !== undefined && 'why' in one ? one.why : '', says, command);
    }
    // A running gate knows before anybody is asked, and of nothing else.
    const asking = withDeniedWrites(reader, client, () => 0);
    for (const [right, command] of ACTIONS) {
      const { denied } = await asking.readFacts(effectsIn(command), signal());
      const told = right === textOf(grant) ? [`${grant.verb} ${nameOf(grant)} in shop`] : [];
      assert.deepEqual((denied ?? []).map(deniedName), told, command);
    }
    for (const [, command] of spared) {
      const permit = permitFor(await shop.seal(reader, command), 'forward');
      assert.equal((await writer.dryRun(permit, INTENT, signal())).outcome, 'written', command);
    }
  };

  test('nothing was written meanwhile', () => {
    const done = writesOf(plane.auditLogPath, 'gate').filter(
      ({ objectRef, responseStatus, requestURI, requestObject }) =>
        objectRef?.apiGroup !== 'authorization.k8s.io' &&
        responseStatus.code < 300 &&
        !requestURI.includes('dryRun=All') &&
        !JSON.stringify(requestObject).includes('"dryRun":["All"]'),
    );
    assert.deepEqual(done, []);
  });

  test('every action is carried out, and its rollback', async () => {
    for (const [, command] of ACTIONS) {
      const spec = await shop.seal(reader, command);
      const forward = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
      assert.equal(forward.outcome, 'written', `${command}: ${JSON.stringify(forward)}`);
      const samples = await reader.sample(watchedOf(spec), signal());
      assert.deepEqual(
        samples.filter(({ seen }) => seen === 'nothing'),
        [],
        command,
      );
      if (spec.rollbackPlan.steps.length === 0) continue;
      const [plural = ''] = spec.effects.map(({ resource }) => resource);
      if (changesTemplate(command)) await shop.atRest(plural, spec.facts[0]?.name ?? '');
      const back = await writer.write(permitFor(spec, 'back'), INTENT, signal());
      assert.equal(back.outcome, 'written', `${command}, back: ${JSON.stringify(back)}`);
      if (changesTemplate(command)) await shop.atRest(plural, spec.facts[0]?.name ?? '');
    }
  });
});

/** Of what still works without a right so many are tried. */
const MOST_SPARED = 8;

/** Without its only right an action is left out. */
const WITH_ONE_RIGHT: ReadonlySet<string> = new Set([
  'blastgate-delete-pod',
  'blastgate-drain',
  'blastgate-nodes',
  'blastgate-debug',
]);

const changesTemplate = (command: string): boolean => !/ scale | delete /.test(command);
