// An unchanged kubectl of an agent, through the proxy, on a real control plane: everyday reads, and writes that are done at once,
// wait for people, are refused, or end as the API server says. Every write stands in the trail with its proposal.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath, type Ran } from '../support/gate-in-path.ts';

const words = (text: string): readonly string[] => text.split(' ');

describe('kubectl through the proxy', () => {
  let plane: ControlPlane;
  let path: GateInPath;
  const admin = async (method: string, url: string, body?: unknown) => {
    const answer = await plane.request('admin', method, url, body);
    assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const deployment = (name: string, replicas = 2, namespace = 'dev') => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
      },
    },
  });
  const make = async (name: string, replicas = 2, namespace = 'dev'): Promise<void> => {
    await admin('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment(name, replicas, namespace));
    await until(`${name} is ready`, async () => {
      // as: a Deployment of apps/v1.
      const { status } = (await admin('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)) as {
        readonly status: { readonly readyReplicas?: number };
      };
      return status.readyReplicas === replicas;
    });
  };

  before(async () => {
    plane = await startControlPlane();
    await installProxyRoles(plane);
    for (const name of ['dev', 'production'])
      await admin('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    path = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60' });
    await Promise.all([
      ...['web', 'api'].map((name) => make(name)),
      ...['scaled', 'imaged', 'restarted', 'patched', 'gone', 'refused', 'stale', 'kept'].map((name) =>
        make(name, 2, 'production'),
      ),
    ]);
    await path.ask('ana', 'GET', '/readyz').catch(() => undefined);
  });
  after(async () => {
    await path?.close();
    await plane?.stop();
  });

  const ok = ({ code, out, err }: Ran): string => {
    assert.equal(code, 0, `${out}\n${err}`);
    return out;
  };

  interface Shown {
    readonly id: string;
    readonly digest: string;
    readonly state: string;
    readonly needed: { readonly approvals: number };
  }
  const proposalsOf = async (incident: string): Promise<readonly Shown[]> =>
    (await path.ask('ana', 'GET', `/v1/proposals?incident=${incident}`)).body.proposals;
  const waitingIn = async (incident: string): Promise<Shown> => {
    for (let tries = 0; tries < 300; tries += 1) {
      const all = await proposalsOf(incident);
      const waiting = all.find(({ state }) => state === 'awaiting-approval');
      if (waiting !== undefined) return waiting;
      await pause(50);
    }
    throw new Error(
      `nothing waits for ${incident}: ${JSON.stringify((await proposalsOf(incident)).map(({ state }) => state))}`,
    );
  };
  /** As many as are needed say yes, or one says no. */
  const vote = async (incident: string, decision: 'approve' | 'reject'): Promise<void> => {
    const { id, digest, needed } = await waitingIn(incident);
    const people = ['bob', 'cho'].slice(0, decision === 'reject' ? 1 : needed.approvals);
    for (const person of people) {
      const { status, body } = await path.ask(person, 'POST', `/v1/proposals/${id}/votes`, {
        decision,
        digest,
        reason: 'as a test',
      });
      assert.equal(status, 200, JSON.stringify(body));
    }
  };

  describe('reads', () => {
    for (const command of [
      'get pods -n dev',
      'get deployments,services -A',
      'get deployment web -n dev -o yaml',
      'describe deployment web -n dev',
      'get nodes -o wide',
      'get events -n dev',
      'api-resources',
      'version',
      'explain deployment.spec',
      'rollout status deployment/web -n dev',
      'rollout history deployment/web -n dev',
      'auth whoami',
      'auth can-i list pods -n dev',
      'cluster-info',
      'wait deployment/web -n dev --for=condition=Available --timeout=10s',
    ])
      test(command, async () => {
        const { code, err } = await path.kubectl(words(command));
        assert.equal(code, 0, err);
      });

    test('the agent is who it is in the cluster', async () => {
      assert.match(ok(await path.kubectl(words('auth whoami'))), /blastgate:agent:healer[\s\S]*blastgate:agents/);
    });

    for (const [command, says] of [
      ['get secrets -A', /Secrets are not read through the proxy/],
      ['get pods --as=admin', /claims an identity/],
      ['exec -n dev deploy/web -- ls', /do not go through the proxy/],
      ['get --raw /metrics', /does not pass on a request for this address/],
      ['get --raw /api/v1/watch/pods', /does not pass on a request for this address/],
    ] as const)
      test(`${command}: refused`, async () => {
        const { code, err } = await path.kubectl(words(command));
        assert.notEqual(code, 0);
        assert.match(err, says);
      });
  });

  describe('the account of the proxy', () => {
    test('can write nothing, as itself or as the agent, and read no Secret', async () => {
      await admin('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'healer-is-careless' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'blastgate:agent:healer' }],
      });
      const as = ['--as=blastgate:agent:healer', '--as-group=blastgate:agents'];
      const direct = async (...said: readonly string[]): Promise<Ran> => {
        const { execFile } = await import('node:child_process');
        return new Promise((done) =>
          execFile(plane.kubectlPath, ['--kubeconfig', plane.kubeconfigPath('ben'), ...said], (error, out, err) =>
            done({ code: error === null ? 0 : 1, out, err, endedAt: 0 }),
          ),
        );
      };
      assert.equal((await direct('get', 'pods', '-n', 'dev', ...as)).code, 0);
      for (const command of [
        'scale deployment/web --replicas=9 -n dev',
        'delete deployment web -n dev',
        'get secrets -n dev',
        'create namespace x',
      ])
        for (const identity of [as, []]) {
          const { code, err } = await direct(...words(command), ...identity);
          assert.notEqual(code, 0, `${command} ${identity.join(' ')}`);
          assert.match(err, /forbidden/i);
        }
      assert.match(
        (await direct('get', 'pods', '-n', 'dev', '--as=admin', '--as-group=system:masters')).err,
        /forbidden/i,
      );
    });
  });

  describe('writes that nobody is asked about', () => {
    test('an annotation, with the proposal as a warning, in the trail and in the audit log of the API server', async () => {
      const ran = await path.kubectl(words('annotate deployment web first=1 -n dev'), { incident: 'INC-auto' });
      assert.match(ok(ran), /deployment.apps\/web annotated/);
      assert.match(ran.err, /Warning: blastgate: .*score \d+, auto/);
      const { body } = await path.ask('ana', 'GET', '/v1/proposals?incident=INC-auto');
      assert.equal(body.proposals.length, 1);
      const { id } = body.proposals[0];
      const { body: whole } = await path.ask('ana', 'GET', `/v1/proposals/${id}`);
      const answered = whole.events.find((one: { readonly event: string }) => one.event === 'write-answered');
      assert.match(answered.answer.reply.auditId, /^[0-9a-f-]{36}$/);
      assert.equal(answered.answer.reply.status, 200);
      const writes = writesOf(plane.auditLogPath, 'gate');
      assert.ok(writes.length > 0);
    });

    test('the object that is answered is the one that the API server answered', async () => {
      const out = ok(
        await path.kubectl(words('annotate deployment web note=1 -n dev -o json'), { incident: 'INC-annotate' }),
      );
      const { kind, metadata } = JSON.parse(out) as {
        kind: string;
        metadata: { annotations: Record<string, string>; uid: string };
      };
      assert.deepEqual([kind, metadata.annotations['note']], ['Deployment', '1']);
      assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
    });
  });

  describe('writes that wait for people', () => {
    /** Runs it, and lets people decide as soon as it waits. */
    const decided = async (command: string, incident: string, decide: () => Promise<unknown>, input = '') => {
      const running = path.kubectl(words(command), { incident, input });
      const early = running.then(({ code, out, err }) => {
        throw new Error(`nobody was asked: ${code} ${out}${err}`);
      });
      early.catch(() => undefined);
      await Promise.race([decide(), early]);
      const decidedAt = Date.now();
      const ran = await running;
      return { ...ran, after: ran.endedAt - decidedAt };
    };

    for (const [what, command, done] of [
      ['scale', 'scale deployment/scaled --replicas=3 -n production', /scaled/],
      ['set image', 'set image deployment/imaged main=registry.example/main:2 -n production', /image updated/],
      ['rollout restart', 'rollout restart deployment/restarted -n production', /restarted/],
      ['delete', 'delete deployment gone -n production', /deleted/],
      ['patch', 'patch deployment patched -n production -p {"spec":{"minReadySeconds":1}}', /patched/],
    ] as const)
      test(`${what}: exit 0 as soon as it is approved`, async () => {
        const incident = `INC-${what.replace(' ', '-')}`;
        const { code, out, err, after: late } = await decided(command, incident, () => vote(incident, 'approve'));
        assert.equal(code, 0, err);
        assert.match(out, done);
        // It is answered while it is held, not at its next arrival.
        assert.ok(late < 10_000, `${late} ms after the last approval`);
        const { body } = await path.ask('ana', 'GET', `/v1/proposals?incident=${incident}`);
        assert.equal(body.proposals.length, 1);
      });

    const manifest = (name: string, replicas = 1): string => JSON.stringify(deployment(name, replicas, 'dev'));
    for (const [what, command, done, input] of [
      ['create deployment', 'create deployment new-1 --image=registry.example/main:1 -n dev', /new-1 created/, ''],
      ['create -f', 'create -f -', /new-2 created/, manifest('new-2')],
      ['apply of what is new', 'apply -f -', /new-3 created/, manifest('new-3')],
      ['apply of what is there', 'apply -f -', /api configured/, manifest('api', 3)],
      ['apply --server-side', 'apply --server-side -f -', /new-4 serverside-applied/, manifest('new-4')],
      ['create configmap', 'create configmap settings --from-literal=a=b -n dev', /settings created/, ''],
      ['run', 'run single --image=registry.example/main:1 -n dev', /single created/, ''],
      ['expose', 'expose deployment web --port=80 -n dev', /web exposed/, ''],
      ['autoscale', 'autoscale deployment web --min=1 --max=3 -n dev', /web autoscaled/, ''],
    ] as const)
      test(`${what}: as without a gate`, async () => {
        const incident = `INC-day-${what.replaceAll(/[^a-z]+/g, '-')}`;
        const running = path.kubectl(words(command), { incident, input });
        const voting = (async () => {
          let ended = false;
          void running.then(() => {
            ended = true;
          });
          while (!ended) {
            const waiting = (await proposalsOf(incident)).some(({ state }) => state === 'awaiting-approval');
            if (waiting) await vote(incident, 'approve');
            await pause(100);
          }
        })();
        const { code, out, err } = await running;
        await voting;
        assert.equal(code, 0, err);
        assert.match(out, done);
      });

    test('rejected: 403 with who and why', async () => {
      const { code, err } = await decided('scale deployment/refused --replicas=1 -n production', 'INC-no', () =>
        vote('INC-no', 'reject'),
      );
      assert.equal(code, 1);
      assert.match(err, /rejected/);
      assert.match(err, /as a test/);
    });

    test('stale: the object changed while people thought', async () => {
      const { code, err } = await decided(
        'scale deployment/stale --replicas=3 -n production',
        'INC-stale',
        async () => {
          await waitingIn('INC-stale');
          const url = '/apis/apps/v1/namespaces/production/deployments/stale';
          await admin('DELETE', url);
          await until('it is gone', async () => (await plane.request('admin', 'GET', url)).status === 404);
          await make('stale', 2, 'production');
          await vote('INC-stale', 'approve');
        },
      );
      assert.equal(code, 1);
      assert.match(err, /stale|not the one that was sealed/);
    });
  });

  describe('what the API server answers passes as it is', () => {
    for (const [command, says] of [
      ['scale deployment/nosuch --replicas=3 -n dev', /NotFound.*deployments.apps "nosuch" not found/],
      ['delete deployment nosuch -n dev', /NotFound.*"nosuch" not found/],
      ['label deployment nosuch a=b -n dev', /NotFound/],
    ] as const)
      test(command, async () => {
        const { code, err } = await path.kubectl(words(command));
        assert.equal(code, 1);
        assert.match(err, says);
      });

    test('create of what exists: AlreadyExists', async () => {
      const { code, err } = await path.kubectl(words('create -f -'), { input: JSON.stringify(deployment('web')) });
      assert.equal(code, 1);
      assert.match(err, /AlreadyExists/);
    });

    test('an invalid object: Invalid, with its fields', async () => {
      const bad = deployment('bad');
      const { code, err } = await path.kubectl(words('create -f -'), {
        input: JSON.stringify({ ...bad, spec: { ...bad.spec, selector: { matchLabels: { app: 'other' } } } }),
      });
      assert.equal(code, 1);
      assert.match(err, /invalid/i);
    });
  });

  test('blocked, whoever agrees: 403 at once', async () => {
    const { code, err } = await path.kubectl(words('delete namespace production'));
    assert.equal(code, 1);
    assert.match(err, /hard-rule/);
  });

  test('paused: 403 at once', async () => {
    await path.ask('ana', 'POST', '/v1/pause', {});
    const { code, err } = await path.kubectl(words('label deployment api x=y -n dev'));
    await path.ask('ana', 'POST', '/v1/resume', {});
    assert.equal(code, 1);
    assert.match(err, /paused/);
  });

  test('a restart in the middle of a wait: the same proposal, and the answer', async () => {
    const running = path.kubectl(words('scale deployment/kept --replicas=3 -n production'), {
      incident: 'INC-restart',
    });
    await waitingIn('INC-restart');
    await path.restart();
    await vote('INC-restart', 'approve');
    const { code, out, err } = await running;
    assert.equal(code, 0, err);
    assert.match(out, /scaled/);
    const { body } = await path.ask('ana', 'GET', '/v1/proposals?incident=INC-restart');
    assert.equal(body.proposals.length, 1);
  });

  test('without constrained impersonation the account reads by its own role, and still writes nothing', async () => {
    await admin('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'older-cluster' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'blastgate-proxy-reader' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ana' }],
    });
    const older = await openGateInPath(plane, { BLASTGATE_PROXY_KUBECONFIG: plane.kubeconfigPath('ana') });
    try {
      assert.match(ok(await older.kubectl(words('get deployment web -n dev'))), /web /);
      assert.match(ok(await older.kubectl(words('auth whoami'))), /ana/);
      assert.match((await older.kubectl(words('get secrets -n dev'))).err, /Secrets are not read through the proxy/);
      const scaled = await older.kubectl(words('annotate deployment web older=1 -n dev'));
      assert.match(ok(scaled), /annotated/);
    } finally {
      await older.close();
    }
  });

  test('every write that the API server took from the gate stands in the trail, with its proposal', async () => {
    const { body } = await path.ask('ana', 'GET', '/v1/proposals?limit=200');
    const known = new Set<string>();
    for (const { id } of body.proposals) {
      const { body: whole } = await path.ask('ana', 'GET', `/v1/proposals/${id}`);
      for (const { event, answer } of whole.events)
        if (event === 'write-answered' && answer.reply !== undefined) known.add(answer.reply.auditId);
    }
    const persisted = writesOf(plane.auditLogPath, 'gate').filter(
      ({ requestURI, requestObject, responseStatus, objectRef }) =>
        responseStatus.code < 300 &&
        !requestURI.includes('dryRun=All') &&
        // Of the gate of the test above, whose trail is another.
        !JSON.stringify(requestObject).includes('"older"') &&
        !JSON.stringify(requestObject).includes('"dryRun":["All"]') &&
        objectRef?.resource.startsWith('selfsubject') !== true,
    );
    assert.ok(persisted.length > 10, `${persisted.length} writes`);
    assert.deepEqual(
      persisted.filter(({ auditID }) => !known.has(auditID)).map(({ verb, requestURI }) => `${verb} ${requestURI}`),
      [],
    );
    const others = [...writesOf(plane.auditLogPath, 'ben'), ...writesOf(plane.auditLogPath, 'blastgate:agent:healer')];
    assert.deepEqual(
      others.filter(
        ({ responseStatus, objectRef }) =>
          responseStatus.code < 300 && objectRef?.resource.startsWith('selfsubject') !== true,
      ),
      [],
      'the account of the proxy writes nothing, as itself or as the agent',
    );
  });
});
