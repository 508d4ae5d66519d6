// Many and much through the proxy on a real control plane: fifty agents who all say the same eleven times, a watch over idle time, and
// a list of 100 MB for a client that reads slowly.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath } from '../support/gate-in-path.ts';
import { seedOf } from '../support/sample.ts';

const NAMESPACE = 'dev';
const CONFIG_MAPS = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const [AGENTS, ARRIVALS] = [50, 11];
const MEGABYTE = 2 ** 20;
const IS_LONG = seedOf(process.env) === null;
/** Seconds in which nothing happens that is watched. */
const IDLE = IS_LONG ? 70 : 2;

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

describe('many and much', () => {
  let plane: ControlPlane;
  let path: GateInPath;
  const agents = numbered('agent', AGENTS);

  const admin = async (method: string, url: string, body?: unknown, contentType?: string): Promise<unknown> => {
    const answer = await plane.request('admin', method, url, body, contentType);
    assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const make = (name: string, data: Readonly<Record<string, string>> = {}, namespace = NAMESPACE): Promise<unknown> =>
    admin('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data,
    });

  before(async () => {
    plane = await startControlPlane();
    await installProxyRoles(plane);
    await admin('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    for (const name of ['watched', ...agents]) await make(name);
    path = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '120' }, {}, ['healer', ...agents]);
  });
  after(async () => {
    await path?.close();
    await plane?.stop();
  });

  interface Shown {
    readonly id: string;
    readonly digest: string;
    readonly state: string;
  }
  const proposals = async (): Promise<readonly Shown[]> =>
    (await path.ask('ana', 'GET', '/v1/proposals?incident=INC-many&limit=200')).body.proposals;

  describe('at once', { concurrency: true }, () => {
    test('fifty agents, eleven arrivals each: fifty proposals, one execution each, and an answer for every arrival', async () => {
      const ca = await path.trust();
      const sessions = agents.map(() => connect(path.proxyUrl(), { ca }));
      /** As one kubectl process does: again when it is told to, ten times. */
      const arrive = async (
        at: number,
        process: number,
      ): Promise<{ readonly status: number; readonly text: string }> => {
        for (let tries = 1; ; tries += 1) {
          const stream = sessions[at]?.request({
            ':method': 'PATCH',
            ':path': `/incidents/INC-many${CONFIG_MAPS}/${agents[at]}`,
            authorization: `Bearer ${agents[at]}`,
            'content-type': 'application/merge-patch+json',
            'kubectl-session': `process-${process}`,
          });
          assert.ok(stream !== undefined);
          stream.end(JSON.stringify({ metadata: { labels: { round: 'one' } } }));
          const [headers] = await once(stream, 'response');
          let text = '';
          for await (const chunk of stream) text += chunk;
          if (headers[':status'] !== 429 || tries === 11) return { status: headers[':status'], text };
          await pause(Number(headers['retry-after']) * 1000);
        }
      };
      try {
        const answers = Promise.all(
          agents.flatMap((_, at) => Array.from({ length: ARRIVALS }, (__, process) => arrive(at, process))),
        );
        const waiting = await until('all of them wait', async () => {
          const all = await proposals();
          return all.filter(({ state }) => state === 'awaiting-approval').length >= AGENTS ? all : null;
        });
        for (const { id, digest } of waiting) {
          const said = { decision: 'approve', digest, reason: 'as a test' };
          const { status, body } = await path.ask('bob', 'POST', `/v1/proposals/${id}/votes`, said);
          assert.equal(status, 200, JSON.stringify(body));
        }
        for (const { status, text } of await answers) {
          assert.equal(status, 200, text);
          assert.match(text, /"labels":\{"round":"one"\}/);
        }
      } finally {
        for (const one of sessions) one.destroy();
      }
      assert.equal((await proposals()).length, AGENTS);
      const executed = writesOf(plane.auditLogPath, 'gate').filter(
        ({ objectRef, requestURI }) => objectRef?.namespace === NAMESPACE && !requestURI.includes('dryRun=All'),
      );
      assert.deepEqual(executed.map(({ objectRef }) => `${objectRef?.name}`).toSorted(), agents.toSorted());
    });

    test(`a watch of kubectl over ${IDLE} s in which nothing happens`, async () => {
      const watching = spawn(
        plane.kubectlPath,
        ['get', 'configmap', 'watched', '-n', NAMESPACE, '--watch', '-o', 'jsonpath={.data.round}{"\\n"}'],
        { env: { HOME: path.folder, KUBECONFIG: await path.kubeconfigOf('healer', null) } },
      );
      try {
        let said = '';
        for (const stream of [watching.stdout, watching.stderr])
          stream.on('data', (chunk) => {
            said += chunk;
          });
        await until('it has the object', async () => said === '\n');
        await pause(IDLE * 1000);
        const change = { data: { round: 'after' } };
        await admin('PATCH', `${CONFIG_MAPS}/watched`, change, 'application/merge-patch+json');
        await until('it has heard', async () => said.includes('after'));
        assert.equal(said, '\nafter\n');
        assert.equal(watching.exitCode, null);
      } finally {
        watching.kill();
        await once(watching, 'exit');
      }
    });
  });

  // Half a minute: in the long suite only.
  if (IS_LONG)
    test('a list of 100 MB at flat memory, however slowly it is read', async () => {
      await admin('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'large' } });
      const data = { text: 'x'.repeat(MEGABYTE) };
      for (const name of numbered('page', 100)) await make(name, data, 'large');
      setFlagsFromString('--expose-gc');
      // as: V8's own, by the flag.
      const collect = runInNewContext('gc') as () => void;
      /** Without what is only not yet collected. */
      const inUse = (): number => {
        collect();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      };
      const ca = await path.trust();
      const sent = requestHttps(`${path.proxyUrl()}/api/v1/namespaces/large/configmaps`, {
        ca,
        agent: false,
        headers: { authorization: 'Bearer healer' },
      });
      sent.end();
      // as: what node gives.
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      assert.equal(answer.statusCode, 200);
      const before = inUse();
      let most = before;
      // Nobody reads: what comes must not be heaped up.
      for (let round = 0; round < 6; round += 1) {
        await pause(500);
        most = Math.max(most, inUse());
      }
      let [size, measuredAt] = [0, 0];
      for await (const chunk of answer) {
        size += chunk.length;
        if (size - measuredAt < 2 * MEGABYTE) continue;
        measuredAt = size;
        most = Math.max(most, inUse());
      }
      assert.ok(size > 100 * MEGABYTE, `${size} bytes`);
      const grown = (most - before) / MEGABYTE;
      assert.ok(grown < 20, `${grown} MB more than before`);
    });
});
