// Spans over whole lives of proposals, and what a collector is sent: batches, again where that is worth it, and counted where it is lost.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { type Stage, setStage } from '../../../test/support/memory-gate.ts';
import type { TraceContext } from '../../core/model/trace-context.ts';
import { Secret } from '../../ports/secret.ts';
import { createSpanExporter } from './exporter.ts';
import { spansOf, type TraceSpan } from './spans.ts';

const TRACE: TraceContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  parentId: '00f067aa0ba902b7',
  recorded: 'yes',
};

const traced = (trace: TraceContext = TRACE) => {
  const stage = setStage();
  const spans: TraceSpan[] = [];
  Object.assign(stage.gate, {
    newTrace: () => trace,
    onSaved: (changes) => spans.push(...changes.flatMap(spansOf)),
  } satisfies Partial<Stage['gate']>);
  return { stage, spans };
};

describe('the spans of a life', () => {
  test('one trace from the proposal to the verdict, each phase once, all below the root that ends last', async () => {
    const { stage, spans } = traced();
    await stage.proposeText('scale production/web 5');
    await stage.pass(30);
    await stage.vote('p-1', 'ben');
    await stage.pass(60);
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['approval', 'execution', 'verification', 'remediation'],
    );
    const root = spans.at(-1);
    assert.ok(root);
    assert.equal(root.parentId, TRACE.parentId);
    assert.equal(root.attributes['blastgate.end'], 'succeeded');
    for (const span of spans) {
      assert.equal(span.traceId, TRACE.traceId);
      assert.ok(span.begun <= span.ended);
      if (span !== root) assert.equal(span.parentId, root.spanId);
    }
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 4);
    const [approval] = spans;
    assert.deepEqual(
      approval?.events.map(({ name, attributes }) => [name, attributes['blastgate.person']]),
      [['approve', 'ben']],
    );
  });

  test('what is taken back says so, and is an error', async () => {
    const { stage, spans } = traced();
    const web = stage.cluster.workloads.get('dev/web');
    assert.ok(web);
    web.health = 'broken';
    await stage.proposeText('scale dev/web 5');
    await stage.pass(400);
    assert.deepEqual(
      spans.map(({ name, status }) => [name, status]),
      [
        ['execution', 'ok'],
        ['verification', 'error'],
        ['rollback', 'ok'],
        ['verification', spans[3]?.status],
        ['remediation', 'error'],
      ],
    );
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 5);
  });

  test('what is refused at once is a root alone', async () => {
    const { stage, spans } = traced();
    await stage.proposeText('rm everything');
    assert.ok(spans.length <= 1);
    for (const { name } of spans) assert.equal(name, 'remediation');
  });

  test('a trace that nobody records is kept and not sent', async () => {
    const { stage, spans } = traced({ ...TRACE, recorded: 'no' });
    await stage.proposeText('scale dev/web 5');
    await stage.pass(60);
    assert.deepEqual(spans, []);
    assert.equal((await stage.read('p-1')).trace?.traceId, TRACE.traceId);
    assert.ok(stage.log.lines.some(({ fields }) => fields['trace_id'] === TRACE.traceId));
  });

  test('no word of the command is in a span', async () => {
    const { stage, spans } = traced();
    await stage.proposeText('scale dev/web 5');
    await stage.pass(60);
    assert.doesNotMatch(JSON.stringify(spans), /kubectl|scale|replicas/);
  });

  test('without traces nothing is kept of one', async () => {
    const stage = setStage();
    await stage.proposeText('scale dev/web 5');
    assert.equal('trace' in (await stage.read('p-1')), false);
  });
});

describe('the exporter', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = null;
  });

  /** A collector that answers with these, the last of them for ever. */
  const collector = async (...answers: readonly number[]) => {
    const heard: { readonly path: string; readonly token: string | undefined; readonly names: readonly string[] }[] =
      [];
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(text);
        const names = resourceSpans[0].scopeSpans[0].spans.map(({ name }: { readonly name: string }) => name);
        heard.push({ path: request.url ?? '', token: request.headers.authorization, names });
        response.writeHead(answers[Math.min(heard.length, answers.length) - 1] ?? 500).end('{}');
      });
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    // as: it listens on a port.
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/v1/traces`, heard };
  };

  const span = (name: string): TraceSpan => ({
    traceId: TRACE.traceId,
    spanId: '00f067aa0ba902b8',
    parentId: null,
    name,
    begun: 1_000,
    ended: 2_000,
    attributes: {},
    events: [],
    status: 'ok',
  });
  const exporterTo = (url: string) => {
    const troubles: string[] = [];
    const exporter = createSpanExporter(
      { url, headers: new Secret('Authorization=Bearer%20token'), serviceName: 'blastgate', version: '1' },
      (why) => troubles.push(why),
    );
    const counted = (result: string) => Number(new RegExp(`result="${result}"\\} (\\d+)`).exec(exporter.counts())?.[1]);
    return { exporter, troubles, counted };
  };

  test('what is added is sent at the end at the latest, with the headers, in one request', async () => {
    const { url, heard } = await collector(200);
    const { exporter, counted } = exporterTo(url);
    exporter.add([span('a'), span('b')]);
    exporter.add([span('c')]);
    await exporter.close(5_000);
    assert.deepEqual(heard, [{ path: '/v1/traces', token: 'Bearer token', names: ['a', 'b', 'c'] }]);
    assert.deepEqual([counted('sent'), counted('dropped')], [3, 0]);
  });

  test('a collector that is busy is asked again', async () => {
    const { url, heard } = await collector(503, 200);
    const { exporter, counted, troubles } = exporterTo(url);
    exporter.add([span('a')]);
    await exporter.close(30_000);
    assert.equal(heard.length, 2);
    assert.deepEqual([counted('sent'), counted('dropped'), troubles.length], [1, 0, 0]);
  });

  test('one that does not want it is asked once; it is dropped, counted and said once', async () => {
    const { url, heard } = await collector(400);
    const { exporter, counted, troubles } = exporterTo(url);
    exporter.add([span('a')]);
    await exporter.close(5_000);
    assert.equal(heard.length, 1);
    assert.deepEqual([counted('dropped'), troubles], [1, ['HTTP 400']]);
  });

  test('a flood beyond the queue is dropped and counted, and never waited for', async () => {
    const { url } = await collector(200);
    const { exporter, counted } = exporterTo(url);
    exporter.add(Array.from({ length: 5_000 }, () => span('a')));
    await exporter.close(30_000);
    assert.deepEqual([counted('sent'), counted('dropped')], [2048, 2952]);
  });

  test('nobody there: the end waits no longer than it may', async () => {
    const { exporter, counted } = exporterTo('http://127.0.0.1:1/v1/traces');
    exporter.add([span('a')]);
    await exporter.close(100);
    assert.equal(counted('dropped'), 1);
  });
});
