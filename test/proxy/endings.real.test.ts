// How writes of an unchanged kubectl end late, on a real control plane: taken back after it has ended, agreed to by one of two,
// agreed to when nobody waits any more, overtaken by somebody else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type AuditEvent, writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath, type Ran } from '../support/gate-in-path.ts';
import { seedOf } from '../support/sample.ts';

const NAMESPACE = 'production';
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
/** Seconds for which the hasty gate lets a client wait. */
const SHORT_WAIT = 6;
/** Seconds after which what is not healthy is taken back. */
const TUNING = {
  specSettings: { validForSeconds: 3600, convergeWithinSeconds: 6 },
  verdictRule: { settleSeconds: 1, certainAfterSeconds: 2 },
};

/** As the doors show it, as far as is asked here. */
interface Shown {
  readonly id: string;
  readonly digest: string;
  readonly state: string;
  readonly needed: { readonly approvals: number };
}

describe('writes that end late', () => {
  let plane: ControlPlane;
  let patient: GateInPath;
  let hasty: GateInPath;

  const admin = async (method: string, url: string, body?: unknown, contentType?: string): Promise<unknown> => {
    const answer = await plane.request('admin', method, url, body, contentType);
    assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const make = async (name: string): Promise<void> => {
    await admin('POST', DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        replicas: 2,
        progressDeadlineSeconds: 8,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
        },
      },
    });
    await until(`${name} is ready`, async () => (await read(name)).status.readyReplicas === 2);
  };
  // biome-ignore lint/suspicious/noExplicitAny: a Deployment of apps/v1, read by tests only
  const read = async (name: string): Promise<any> => admin('GET', `${DEPLOYMENTS}/${name}`);
  const imageOf = async (name: string): Promise<string> => (await read(name)).spec.template.spec.containers[0].image;
  /** What the API server has taken from the gate for this deployment, dry runs left out. */
  const written = (name: string): readonly AuditEvent[] =>
    writesOf(plane.auditLogPath, 'gate').filter(
      ({ objectRef, requestURI, requestObject, responseStatus }) =>
        objectRef?.name === name &&
        responseStatus.code < 300 &&
        !`${requestURI} ${JSON.stringify(requestObject)}`.match(/dryRun=All|"dryRun":\["All"\]/),
    );

  before(async () => {
    plane = await startControlPlane();
    await installProxyRoles(plane);
    await admin('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    [patient, hasty] = await Promise.all([
      openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60' }, TUNING),
      openGateInPath(plane, { BLASTGATE_PROXY_WAIT: String(SHORT_WAIT) }, TUNING),
      ...['crashing', 'unheard', 'both', 'half', 'late', 'rescaled', 'overtaken'].map(make),
    ]);
  });
  after(async () => {
    await Promise.all([patient?.close(), hasty?.close()]);
    await plane?.stop();
  });

  const run = (path: GateInPath, command: string, incident: string): Promise<Ran> =>
    path.kubectl([...command.split(' '), '-n', NAMESPACE], { incident });
  const proposalsOf = async (path: GateInPath, incident: string): Promise<readonly Shown[]> =>
    (await path.ask('ana', 'GET', `/v1/proposals?incident=${incident}`)).body.proposals;
  const inState = (path: GateInPath, incident: string, wanted: string): Promise<Shown> =>
    until(
      `one of ${incident} is ${wanted}`,
      async () => (await proposalsOf(path, incident)).find(({ state }) => state === wanted) ?? null,
    );
  const vote = async (path: GateInPath, person: string, { id, digest }: Shown, decision = 'approve'): Promise<void> => {
    const said = { decision, digest, reason: 'as a test' };
    const { status, body } = await path.ask(person, 'POST', `/v1/proposals/${id}/votes`, said);
    assert.equal(status, 200, JSON.stringify(body));
  };
  /** As many as are needed say yes to what waits. */
  const approve = async (path: GateInPath, incident: string): Promise<Shown> => {
    const waiting = await inState(path, incident, 'awaiting-approval');
    for (const person of ['bob', 'cho'].slice(0, waiting.needed.approvals)) await vote(path, person, waiting);
    return waiting;
  };
  const trailOf = async (path: GateInPath, id: string): Promise<string> =>
    JSON.stringify((await path.ask('ana', 'GET', `/v1/proposals/${id}`)).body.events);

  describe('each on a deployment of its own', { concurrency: true }, () => {
    test('taken back after kubectl has ended 0: the trail says so, and the same command is proposed anew', async () => {
      const command = 'set image deployment/crashing main=registry.example/crash:2';
      const running = run(patient, command, 'INC-back');
      const { id } = await approve(patient, 'INC-back');
      const { code, out, err } = await running;
      assert.equal(code, 0, err);
      assert.match(out, /image updated/);
      await inState(patient, 'INC-back', 'rolled-back');
      assert.equal(await imageOf('crashing'), 'registry.example/main:1');
      assert.match(await trailOf(patient, id), /rolled-back/);

      const again = run(patient, command, 'INC-back');
      const second = await inState(patient, 'INC-back', 'awaiting-approval');
      assert.notEqual(second.id, id);
      await vote(patient, 'bob', second, 'reject');
      assert.equal((await again).code, 1);
      assert.equal((await proposalsOf(patient, 'INC-back')).length, 2);
      assert.equal(await imageOf('crashing'), 'registry.example/main:1');
    });

    test('taken back while the client could not hear: it is told so when it comes again', async () => {
      const body = JSON.stringify({
        spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example/crash:2' }] } } },
      });
      const ca = await patient.trust();
      const arrive = async (signal?: AbortSignal) => {
        const headers = {
          authorization: 'Bearer healer',
          'content-type': 'application/strategic-merge-patch+json',
          'kubectl-session': 'one-process',
        };
        const url = `${patient.proxyUrl()}/incidents/INC-unheard${DEPLOYMENTS}/unheard`;
        const sent = requestHttps(url, { ca, agent: false, method: 'PATCH', headers, ...(signal && { signal }) });
        sent.end(body);
        // as: what node gives.
        const [answer] = (await once(sent, 'response')) as [IncomingMessage];
        return { status: answer.statusCode ?? 0, text: (await answer.toArray()).join('') };
      };
      const cut = new AbortController();
      const first = arrive(cut.signal);
      first.catch(() => undefined);
      await inState(patient, 'INC-unheard', 'awaiting-approval');
      cut.abort();
      await assert.rejects(first);
      const { id } = await approve(patient, 'INC-unheard');
      await inState(patient, 'INC-unheard', 'rolled-back');
      const { status, text } = await arrive();
      assert.equal(status, 403, text);
      assert.match(text, new RegExp(`${id}.*rolled-back`));
      assert.equal((await proposalsOf(patient, 'INC-unheard')).length, 1);
      assert.equal(await imageOf('unheard'), 'registry.example/main:1');
    });

    test('two agree in time: exit 0', async () => {
      const running = run(patient, 'delete deployment both', 'INC-both');
      const waiting = await inState(patient, 'INC-both', 'awaiting-approval');
      assert.equal(waiting.needed.approvals, 2);
      await vote(patient, 'bob', waiting);
      assert.equal((await plane.request('admin', 'GET', `${DEPLOYMENTS}/both`)).status, 200);
      await vote(patient, 'cho', waiting);
      const { code, out, err } = await running;
      assert.equal(code, 0, err);
      assert.match(out, /"both" deleted/);
    });

    /** One of two has agreed when the wait is over. */
    const overWithOne = async (command: string, incident: string): Promise<Shown> => {
      const running = run(hasty, command, incident);
      const waiting = await inState(hasty, incident, 'awaiting-approval');
      assert.equal(waiting.needed.approvals, 2);
      await vote(hasty, 'bob', waiting);
      const { code, err } = await running;
      assert.equal(code, 1);
      assert.match(
        err,
        /^Error from server \(ApprovalRequired\): .*Run the same command again to wait for the same proposal\./s,
      );
      assert.match(err, new RegExp(`${waiting.id} \\(score \\d+, dual\\).*blastgate show ${waiting.id}`, 's'));
      return waiting;
    };

    test('one of two agrees in time: 403; nothing runs, and the command run again waits for the same', async () => {
      const command = 'delete deployment half';
      const waiting = await overWithOne(command, 'INC-half');
      assert.deepEqual(written('half'), []);
      const again = run(hasty, command, 'INC-half');
      // It arrives meanwhile, and finds the same proposal; one that arrives later finds the answer.
      await pause(1_000);
      await vote(hasty, 'cho', waiting);
      const { code, out, err } = await again;
      assert.equal(code, 0, err);
      assert.match(out, /"half" deleted/);
      assert.equal((await proposalsOf(hasty, 'INC-half')).length, 1);
    });

    test('the second agrees when nobody waits: it is done once, and the command run again has its answer', async () => {
      const command = 'delete deployment late';
      await vote(hasty, 'cho', await overWithOne(command, 'INC-late'));
      await inState(hasty, 'INC-late', 'succeeded');
      const { code, out, err } = await run(hasty, command, 'INC-late');
      assert.equal(code, 0, err);
      assert.match(out, /"late" deleted/);
      assert.equal((await proposalsOf(hasty, 'INC-late')).length, 1);
      assert.equal(written('late').length, 1);
    });

    const rescale = (name: string): Promise<unknown> =>
      admin('PATCH', `${DEPLOYMENTS}/${name}`, { spec: { replicas: 4 } }, 'application/merge-patch+json');
    const isOvertaken = async ({ code, err }: Ran, name: string): Promise<void> => {
      assert.equal(code, 1);
      assert.match(err, /is stale.*\(pre-image-changed\)/s);
      assert.equal((await read(name)).spec.replicas, 4);
      assert.deepEqual(written(name), []);
    };

    test('overtaken by somebody else while people thought: 403 with its code, and nothing is written', async () => {
      const running = run(patient, 'scale deployment/rescaled --replicas=3', 'INC-rescaled');
      await inState(patient, 'INC-rescaled', 'awaiting-approval');
      await rescale('rescaled');
      await approve(patient, 'INC-rescaled');
      await isOvertaken(await running, 'rescaled');
    });

    test('overtaken between approval and write: the same', async () => {
      const pausing = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60' }, TUNING);
      try {
        const running = run(pausing, 'scale deployment/overtaken --replicas=3', 'INC-overtaken');
        await inState(pausing, 'INC-overtaken', 'awaiting-approval');
        await pausing.ask('ana', 'POST', '/v1/pause', {});
        await approve(pausing, 'INC-overtaken');
        await rescale('overtaken');
        await pausing.ask('ana', 'POST', '/v1/resume', {});
        await isOvertaken(await running, 'overtaken');
      } finally {
        await pausing.close();
      }
    });
  });

  // A minute: in the long suite only.
  if (seedOf(process.env) === null)
    test('taken back while a kubectl pauses between two arrivals: 403, exit 1', async () => {
      await make('between');
      // Its pauses are 12 s long; so long has the gate to see that it crashes.
      const verdictRule = { settleSeconds: 1, certainAfterSeconds: 1 };
      const long = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '300' }, { ...TUNING, verdictRule });
      try {
        const command = 'set image deployment/between main=registry.example/crash:2';
        const running = run(long, command, 'INC-between');
        await inState(long, 'INC-between', 'awaiting-approval');
        await until('it has been told to come again', async () =>
          long.log.lines.some(({ event, fields }) => event === 'proxy_write' && fields?.['end'] === 'waiting'),
        );
        const { id } = await approve(long, 'INC-between');
        await inState(long, 'INC-between', 'rolled-back');
        const { code, err } = await running;
        assert.equal(code, 1);
        assert.match(err, new RegExp(`${id}.*rolled-back`, 's'));
        assert.equal((await proposalsOf(long, 'INC-between')).length, 1);
      } finally {
        await long.close();
      }
    });
});
