// The table of live evidence against one cluster: each scenario in a namespace of its own, judged with its cause and
// without, through both doors. It must never know which cluster it is.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Door, type GateUnderTest, type Judgement, openGate, throughCommandLine } from './doors.ts';
import { pointsOf, type Scenario } from './scenario.ts';
import { DISRUPTION } from './scenarios/disruption.ts';
import { ELSEWHERE } from './scenarios/elsewhere.ts';
import { GOVERNED } from './scenarios/governed.ts';
import { PODS } from './scenarios/pods.ts';
import { type Call, type MakeAs, Scene } from './scene.ts';

export const SCENARIOS: readonly Scenario[] = [...DISRUPTION, ...PODS, ...GOVERNED, ...ELSEWHERE];

/** A cluster to show it on. */
export interface Ground {
  readonly call: Call;
  /** For the gate. */
  readonly kubeconfig: string;
  /** How a field manager other than `kubectl` makes an object: the fields that it then holds are those of the object. */
  readonly makeAs: MakeAs;
  readonly stop: () => Promise<void>;
}

/** A row of the table that is printed in the end. */
export interface Shown {
  readonly code: string;
  readonly command: string;
  readonly with: string;
  readonly without: string;
}

const PATIENCE_MS = 10_000;

/** A watch tells a moment later what a list says now: asked again until it is so, or said what it is instead. */
const settles = async (ask: () => Promise<Judgement>, sum: string): Promise<Judgement> => {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const judgement = await ask();
    if (judgement.sum === sum || performance.now() > end) return judgement;
    await pause(50);
  }
};

const check = (judgement: Judgement, sum: string, door: string): void => {
  assert.equal(judgement.sum, sum, `${door}: ${JSON.stringify(judgement.lines)}`);
  assert.equal(judgement.score, pointsOf(sum), door);
};

const pointsIn = (judgement: Judgement, code: string): number =>
  judgement.lines.filter((line) => line.code === code).reduce((points, line) => points + line.points, 0);

const show = async (one: Scenario, scene: Scene, commandLine: Door, gate: GateUnderTest): Promise<Shown> => {
  await one.prepare(scene);
  const words = await one.command(scene);
  const seen = await commandLine(scene.namespace, words);
  check(seen, one.sum, 'blastgate evaluate');
  const named = seen.lines.find(({ code }) => code === one.code)?.subject ?? '';
  if (one.names !== null) assert.ok(named.includes(one.names(scene)), `"${named}" names ${one.names(scene)}`);
  check(await settles(() => gate.door(scene.namespace, words), one.sum), one.sum, 'the gate');
  await one.remove(scene);
  const again = await one.command(scene);
  const gone = await commandLine(scene.namespace, again);
  check(gone, one.after, 'blastgate evaluate, without the cause');
  check(await settles(() => gate.door(scene.namespace, again), one.after), one.after, 'the gate, without the cause');
  const [before, after] = [pointsIn(seen, one.code), pointsIn(gone, one.code)];
  assert.notEqual(before, after, `${one.code} has the same points with its cause and without`);
  const command = `kubectl ${words.join(' ')}`;
  return { code: one.code, command, with: `${one.sum} = ${seen.score}`, without: `${one.after} = ${gone.score}` };
};

/** Declares a test for each scenario; `start` is called once before and its ground stopped after. */
export const evidenceSuite = (title: string, start: () => Promise<Ground>, concurrency: number): void => {
  test(title, { concurrency }, async (t) => {
    const ground = await start();
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-evidence-'));
    const gate = await openGate(folder, ground.kubeconfig);
    const commandLine = throughCommandLine(ground.kubeconfig);
    const rows: Shown[] = [];
    try {
      await Promise.all(
        SCENARIOS.map((one, at) =>
          t.test(`${one.code}: ${one.cause}`, async () => {
            const scene = new Scene(ground.call, `evidence-${at}${one.ending}`, ground.makeAs);
            await scene.open();
            rows.push(await show(one, scene, commandLine, gate));
          }),
        ),
      );
    } finally {
      await gate.stop();
      await ground.stop();
      rmSync(folder, { recursive: true, force: true });
      for (const line of tableOf(rows)) t.diagnostic(line);
    }
  });
};

/** A line a scenario: what was asked, the score with the cause and without. */
const tableOf = (rows: readonly Shown[]): readonly string[] => {
  const sorted = rows.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const all = [{ code: 'code', command: 'command', with: 'with the cause', without: 'without' }, ...sorted];
  const wide = (column: keyof Shown): number => Math.max(...all.map((row) => row[column].length));
  const widths = { code: wide('code'), command: wide('command'), with: wide('with') };
  return all.map(
    (row) =>
      `${row.code.padEnd(widths.code)}  ${row.command.padEnd(widths.command)}  ${row.with.padEnd(widths.with)}  ${row.without}`,
  );
};
