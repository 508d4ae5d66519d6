// The checks of a policy, asked of a real Prometheus and a real service while a real control plane rolls out.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createHealthChecks } from '../../src/adapters/checks/health-checks.ts';
import { policyOf } from '../../src/core/blast-radius/policy.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

const ERRORS = { promql: 'sum(shop_errors)', is: '< 5' } as const;

describe('a check', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  let service: Server;
  let prometheus: Prometheus;
  let [errors, status] = [0, 200];
  before(async () => {
    plane = await sharedControlPlane();
    service = createServer((request, response) => {
      if (request.url === '/metrics') response.end(`# TYPE shop_errors gauge\nshop_errors ${errors}\n`);
      else response.writeHead(status).end();
    });
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
    // as: it listens on TCP.
    const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    prometheus = await startPrometheus(host);
    ({ shop, on } = await openGateOn(plane, 'checks'));
    const verify = { scale: { checks: [ERRORS, { http: `http://${host}/healthz`, status: 200 }] } };
    const policy = policyOf({ ...on.gate.policy.document, prometheus: prometheus.address, verify }, null);
    Object.assign(on.gate, { policy, checks: createHealthChecks(() => prometheus.address) });
    await shop.deploy({
      kind: 'Deployment',
      name: 'web',
      image: 'web:1',
      replicas: 2,
      spec: { progressDeadlineSeconds: 8 },
    });
    await scraped('0');
  });
  after(async () => {
    service?.closeAllConnections();
    service?.close();
    await prometheus?.stop();
    await plane?.stop();
  });

  const scraped = (value: string): Promise<unknown> =>
    until(`Prometheus has scraped ${value}`, async () => {
      const answer = await fetch(`${prometheus.address}/api/v1/query?query=${encodeURIComponent(ERRORS.promql)}`);
      return (await answer.text()).includes(`"${value}"`);
    });
  const replicas = async (): Promise<number> => (await shop.read('deployments', 'web')).spec.replicas;

  test('that passes lets a change succeed', async () => {
    const end = await on.run('kubectl scale deployment web --replicas=3');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
  });

  test('that fails past the window takes it back, with the value that was seen', async () => {
    const end = await on.run('kubectl scale deployment web --replicas=4', async () => {
      errors = 7;
      await scraped('7');
    });
    assert.deepEqual([end.state, end.verdict?.code], ['rolled-back', 'check-failed'], story(end));
    assert.equal(end.verdict?.subject, 'promql sum(shop_errors) < 5: 7');
    assert.equal(await replicas(), 3);
    errors = 0;
    await scraped('0');
  });

  test('of an address that answers otherwise takes it back', async () => {
    const end = await on.run('kubectl scale deployment web --replicas=4', async () => {
      status = 503;
    });
    assert.deepEqual([end.state, end.verdict?.code], ['rolled-back', 'check-failed'], story(end));
    assert.match(end.verdict?.subject ?? '', /healthz 200: 503$/);
    status = 200;
  });

  test('that nobody answers is told apart from one that fails', async () => {
    const end = await on.run('kubectl scale deployment web --replicas=4', () => prometheus.stop());
    assert.deepEqual(
      [end.state, end.verdict?.is, end.verdict?.code],
      ['rolled-back', 'unknown', 'check-unseen'],
      story(end),
    );
    assert.match(end.verdict?.subject ?? '', /ECONNREFUSED/);
    assert.equal(await replicas(), 3);
  });
});
