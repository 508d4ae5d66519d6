// Where traces go, and what is refused: tokens in clear, addresses that are none, a protocol that is not spoken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraces } from './traces.ts';

const read = (env: Readonly<Record<string, string>>) => {
  const problems: string[] = [];
  const traces = readTraces((name) => env[name] ?? null, problems);
  return { traces, problems };
};

test('nothing is set: there are no traces', () => {
  assert.deepEqual(read({ OTEL_SERVICE_NAME: 'x' }), { traces: null, problems: [] });
});

test('the path of traces comes behind a base address, and an exact one is taken as it is', () => {
  assert.equal(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' }).traces?.url, 'http://otel:4318/v1/traces');
  const exact = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t/x' };
  assert.equal(read(exact).traces?.url, 'https://t/x');
});

for (const [why, env, says] of [
  ['no address', { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4318' }, /not an http\(s\) address/],
  ['gRPC', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /http\/json/],
  [
    'a token in clear',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x' },
    /must be https/,
  ],
  ['no headers', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel', OTEL_EXPORTER_OTLP_HEADERS: 'x' }, /name=value/],
] as const)
  test(`refused: ${why}`, () => {
    assert.match(read(env).problems.join('\n'), says);
  });

test('a token on loopback, or by https, is sent and never shown', () => {
  for (const address of ['http://127.0.0.1:4318', 'https://otel.example']) {
    const { traces, problems } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_EXPORTER_OTLP_HEADERS: 'a=secret' });
    assert.deepEqual(problems, []);
    assert.equal(traces?.headers?.reveal(), 'a=secret');
    assert.doesNotMatch(JSON.stringify(traces), /secret/);
  }
});
