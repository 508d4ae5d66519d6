// SIGKILL of the real `serve` around a program in a container: before it is begun, and after it has run unrecorded. The sandbox, which
// lives on, counts: it is run once at most, and then a person has it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { State } from '../../src/core/remediation/state.ts';
import { playOn } from './play.ts';
import { startRealGate } from './real-gate.ts';

/** [killed at, words, how it must end, how often it ran]. */
const PLAYS: readonly (readonly [killAt: string, words: string, ends: State, runs: number])[] = [
  ['awaiting-approval>approved:before', 'true', 'succeeded', 1],
  ['approved>executing:before', 'true', 'succeeded', 1],
  ['approved>executing:after', 'true', 'handed-over', 0],
  ['executing>verifying:before', 'true', 'handed-over', 1],
  ['executing>verifying:after', 'true', 'succeeded', 1],
  ['executing>verifying:after', 'false', 'failed', 1],
  ['verifying>succeeded:before', 'true', 'succeeded', 1],
  ['verifying>failed:after', 'false', 'failed', 1],
];

describe('killed around a program', { concurrency: 2 }, () => {
  for (const [killAt, words, ends, runs] of PLAYS)
    test(`${killAt} of ${words}: ${ends}, run ${runs} times`, { timeout: 420_000 }, async () => {
      const gate = await startRealGate();
      let isArmed = true;
      const next = async (): Promise<void> => {
        await gate.boot(isArmed ? killAt : null);
        isArmed = false;
      };
      try {
        await next();
        const play = playOn(gate, next);
        const pod = await play.anyPod('shop', 'web');
        await play.propose(`kubectl exec ${pod} -n shop -- ${words}`);
        for (const person of ['ben', 'cho']) await play.vote(person, 'approve');
        await play.until((state) => state === ends);
        assert.deepEqual(gate.deaths, ['SIGKILL'], `it was not killed at ${killAt}`);
        assert.equal(gate.cluster.writes().filter(({ subresource }) => subresource === 'exec').length, runs);
      } finally {
        await gate.stop();
      }
    });
});
