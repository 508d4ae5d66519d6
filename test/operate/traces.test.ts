// One trace from a proposal to its verdict, through a whole gate, as a collector hears it; the trace of whoever proposes goes on, and the log
// names it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openGate } from '../evidence/doors.ts';
import { memoryLog } from '../fakes/log.ts';

interface HeardSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

const [TRACE, CALLER] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test('a proposal with a trace is one trace at the collector, and one without begins its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-traces-'));
  const spans: HeardSpan[] = [];
  const services = new Set<string>();
  const collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        services.add(resource.attributes[0].value.stringValue);
        spans.push(...scopeSpans[0].spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
  // as: it listens on a port.
  const { port } = collector.address() as AddressInfo;
  const sandbox = await startSandboxCluster({ port: 0 });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const log = memoryLog();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_SERVICE_NAME: 'gate-under-test' };
  const gate = await openGate(join(folder, 'gate'), kubeconfig, {}, { env, log });
  let isStopped = false;
  try {
    const propose = async (incident: string, headers: Readonly<Record<string, string>>): Promise<string> => {
      const answer = await fetch(`${gate.url}/v1/proposals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gate.tokens.healer}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          incident,
          argv: ['kubectl', 'rollout', 'restart', 'deployment/web', '-n', 'shop'],
        }),
      });
      // as: a proposal.
      return ((await answer.json()) as { readonly id: string }).id;
    };
    const ended = async (id: string): Promise<void> => {
      for (let at = 0; at < 3000; at += 1) {
        const { state } = (await gate.call('ana', 'GET', `/proposals/${id}`)).body;
        if (state === 'succeeded') return;
        assert.ok(!['stale', 'refused', 'awaiting-approval', 'failed', 'rolled-back'].includes(state), state);
        await pause(10);
      }
      assert.fail(`${id} never ends`);
    };
    const one = await propose('INC-1', { traceparent: `00-${TRACE}-${CALLER}-01` });
    await ended(one);
    await ended(await propose('INC-2', {}));
    await gate.stop();
    isStopped = true;

    const mine = spans.filter(({ traceId }) => traceId === TRACE);
    assert.deepEqual(mine.map(({ name }) => name).toSorted(), ['execution', 'remediation', 'verification']);
    const root = mine.find(({ name }) => name === 'remediation');
    assert.ok(root);
    assert.equal(root.parentSpanId, CALLER);
    for (const span of mine) {
      if (span !== root) assert.equal(span.parentSpanId, root.spanId);
      assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano));
      assert.match(span.spanId, /^[0-9a-f]{16}$/);
    }
    const others = spans.filter(({ traceId }) => traceId !== TRACE);
    assert.deepEqual(others.map(({ name }) => name).toSorted(), ['execution', 'remediation', 'verification']);
    assert.equal(new Set(others.map(({ traceId }) => traceId)).size, 1);
    assert.equal(others.find(({ name }) => name === 'remediation')?.parentSpanId, undefined);
    assert.deepEqual([...services], ['gate-under-test']);

    const logged = log.lines.filter(({ fields }) => fields['proposal'] === one);
    assert.ok(logged.length > 3);
    for (const { fields, event } of logged) assert.equal(fields['trace_id'], TRACE, event);
  } finally {
    if (!isStopped) await gate.stop();
    await sandbox.stop();
    collector.closeAllConnections();
    collector.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
