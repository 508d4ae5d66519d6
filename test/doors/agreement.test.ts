// Every golden case through every door: the same command against the same cluster gets the same answer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { openJudging } from '../../src/adapters/judging/open-judging.ts';
import { readCases } from '../../src/adapters/policy/read-cases.ts';
import type { GoldenCase } from '../../src/core/blast-radius/golden-case.ts';
import { requestJson } from '../../src/core/model/api-request.ts';
import type { Command } from '../../src/core/model/command.ts';
import type { Facts } from '../../src/core/model/facts.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import { judgeCommand } from '../../src/doors/cli/judge.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { assessAgain } from '../../src/flow/requests/assess.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import type { ClusterFacts, ClusterReader } from '../../src/ports/cluster-reader.ts';
import { memoryLog } from '../fakes/log.ts';
import { CAST, HEALER, setStage } from '../support/memory-gate.ts';
import { ranCli } from '../support/run-cli.ts';

const folder = new URL('../../policy/cases/', import.meta.url);
const cases: readonly GoldenCase[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const read = readCases(readFileSync(new URL(name, folder), 'utf8'));
    return read.ok ? read.cases : [];
  });

const INCIDENT = 'INC-1';
const hash = (token: string) => `sha256:${createHash('sha256').update(token).digest('hex')}`;

/** A cluster that says what the case says it says; the gate's own memory is empty at every door. */
const readerOf = ({ cluster, targets, neighbourhood, missing }: Facts): Pick<ClusterReader, 'readFacts'> => ({
  readFacts: async (): Promise<ClusterFacts> => ({ cluster, targets, neighbourhood, missing }),
});

/** As `serve` has it: some of it here, some on threads. */
const judging = openJudging(memoryLog());
after(() => judging.close());

const gateOver = (facts: Facts) => {
  const stage = setStage();
  const people = { people: CAST.people.map((one) => ({ ...one, tokens: [hash(one.id)] })), agents: [] };
  const reader: ClusterReader = { ...stage.cluster, ...readerOf(facts) };
  const gate: Gate = { ...stage.gate, judging, reader, people: () => people };
  const app = httpApp(gate, {
    version: '1',
    ready: async () => ({ ok: true }),
    streams: { perToken: 50, inAll: 1000 },
    metrics: async () => '',
    ending: stage.never,
  });
  const post = async (path: string, body: Json): Promise<JsonObject> => {
    const headers = { authorization: 'Bearer ana' };
    const response = await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(response.status, 200, await response.clone().text());
    // as: every answer of these two addresses is an object.
    return (await response.json()) as JsonObject;
  };
  return { gate, post, never: stage.never };
};

const bodyOf = (command: Command): JsonObject => {
  if (command.kind === 'line') return { command: command.line };
  return command.kind === 'argv' ? { argv: command.argv } : { request: requestJson(command.request) };
};

const wordsOf = (command: Command): readonly string[] => {
  if (command.kind === 'line') return ['--command', command.line];
  return command.kind === 'argv' ? ['--', ...command.argv] : ['--stdin'];
};

const commandLineScore = async ({ command, namespace }: GoldenCase): Promise<unknown> => {
  const words = wordsOf(command);
  const lines = [JSON.stringify(bodyOf(command))];
  const { out } = await ranCli(['score', '-o', 'json', '-n', namespace, ...words], { lines });
  return JSON.parse(out);
};

const FLAGS = { blastRadiusCheck: 'on', gitopsPr: 'on' } as const;

suite('the doors agree', () => {
  const nobody: Facts = { ...(cases.find(({ facts }) => facts !== null)?.facts as Facts), targets: [] };
  const offline = gateOver(nobody);
  test('on the score of every golden case, no cluster asked', async () => {
    for (const golden of cases) {
      // A terminal reads its own disk; what travels with a case stands on none.
      if (golden.files.size > 0) continue;
      const said = JSON.stringify(golden.command);
      const wire = { ...bodyOf(golden.command), namespace: golden.namespace };
      assert.deepEqual(await offline.post('/v1/score', wire), await commandLineScore(golden), said);
    }
  });

  const live = cases.flatMap(({ facts, ...golden }) => (facts === null ? [] : [{ ...golden, facts }]));
  test('there are enough cases with a cluster', () => assert.ok(live.length > 150, `${live.length}`));
  for (const { command, namespace, files, facts } of live) {
    test(JSON.stringify(command), async () => {
      const { gate, post, never } = gateOver(facts);
      const wire = { ...bodyOf(command), namespace, files: Object.fromEntries(files), incident: INCIDENT };
      const overHttp = await post('/v1/evaluate', wire);
      const cluster = {
        reader: readerOf(facts),
        writer: setStage().cluster,
        namespace: 'default',
        customResources: [],
      };
      const request = {
        command,
        files,
        namespace,
        cluster,
        clusterName: null,
        windowSeconds: null,
        incident: INCIDENT,
      };
      const atTerminal = await judgeCommand(request, { policy: gate.policy, flags: FLAGS }, assert.fail);
      assert.deepEqual(overHttp, JSON.parse(JSON.stringify(atTerminal.spec)));
      const proposed = await propose(
        gate,
        { command, files, namespace, incident: INCIDENT, proposer: HEALER, diagnosis: null, mayStill: () => true },
        never,
      );
      if (!proposed.ok) {
        assert.ok(['nothing-to-do', 'no-executor'].includes(proposed.refusal.code), proposed.refusal.code);
        assert.equal(proposed.remediation?.state, 'refused');
        assert.equal(atTerminal.spec.runnable.is, false);
        return;
      }
      const { remediation } = proposed;
      assert.equal(atTerminal.spec.runnable.is, !['refused', 'blocked'].includes(remediation.state));
      assert.equal(remediation.spec.digest, atTerminal.spec.digest);
      assert.equal(remediation.decision?.leadsTo, atTerminal.decision.leadsTo);
      if (remediation.state !== 'approved' && remediation.state !== 'awaiting-approval') return;
      if (facts.cluster === null || facts.targets.length === 0) return;
      assert.deepEqual(await assessAgain(gate, remediation, never), { kind: 'true' });
    });
  }
});
