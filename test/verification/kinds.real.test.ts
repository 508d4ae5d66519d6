// How a real control plane's objects are judged by their kind, and what was broken before: by what Kubernetes says of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyOf } from '../../src/core/text/state-reason.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

const NAMESPACE = 'kinds';

describe('an object is judged by its kind', { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
  });
  after(() => plane?.stop());

  const batch = `/apis/batch/v1/namespaces/${NAMESPACE}`;
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  const container = (image: string, more: object = {}) => ({ name: 'web', image, ...more });
  const jobSpec = (image: string, more: object = {}) => ({
    template: { spec: { restartPolicy: 'Never', containers: [container(image)], ...more } },
  });
  const isThere = async (path: string): Promise<boolean> => (await shop.call('GET', path)).status === 200;
  /** A deployment that is not waited for. */
  const deployed = (name: string, image: string, replicas: number, spec: object = {}): Promise<unknown> =>
    shop.ask('POST', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [container(image)] } },
        ...spec,
      },
    });
  const crashing = async (name: string, replicas: number): Promise<void> => {
    await deployed(name, 'web:crash', replicas, { progressDeadlineSeconds: 8 });
    await until(`${name} crashes`, async () => {
      const pods = await shop.list('pods', `app=${name}`);
      return (
        pods.length === replicas && pods.every((pod) => (pod.status.containerStatuses?.[0]?.restartCount ?? 0) >= 3)
      );
    });
  };

  test('a Job is done', async () => {
    const end = await on.run('kubectl create job once --image=a:1');
    assert.equal(end.state, 'succeeded', story(end));
    assert.equal(end.verdict?.code, 'converged');
  });

  test('a Job of a CronJob is done, and a CronJob itself tells nothing', async () => {
    await shop.ask('POST', `${batch}/cronjobs`, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 3 * * *', jobTemplate: { spec: jobSpec('a:1') } },
    });
    const end = await on.run('kubectl create job tonight --from=cronjob/nightly');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
    const patched = await on.run(`kubectl patch cronjob nightly -p '{"spec":{"suspend":true}}'`);
    assert.deepEqual([patched.state, patched.verdict?.code], ['succeeded', 'nothing-to-wait-for'], story(patched));
  });

  test('a Job whose pod crashes is taken back, and its trouble is named', async () => {
    const end = await on.run('kubectl create job broken --image=a:crash');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /job\/broken.*active.*pod\/broken-\S+ .*CrashLoopBackOff/);
    assert.equal(await isThere(`${batch}/jobs/broken`), false);
  });

  test('a Job that has reached its backoff limit has failed', async () => {
    await shop.ask('POST', `${batch}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'late' },
      spec: { ...jobSpec('a:crash'), suspend: true, activeDeadlineSeconds: 1 },
    });
    const end = await on.run(`kubectl patch job late -p '{"spec":{"suspend":false}}'`);
    assert.equal(end.verdict?.code, 'run-failed', story(end));
    assert.match(end.verdict?.subject ?? '', /DeadlineExceeded/);
  });

  test('a Job that is suspended is as approved', async () => {
    await shop.ask('POST', `${batch}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'long' },
      spec: jobSpec('a:1', { nodeSelector: { no: 'such' } }),
    });
    const end = await on.run(`kubectl patch job long -p '{"spec":{"suspend":true}}'`);
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'suspended'], story(end));
  });

  test('a bare pod runs, or does not', async () => {
    // The volume of its token has another name in each dry run.
    const overrides = `--overrides='{"spec":{"automountServiceAccountToken":false}}'`;
    const fine = await on.run(`kubectl run fine --image=web:1 ${overrides}`);
    assert.deepEqual([fine.state, fine.verdict?.code], ['succeeded', 'converged'], story(fine));
    const end = await on.run(`kubectl run ill --image=web:crash ${overrides}`);
    assert.deepEqual([end.state, end.verdict?.code], ['rolled-back', 'trouble'], story(end));
    await until('the pod goes', async () => !(await isThere(`${core}/pods/ill`)));
  });

  test('a Service that a new selector leaves without endpoints is taken back', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'front', image: 'web:1', replicas: 2 });
    await shop.ask('POST', `${core}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { selector: { app: 'front' }, ports: [{ port: 80 }] },
    });
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices?labelSelector=kubernetes.io/service-name=front`;
    await until('endpoints', async () => {
      const { items } = await shop.ask('GET', slices);
      return items.some((slice: { readonly endpoints?: readonly unknown[] }) => slice.endpoints?.length === 2);
    });
    const end = await on.run('kubectl set selector service front app=nobody');
    assert.deepEqual([end.state, end.verdict?.code], ['rolled-back', 'no-endpoints'], story(end));
    assert.equal((await shop.ask('GET', `${core}/services/front`)).spec.selector.app, 'front');
    const same = await on.run('kubectl set selector service front app=front,group=front-group');
    assert.deepEqual([same.state, same.verdict?.code], ['succeeded', 'converged'], story(same));
  });

  test('a Service that stands before its pods do is as approved, and it is said', async () => {
    const end = await on.run('kubectl create service clusterip early --tcp=80:80');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'no-endpoints'], story(end));
  });

  test('an autoscaler without metrics cannot do its work', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'scaled', image: 'web:1', replicas: 1 });
    const end = await on.run('kubectl autoscale deployment scaled --min=1 --max=3 --cpu=50%');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /horizontalpodautoscaler\/scaled/);
  });

  test('a config map is judged by the pods that use it, those of envFrom too', async () => {
    await shop.ask('POST', `${core}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'app' },
      data: { mode: 'calm' },
    });
    const unused = await on.run(`kubectl patch configmap app --type=merge -p '{"data":{"mode":"quiet"}}'`);
    assert.deepEqual([unused.state, unused.verdict?.code], ['succeeded', 'nothing-to-wait-for'], story(unused));
    const envFrom = [{ configMapRef: { name: 'app' } }];
    const pod = (name: string, image: string) =>
      shop.ask('POST', `${core}/pods`, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { containers: [container(image, { envFrom })] },
      });
    await pod('reads', 'web:1');
    await until('it runs', async () => (await shop.read('pods', 'reads')).status.phase === 'Running');
    const fine = await on.run(`kubectl patch configmap app --type=merge -p '{"data":{"mode":"loud"}}'`);
    assert.deepEqual([fine.state, fine.verdict?.code], ['succeeded', 'converged'], story(fine));
    const end = await on.run(`kubectl patch configmap app --type=merge -p '{"data":{"mode":"wild"}}'`, () =>
      pod('restarts', 'web:crash'),
    );
    assert.equal(end.verdict?.code, 'trouble', story(end));
    assert.match(end.verdict?.subject ?? '', /^pods of configmap\/app -n kinds: pod\/restarts web CrashLoopBackOff/);
    assert.equal((await shop.ask('GET', `${core}/configmaps/app`)).data.mode, 'loud');
  });

  test('a disruption budget tells nothing but that it was taken up', async () => {
    await shop.ask('POST', `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets`, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'some' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'nobody' } } },
    });
    const end = await on.run(`kubectl patch pdb some --type=merge -p '{"spec":{"minAvailable":2}}'`);
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'nothing-to-wait-for'], story(end));
  });

  /** What an operator grants besides the roles of deploy/rbac.yaml. */
  const granted = async (resource: string, ...verbs: readonly string[]): Promise<void> => {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}`;
    const own = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: `on-${resource}` } };
    await shop.ask('POST', `${rbac}/roles`, {
      ...own,
      kind: 'Role',
      rules: [{ apiGroups: [''], resources: [resource], verbs }],
    });
    await shop.ask('POST', `${rbac}/rolebindings`, {
      ...own,
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: `on-${resource}` },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'gate' }],
    });
  };

  test('a quota tells nothing but that it was taken up', async () => {
    await granted('resourcequotas', 'get', 'create', 'delete');
    const end = await on.run('kubectl create quota services --hard=services=100');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'nothing-to-wait-for'], story(end));
  });

  test('a claim has grown once its volume has', async () => {
    const grows = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'kinds-grows' } };
    await shop.ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      ...grows,
      provisioner: 'example.com/nobody',
      allowVolumeExpansion: true,
    });
    const spec = { storageClassName: 'kinds-grows', accessModes: ['ReadWriteOnce'] };
    await shop.ask('POST', '/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'kinds-data' },
      spec: {
        ...spec,
        capacity: { storage: '1Gi' },
        csi: { driver: 'example.com', volumeHandle: 'kinds-data' },
        claimRef: { namespace: NAMESPACE, name: 'data' },
      },
    });
    const claims = `${core}/persistentvolumeclaims`;
    await shop.ask('POST', claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { ...spec, resources: { requests: { storage: '1Gi' } } },
    });
    await granted('persistentvolumeclaims', 'get', 'patch');
    await until('it is bound', async () => (await shop.ask('GET', `${claims}/data`)).status.phase === 'Bound');
    const end = await on.run(
      `kubectl patch pvc data --type=merge -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'`,
      () =>
        shop.ask(
          'PATCH',
          `${claims}/data/status`,
          { status: { capacity: { storage: '2Gi' } } },
          'application/merge-patch+json',
        ),
    );
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
  });

  test('what was broken before and is no worse stays as it was written, and a person has it', async () => {
    await crashing('sick', 2);
    const end = await on.run('kubectl scale deployment sick --replicas=3');
    assert.deepEqual([end.state, end.verdict?.code], ['handed-over', 'still-unhealthy'], story(end));
    assert.equal(end.back, null);
    assert.equal((await shop.read('deployments', 'sick')).spec.replicas, 3);
    assert.match(whyOf(end, end.state, 'en') ?? '', /It was unhealthy before and still is.*CrashLoopBackOff/);
  });

  test('what was broken before succeeds once it heals', async () => {
    await crashing('healed', 2);
    const end = await on.run('kubectl set image deployment/healed web=web:1');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
  });

  test('a way back that would lead to what was broken itself is not taken', async () => {
    await crashing('worse', 2);
    const end = await on.run('kubectl set image deployment/worse web=web:missing');
    assert.deepEqual([end.state, end.verdict?.code], ['handed-over', 'still-unhealthy'], story(end));
    assert.equal((await shop.read('deployments', 'worse')).spec.template.spec.containers[0].image, 'web:missing');
  });

  test('a deadline that an earlier rollout has passed says nothing of this one', async () => {
    await deployed('overdue', 'web:missing', 1, { progressDeadlineSeconds: 1 });
    await until('the deadline has passed', async () => {
      const { status } = await shop.read('deployments', 'overdue');
      return status?.conditions?.some((one: { readonly reason: string }) => one.reason === 'ProgressDeadlineExceeded');
    });
    const end = await on.run('kubectl set image deployment/overdue web=web:1');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
  });
});
