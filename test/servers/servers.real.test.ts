// That the real servers do what the other tests lean on: roll out, crash, fail to pull, refuse, keep a record, and end.
// Nothing of Blastgate is tested here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writesOf } from './audit-log.ts';
import { type Gitea, startGitea } from './gitea.ts';
import { type ControlPlane, startControlPlane } from './kubernetes.ts';

const run = promisify(execFile);

/** Asks until the answer is as wanted; after 30 s fails with the last one. */
async function eventually<T>(ask: () => Promise<T> | T, wanted: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (performance.now() > deadline) assert.fail(`still ${JSON.stringify(value)} after 30 s`);
    await delay(50);
  }
}

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('a real control plane', () => {
  let cluster: ControlPlane;
  const kubectl = async (...argv: readonly string[]): Promise<string> => {
    const { stdout } = await run(cluster.kubectlPath, [`--kubeconfig=${cluster.kubeconfigPath('admin')}`, ...argv]);
    return stdout;
  };
  const waiting = (app: string) => async (): Promise<string> =>
    kubectl(
      'get',
      'pods',
      '-l',
      `app=${app}`,
      '-o',
      'jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}',
    );

  before(async () => {
    cluster = await startControlPlane();
  });
  after(() => cluster.stop());

  test('is the version that its go.mod names, for server and kubectl', async () => {
    const versions = JSON.parse(await kubectl('version', '-o', 'json')) as {
      readonly [part in 'clientVersion' | 'serverVersion']: { readonly gitVersion: string; readonly minor: string };
    };
    for (const part of [versions.clientVersion, versions.serverVersion]) {
      assert.equal(part.gitVersion, cluster.version);
      assert.equal(part.minor, cluster.version.split('.')[1]);
    }
  });

  test('rolls a deployment out on its nodes, and back', async () => {
    await kubectl('create', 'deployment', 'web', '--image=shop/web:1', '--replicas=3');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    await kubectl('set', 'image', 'deployment/web', 'web=shop/web:2');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    await kubectl('rollout', 'undo', 'deployment/web');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    assert.equal(
      await kubectl('get', 'deploy', 'web', '-o', 'jsonpath={..image} {.status.availableReplicas}'),
      'shop/web:1 3',
    );
  });

  test('lets an image named crash crash again and again, beside a container that lives', async () => {
    await kubectl('create', 'deployment', 'bad', '--image=shop/crash:1', '--image=shop/sidecar:1');
    await eventually(waiting('bad'), (reason) => reason === 'CrashLoopBackOff');
    const path = 'jsonpath={.items[*].status.containerStatuses[*].restartCount}';
    const restarts = (): Promise<string> => kubectl('get', 'pods', '-l', 'app=bad', '-o', path);
    assert.equal(await restarts(), '1 0');
    await eventually(restarts, (counts) => counts === '2 0');
    assert.match(await kubectl('get', 'pods', '-l', 'app=bad'), / 1\/2 +CrashLoopBackOff +2 /);
  });

  test('waits for an image named missing', async () => {
    await kubectl('create', 'deployment', 'lost', '--image=shop/missing:1');
    await eventually(waiting('lost'), (reason) => reason === 'ImagePullBackOff');
    assert.equal(await kubectl('get', 'pods', '-l', 'app=lost', '-o', 'jsonpath={.items[*].status.phase}'), 'Pending');
  });

  test('says again that a pod is ready which its node’s silence made unready, and not of one whose containers are not', async () => {
    await kubectl('create', 'deployment', 'silent', '--image=shop/silent:1', '--replicas=2');
    await kubectl('rollout', 'status', 'deployment/silent', '--timeout=30s');
    const [marked = '', broken = ''] = (
      await kubectl('get', 'pods', '-l', 'app=silent', '-o', 'jsonpath={.items[*].metadata.name}')
    ).split(' ');
    const mark = async (pod: string, types: readonly string[]): Promise<void> => {
      const conditions = types.map((type) => ({ type, status: 'False' }));
      const path = `/api/v1/namespaces/default/pods/${pod}/status`;
      const body = { status: { conditions } };
      const { status } = await cluster.request('admin', 'PATCH', path, body, 'application/strategic-merge-patch+json');
      assert.equal(status, 200);
    };
    await mark(broken, ['Ready', 'ContainersReady']);
    await mark(marked, ['Ready']);
    const ready = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
    const isReady = (pod: string) => () => kubectl('get', 'pod', pod, '-o', ready);
    assert.equal(await isReady(marked)(), 'False');
    await eventually(isReady(marked), (status) => status === 'True');
    assert.equal(await isReady(broken)(), 'False');
  });

  test('finishes a job and deletes its pods', async () => {
    await kubectl('create', 'job', 'once', '--image=shop/migrate:1');
    await kubectl('wait', '--for=condition=complete', 'job/once', '--timeout=30s');
    await kubectl('delete', 'job', 'once', '--timeout=30s');
    await eventually(
      () => kubectl('get', 'pods', '-l', 'job-name=once', '-o', 'name'),
      (names) => names === '',
    );
  });

  test('gives the gate its few rights, ana none, and records in full what the gate wrote', async () => {
    await kubectl('create', 'deployment', 'api', '--image=shop/api:1');
    const scale = '/apis/apps/v1/namespaces/default/deployments/api/scale';
    const body = { spec: { replicas: 2 } };
    const patch = (user: 'gate' | 'ana'): Promise<{ status: number }> =>
      cluster.request(user, 'PATCH', scale, body, 'application/merge-patch+json');
    assert.equal((await patch('gate')).status, 200);
    assert.equal((await patch('ana')).status, 403);
    assert.equal((await cluster.request('gate', 'DELETE', '/api/v1/namespaces/default')).status, 403);
    assert.equal((await cluster.request('gate', 'GET', '/api/v1/namespaces/default/secrets')).status, 403);
    const written = await eventually(
      () => writesOf(cluster.auditLogPath, 'gate'),
      (events) => events.length >= 2,
    );
    assert.deepEqual(
      written.map(({ verb, objectRef, requestObject, responseStatus }) => [
        verb,
        objectRef?.resource,
        objectRef?.subresource,
        objectRef?.name,
        requestObject,
        responseStatus.code,
      ]),
      [
        ['patch', 'deployments', 'scale', 'api', body, 200],
        ['delete', 'namespaces', null, 'default', null, 403],
      ],
    );
  });
});

describe('a real Gitea', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await startGitea();
  });
  after(() => gitea.stop());

  test('takes an issue of the bot and a comment of a person, each under its own name', async () => {
    const issues = `/repos/${gitea.owner}/${gitea.repo}/issues`;
    const issue = await gitea.request(gitea.token, 'POST', issues, { title: 'Review INC-1', body: 'Please look.' });
    assert.equal(issue.status, 201);
    const [ana, ben] = gitea.users;
    const said = await gitea.request(ana.token, 'POST', `${issues}/1/comments`, { body: '/approve' });
    assert.equal(said.status, 201);
    const { body } = await gitea.request(ben.token, 'GET', `${issues}/1/comments`);
    // as: a list of comments in Gitea's API.
    const comments = body as readonly { readonly body: string; readonly user: { readonly login: string } }[];
    assert.deepEqual(
      comments.map((one) => [one.user.login, one.body]),
      [[ana.name, '/approve']],
    );
  });

  test('refuses a wrong token', async () => {
    assert.equal((await gitea.request('0'.repeat(40), 'GET', '/user')).status, 401);
  });
});

test('stopped servers leave no process and no folder behind, stopped twice or not', async () => {
  const servers = await Promise.all([startControlPlane(), startGitea()]);
  await Promise.all(servers.map((one) => one.stop()));
  await Promise.all(servers.map((one) => one.stop()));
  for (const one of servers) {
    assert.deepEqual(
      one.pids.filter((pid) => !gone(pid)),
      [],
    );
    assert.equal(existsSync(one.folder), false);
  }
});
