// Any text, any argv, any body → an answer by every door, one for each line or request, and the next one is answered too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { quoteArgv } from '../../src/core/command/shell/quote.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { textLines } from '../../src/doors/terminal/text-lines.ts';
import { judgingHere } from '../fakes/judging.ts';
import { kubectlArgv } from '../generators/kubectl-argv.ts';
import { anyText } from '../support/any-text.ts';
import { CAST, setStage } from '../support/memory-gate.ts';
import { ranCli } from '../support/run-cli.ts';

/** Nested deeper than any reader follows. */
const deep = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);

/** Each breaks a reader that recurses without a bound, or is quadratic in its length. */
const BODIES: readonly string[] = [
  deep('{"a":', '}', 3_000).replace('{"a":}', '{"a":1}'),
  deep('[', ']', 20_000),
  `${'a: '.repeat(2_000)}1`,
  deep('{a: ', '}', 3_000),
  deep('- ', '', 20_000),
  `metadata: {labels: {${Array.from({ length: 3_000 }, (_, i) => `k${i}: v`).join(', ')}}}`,
  Array.from({ length: 3_000 }, (_, i) => `k${i}: &a${i} {b: c}`).join('\n'),
  `x: &x [a]\n${Array.from({ length: 3_000 }, (_, i) => `k${i}: *x`).join('\n')}`,
  `? ${'? '.repeat(5_000)}`,
  '\ufeff'.repeat(2_000),
  `"${'\\u2028'.repeat(5_000)}"`,
  '{"spec":{"replicas":1e999}}',
  '{"__proto__":{"a":1},"constructor":null}',
];

const argvs: fc.Arbitrary<readonly string[]> = fc.oneof(
  kubectlArgv.map((argv) => ['kubectl', ...argv]),
  fc.constantFrom(...BODIES).map((body) => ['kubectl', 'patch', 'deploy', 'web', '-p', body]),
  fc.constantFrom(...BODIES).map((body) => ['kubectl', 'run', 'x', '--image=i', `--overrides=${body}`]),
  fc.array(anyText(), { maxLength: 5 }),
);
const lines = fc.oneof(
  anyText(200),
  argvs.map(quoteArgv),
  fc.constantFrom(...BODIES).map((body) => `kubectl apply -f - <<'EOF'\n${body}\nEOF`),
);

const hash = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

test('--stdin answers every line with one line of JSON', async () => {
  const oneLine = fc.oneof(
    lines.map((line) => line.replaceAll('\n', ' ')),
    argvs.map((argv) => JSON.stringify(argv)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(oneLine, { minLength: 1, maxLength: 4 }), async (all) => {
      const bytes = async function* () {
        yield new TextEncoder().encode(all.map((line) => `${line}\n`).join(''));
      };
      const { code, out, err } = await ranCli(['score', '--stdin'], { readIn: () => textLines(bytes()) });
      assert.deepEqual([code, err], [0, '']);
      const answers = out.split(/\r\n|[\n\r\u0085\u2028\u2029]/).filter((answer) => answer !== '');
      assert.equal(answers.length, all.length);
      for (const answer of answers) assert.equal(typeof (JSON.parse(answer) as { tier: unknown }).tier, 'string');
    }),
    { numRuns: 150 },
  );
});

test('HTTP answers every command: judged, stored, or turned away with a code, never broken', async () => {
  const people = {
    ...CAST,
    agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hash('healer')] }],
  } as const;
  const stage = setStage();
  const app = httpApp(
    {
      ...stage.gate,
      judging: judgingHere(),
      people: () => people,
    },
    {
      version: '1',
      ready: async () => ({ ok: true }),
      streams: { perToken: 50, inAll: 1000 },
      metrics: async () => '',
      ending: new AbortController().signal,
    },
  );
  const command = fc.oneof(
    lines.map((line) => ({ command: line })),
    argvs.map((argv) => ({ argv })),
    fc
      .constantFrom(...BODIES)
      .map((body) => ({ argv: ['kubectl', 'apply', '-f', 'x.yaml'], files: { 'x.yaml': body } })),
  );
  await fc.assert(
    fc.asyncProperty(command, fc.constantFrom('score', 'evaluate', 'proposals'), async (given, address) => {
      stage.clock.pass(60); // the rate limit counts by the minute
      const body = address === 'score' ? given : { ...given, incident: 'INC-7' };
      const response = await app.request(`/v1/${address}`, {
        method: 'POST',
        headers: { authorization: 'Bearer healer' },
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as { readonly code?: unknown };
      assert.ok([200, 201, 400, 413, 422].includes(response.status), `${response.status} ${JSON.stringify(answer)}`);
      if (response.status >= 400) assert.equal(typeof answer.code, 'string');
    }),
    { numRuns: 150 },
  );
});
