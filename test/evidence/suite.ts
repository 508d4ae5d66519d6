// The table of live evidence against one cluster: each scenario in a namespace of its own, judged with its cause and
// without, through both doors.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tuning } from '../../src/doors/compose/tuning.ts';
import { type Door, type GateUnderTest, type Judgement, openGate, throughCommandLine } from './doors.ts';
import { propose, REMEMBERED, type Remembered, restart, sumLater } from './memory.ts';
import { pointsOf, type Scenario } from './scenario.ts';
import { DISRUPTION } from './scenarios/disruption.ts';
import { ELSEWHERE } from './scenarios/elsewhere.ts';
import { GOVERNED } from './scenarios/governed.ts';
import { PODS } from './scenarios/pods.ts';
import { type Call, type MakeAs, Scene } from './scene.ts';

const SCENARIOS: readonly Scenario[] = [...DISRUPTION, ...PODS, ...GOVERNED, ...ELSEWHERE];

/** A cluster to show it on. */
export interface Ground {
  readonly call: Call;
  /** For the gate. */
  readonly kubeconfig: string;
  /** How a field manager other than `kubectl` makes an object: the fields that it then holds are those of the object. */
  readonly makeAs: MakeAs;
  /** From now on the gate may not see PodDisruptionBudgets, until the answer is called. */
  readonly withhold: () => Promise<() => Promise<void>>;
  readonly stop: () => Promise<void>;
}

/** A row of the table that is printed in the end. */
interface Shown {
  readonly code: string;
  readonly command: string;
  readonly with: string;
  readonly without: string;
}

/** Why a fact does not come back. */
interface Unanswered {
  readonly cause: string;
  readonly withholds: boolean;
  readonly tuning: Partial<Tuning>;
  readonly names: RegExp;
}

const UNANSWERED: readonly Unanswered[] = [
  {
    cause: 'the gate may not read PodDisruptionBudgets',
    withholds: true,
    tuning: {},
    names: /poddisruptionbudgets\.policy.*: forbidden/,
  },
  {
    cause: 'what the gate knows is older than the setting allows',
    withholds: false,
    tuning: { evidenceMaxAgeSeconds: 0 },
    names: /: too-old/,
  },
];

const PATIENCE_MS = 30_000;
/** Longer ago than the oldest run of a memory scenario began. */
const SECONDS_AGO = 120;

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

/** One gate, its store, and an hour or a week that passes on its clock alone. */
const showMemory = async (one: Remembered, scene: Scene, gate: GateUnderTest): Promise<Shown> => {
  await one.prepare(scene, gate);
  const words = one.command.split(' ');
  const seen = await settles(() => gate.door(scene.namespace, words), one.sum);
  check(seen, one.sum, 'the gate');
  const named = seen.lines.find(({ code }) => code === one.code)?.subject ?? '';
  assert.ok(named.includes(one.names(scene)), `"${named}" names ${one.names(scene)}`);
  const { id } = await propose(gate, scene, one.command, 'again');
  const { body } = await gate.call('ana', 'GET', `/proposals/${id}`);
  assert.equal(body.state, 'awaiting-approval', 'a person decides');
  assert.equal(
    await sumLater(gate, scene, one.command, one.passes - SECONDS_AGO),
    one.sum,
    'just before it has passed',
  );
  assert.equal(await sumLater(gate, scene, one.command, one.passes), one.after, 'when the time has passed');
  return {
    code: one.code,
    command: `kubectl ${one.command}`,
    with: `${one.sum} = ${seen.score}`,
    without: `${one.after} = ${pointsOf(one.after)}`,
  };
};

/** A restart that would run by itself: while a fact is missing a person decides, in the command line and in a gate. */
const showUnanswered = async (one: Unanswered, scene: Scene, ground: Ground, folder: string): Promise<Shown> => {
  await scene.deploy('web', 2);
  const words = restart('web').split(' ');
  // 8, and what is missing to 11, the first that a person decides
  const [sum, after] = ['base 8 + no-evidence 3', 'base 8'];
  const ask = async (at: string, incident: string, tuning: Partial<Tuning>, expected: string): Promise<void> => {
    const gate = await openGate(join(folder, at), ground.kubeconfig, tuning);
    try {
      const seen = await settles(() => gate.door(scene.namespace, words), expected);
      check(seen, expected, `a gate ${at}`);
      const named = seen.lines.find(({ code }) => code === 'no-evidence')?.subject ?? '';
      if (expected === sum) assert.match(named, one.names);
      const { state } = await propose(gate, scene, words.join(' '), incident);
      assert.equal(state, expected === sum ? 'awaiting-approval' : 'approved');
    } finally {
      await gate.stop();
    }
  };
  const restore = one.withholds ? await ground.withhold() : null;
  const commandLine = throughCommandLine(ground.kubeconfig);
  try {
    if (restore !== null)
      check(await settles(() => commandLine(scene.namespace, words), sum), sum, 'blastgate evaluate');
    await ask('with', 'with', one.tuning, sum);
  } finally {
    await restore?.();
  }
  check(await settles(() => commandLine(scene.namespace, words), after), after, 'blastgate evaluate');
  await ask('without', 'without', {}, after);
  const command = `kubectl ${words.join(' ')}`;
  return { code: 'no-evidence', command, with: `${sum} = ${pointsOf(sum)}`, without: `${after} = ${pointsOf(after)}` };
};

const opened = async (scene: Scene): Promise<Scene> => {
  await scene.open();
  return scene;
};

/** Declares a test for each scenario; `start` is called once before and its ground stopped after. */
export const evidenceSuite = (title: string, start: () => Promise<Ground>, concurrency: number): void => {
  test(title, { concurrency }, async (t) => {
    const ground = await start();
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-evidence-'));
    const gate = await openGate(folder, ground.kubeconfig);
    const commandLine = throughCommandLine(ground.kubeconfig);
    const rows: Shown[] = [];
    const sceneOf = (name: string): Promise<Scene> =>
      opened(new Scene(ground.call, `evidence-${name}`, ground.makeAs, folder));
    try {
      await Promise.all([
        ...REMEMBERED.map((one, at) =>
          t.test(`${one.code}: ${one.cause}`, async () => {
            rows.push(await showMemory(one, await sceneOf(`${one.code}-memory-${at}`), gate));
          }),
        ),
        ...SCENARIOS.map((one, at) =>
          t.test(`${one.code}: ${one.cause}`, async () => {
            rows.push(await show(one, await sceneOf(`${one.code}-${at}${one.ending}`), commandLine, gate));
          }),
        ),
      ]);
      // What the gate may not see concerns every question, so these are asked when the others have been answered.
      for (const [at, one] of UNANSWERED.entries()) {
        await t.test(`no-evidence: ${one.cause}`, async () => {
          rows.push(await showUnanswered(one, await sceneOf(`no-evidence-${at}`), ground, join(folder, `${at}`)));
        });
      }
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
