// A look that shows what the last kept one showed is not kept, and every verdict is what it would be with all of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { instant, plusSeconds } from '../model/instant.ts';
import { lookOf, settledLook } from './look-of.ts';
import { isRepeat, watch } from './look-window.ts';
import type { Attempt, Remediation } from './remediation.ts';
import type { Look, Sample } from './sample.ts';
import { DEFAULT_VERDICT_RULE, judgeLooks, type Verdict, type VerdictRule } from './verdict.ts';

const BEAT = 2;
const BEGUN = instant(0);
const RULE: VerdictRule = { ...DEFAULT_VERDICT_RULE, windowSeconds: 40 };

const workload = (ready: number, reason: string | null): Sample => ({
  seen: 'workload',
  target: 'deployment/web -n shop',
  uid: 'u',
  generation: 2,
  observedGeneration: 2,
  desired: 3,
  replicas: 3,
  updated: 3,
  ready,
  available: ready,
  paused: false,
  deadlineExceeded: false,
  troubles: reason === null ? [] : [{ pod: 'web-1', container: 'web', reason, restarts: 1 }],
});
const SAMPLES: readonly Sample[] = [
  workload(3, null),
  workload(1, null),
  workload(2, null),
  workload(2, 'CrashLoopBackOff'),
  { seen: 'nothing', target: 'deployment/web -n shop', why: 'no answer' },
];

interface Watching {
  readonly looks: readonly Look[];
  readonly attempt: Attempt;
  readonly verdict: Verdict | null;
}

const attempt: Attempt = {
  intendedAt: BEGUN,
  sentAt: BEGUN,
  reachedAt: BEGUN,
  watchedSince: null,
  watches: 0,
} as Attempt; // as: what the window does not read is left out.

/** As verify does it: what is judged on what is kept, and kept unless it is a repeat. */
const play = (
  seen: readonly Sample[],
  { keepsAll, soakSeconds = RULE.settleSeconds }: { readonly keepsAll: boolean; readonly soakSeconds?: number },
): { readonly verdicts: readonly Verdict[]; readonly kept: number } => {
  const verdicts: Verdict[] = [];
  let kept = 0;
  let was: Watching = { looks: [], attempt, verdict: null };
  for (const [i, sample] of seen.entries()) {
    const at = (i + 1) * BEAT;
    const raw = lookOf(was.looks.at(-1) ?? null, at, [sample]);
    const look = settledLook(raw, was.looks, { settleSeconds: RULE.settleSeconds, soakSeconds, baseline: [] });
    const verdict = judgeLooks([...was.looks, look], { ...RULE, settleSeconds: soakSeconds }, []);
    verdicts.push(verdict);
    if (verdict.is !== 'moving') break;
    if (!keepsAll && isRepeat({ look, verdict }, was)) continue;
    kept += 1;
    const remediation = { looks: was.looks } as unknown as Remediation; // as: the window reads its looks alone
    was = { ...watch(remediation, was.attempt, look, plusSeconds(BEGUN, at)), verdict };
  }
  return { verdicts, kept };
};

/** Runs of the same sample, as a cluster shows them. */
const timelines = fc
  .array(fc.record({ sample: fc.constantFrom(...SAMPLES), times: fc.integer({ min: 1, max: 25 }) }), { maxLength: 12 })
  .map((runs) => runs.flatMap(({ sample, times }) => Array.from({ length: times }, () => sample)));

describe('looks that repeat the last one', () => {
  test('are left out, and no verdict differs', () => {
    fc.assert(
      fc.property(timelines, (seen) => {
        assert.deepEqual(play(seen, { keepsAll: false }).verdicts, play(seen, { keepsAll: true }).verdicts);
      }),
      { numRuns: 500 },
    );
  });

  test('of a rollout that stands still for half a minute are one in five', () => {
    const seen = Array.from({ length: 15 }, () => workload(1, null));
    assert.equal(play(seen, { keepsAll: true }).kept, 15);
    assert.equal(play(seen, { keepsAll: false }).kept, 3);
  });

  test('of a soak of two minutes too, which ends when it would end with all of them', () => {
    const seen = Array.from({ length: 100 }, () => workload(3, null));
    const [all, few] = [true, false].map((keepsAll) => play(seen, { keepsAll, soakSeconds: 120 }));
    assert.deepEqual(few?.verdicts, all?.verdicts);
    assert.equal(few?.verdicts.at(-1)?.is, 'converged');
    assert.ok((few?.kept ?? 0) < (all?.kept ?? 0) / 4, `${few?.kept} of ${all?.kept} were kept`);
  });

  const last = lookOf(null, 4, [workload(1, null)]);
  const moving: Verdict = { is: 'moving', code: 'rolling-out', subject: 'deployment/web -n shop' };
  const rows: readonly (readonly [what: string, at: number, sample: Sample, verdict: Verdict, isRepeated: boolean])[] =
    [
      ['the same, two seconds later', 6, workload(1, null), moving, true],
      ['the same, ten seconds later', 14, workload(1, null), moving, false],
      ['one pod more', 6, workload(2, null), moving, false],
      ['the same of a watch begun anew', 0, workload(1, null), moving, false],
      ['the same with another verdict', 6, workload(1, null), { ...moving, code: 'paused' }, false],
      ['the same, and it has failed', 6, workload(1, null), { ...moving, is: 'failing' }, false],
    ];
  for (const [what, at, sample, verdict, isRepeated] of rows)
    test(`${what}: ${isRepeated ? 'is' : 'is not'} a repeat`, () => {
      const look = lookOf(last, at, [sample]);
      assert.equal(isRepeat({ look, verdict }, { looks: [last], verdict: moving }), isRepeated);
    });
  test('the first look of all is none', () => {
    assert.equal(isRepeat({ look: last, verdict: moving }, { looks: [], verdict: moving }), false);
  });
});
