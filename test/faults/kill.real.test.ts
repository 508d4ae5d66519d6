// SIGKILL of the real `serve` process at every transition, just before and just after its commit; the cluster and the chat
// live in another process and count. Nothing may be lost, nothing done twice.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openSqliteTrail } from '../../src/adapters/store/sqlite/open.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { STATES, TRANSITIONS } from '../../src/core/remediation/state.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { CASES, type KillCase } from './cases.ts';
import { playOn } from './play.ts';
import { type RealGate, startRealGate } from './real-gate.ts';

const never = new AbortController().signal;

/** "PATCH shop/web/scale", "DELETE shop/pod": changes that the gate made, oldest first. */
const writesOf = ({ cluster }: RealGate): readonly string[] =>
  cluster
    .writes()
    .filter(({ dryRun, fieldManager, code }) => !dryRun && fieldManager !== 'by-hand' && (code === null || code < 300))
    .map(({ method, namespace, name, resource, subresource }) => {
      const object = resource === 'pods' ? 'pod' : name;
      return `${method} ${namespace}/${object}${subresource === null ? '' : `/${subresource}`}`;
    });

const run = async ({ from, to, scenes, ends, writes = [], later = 0 }: KillCase, moment: string): Promise<void> => {
  const gate = await startRealGate();
  const killAt = `${from}>${to}:${moment}`;
  // With time passing while it is down, the first start is the one before: the transition is due in the second.
  const starts = later > 0 ? [[null, 0] as const, [killAt, later] as const] : [[killAt, 0] as const];
  let started = 0;
  const next = async (): Promise<void> => {
    const [arm, shift] = starts[started] ?? [null, later];
    started += 1;
    await gate.boot(arm, shift);
  };
  try {
    await next();
    const play = playOn(gate, next);
    await scenes(play);
    const { id } = await play.until((state) => state === ends);
    const planned = later > 0 ? 1 : 0;
    assert.deepEqual(
      gate.deaths,
      Array.from({ length: planned + 1 }, () => 'SIGKILL'),
      `it was not killed at ${killAt}`,
    );
    assert.deepEqual(writesOf(gate), writes);
    await told(gate, id, ends);
    await remembered(gate, id, writes.length > 0 || ends === 'handed-over');
    await gate.kill();
    await whole(gate, id);
  } finally {
    await gate.stop();
  }
};

/** The end was told, and every message is in the chat, a repeated one only with the same marker. */
const told = async (gate: RealGate, id: string, ends: string): Promise<void> => {
  const markers = () =>
    gate.chat
      .said()
      .flatMap(({ text }) => [...text.matchAll(/\((p-[a-z0-9]+\/[\d.]+)\)$/g)].map(([, one]) => one ?? ''));
  const mine = () => markers().filter((marker) => marker.startsWith(id));
  for (let i = 0; i < 200 && mine().length === 0; i += 1) await gate.rest(25);
  assert.ok(mine().length > 0, `nobody was told that it is ${ends}`);
  const copies = mine().length - new Set(mine()).size;
  assert.ok(copies <= gate.deaths.length, `${copies} messages came twice`);
};

const remembered = async (gate: RealGate, id: string, reached: boolean): Promise<void> => {
  const { json } = await gate.ask('GET', '/outcomes', 'ana');
  const { outcomes } = json as { readonly outcomes: readonly { readonly proposal: string }[] };
  assert.equal(outcomes.filter(({ proposal }) => proposal === id).length, reached ? 1 : 0);
};

/** The trail holds every step, and replays to what is kept. */
const whole = async (gate: RealGate, id: string): Promise<void> => {
  const opened = openSqliteTrail(`${gate.folder}/data`);
  try {
    const lines = await opened.trail.lines(0, 100_000, never);
    const { head, kept } = await opened.trail.snapshot(never);
    assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
    assert.ok(kept.some(({ remediation }) => remediation.id === id));
  } finally {
    await opened.close();
  }
};

test('every transition of the table has its case', () => {
  const all = STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} → ${to}`));
  assert.deepEqual(CASES.map(({ from, to }) => `${from} → ${to}`).sort(), all.sort());
});

const only = process.env['KILL_ONLY'];

describe('killed at', { concurrency: 3 }, () => {
  const matrix = CASES.flatMap((one) => (['before', 'after'] as const).map((moment) => ({ one, moment })));
  for (const { one, moment } of sampled(matrix, 30, seedOf(process.env))) {
    const name = `${one.from} → ${one.to}, ${moment} the commit`;
    if (only === undefined || new RegExp(only).test(name)) test(name, { timeout: 420_000 }, () => run(one, moment));
  }
});
