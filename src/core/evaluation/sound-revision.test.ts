// Which revision an undo without a number goes to, by what has failed before.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { understand } from '../command/understand.ts';
import type { PastFailure, RevisionFact, TargetFact } from '../model/facts.ts';
import { effectsOf } from '../model/understanding.ts';
import type { FailedTemplate } from '../remediation/failed-template.ts';
import { failuresAhead, withSoundRevisions } from './sound-revision.ts';

const revision = (number: number, image: string): RevisionFact => ({
  revision: number,
  template: `sha256:${image}`,
  images: [
    { container: 'web', image },
    { container: 'side', image: 'side:1' },
  ],
});
/** The live one is the last. */
const HISTORY = [revision(1, 'web:1'), revision(3, 'web:bad'), revision(4, 'web:2')];
const target: TargetFact = {
  ...{ group: 'apps', resource: 'deployments', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u' },
  ...{ preImage: {}, revision: 4, revisions: [1, 3, 4], replicas: 3, controller: null, protected: false },
  history: HISTORY,
};
const failure: PastFailure = { action: 'set-image', objects: ['deployments.apps shop/web'], incident: 'INC-1', at: '' };
const bad = (more: Partial<FailedTemplate> = {}): FailedTemplate => ({
  uid: 'u',
  after: 2,
  is: { images: [{ container: 'web', image: 'web:bad' }] },
  failure,
  ...more,
});

/** [what, what failed, the revision that is named then: null where kubectl's own choice stands; 'none': nothing is left]. */
const CASES: readonly (readonly [string, readonly FailedTemplate[], number | null | 'none'])[] = [
  ['nothing has failed', [], null],
  ['the one before failed', [bad()], 1],
  ['the one before failed as a whole template', [bad({ is: { template: 'sha256:web:bad' }, after: 0 })], 1],
  ['another object failed with it', [bad({ uid: 'other' })], null],
  ['it is older than the failure', [bad({ after: 3 })], null],
  ['another container failed', [bad({ is: { images: [{ container: 'side', image: 'side:2' }] } })], null],
  ['all containers were set, and one differs', [bad({ is: { images: [{ container: '*', image: 'web:bad' }] } })], null],
  ['both others failed', [bad(), bad({ after: 0, is: { template: 'sha256:web:1' } })], 'none'],
  ['only the older one failed', [bad({ after: 0, is: { template: 'sha256:web:1' } })], null],
];

const undoing = (flags: string) =>
  understand(
    { kind: 'line', line: `kubectl rollout undo deployment/web -n shop${flags}` },
    { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null },
  );

describe('an undo without a revision', () => {
  for (const [what, failed, expected] of CASES)
    test(`${what}: ${expected ?? 'as kubectl'}`, () => {
      const understood = undoing('');
      const { understanding, missing } = withSoundRevisions(understood, { targets: [target] }, failed);
      assert.equal(understanding === understood, expected === null);
      assert.equal(missing.length, expected === 'none' ? 1 : 0);
      const to = expected === 'none' ? null : expected;
      assert.deepEqual(
        effectsOf(understanding).map(({ change }) => change),
        [{ to: 'revision', revision: to }],
      );
    });

  test('one with a revision is left as it is, and what that failed with counts', () => {
    const understood = undoing(' --to-revision=3');
    const seen = { targets: [target] };
    assert.equal(withSoundRevisions(understood, seen, [bad()]).understanding, understood);
    assert.deepEqual(failuresAhead(effectsOf(understood), seen, [bad()]), [failure]);
    assert.deepEqual(failuresAhead(effectsOf(undoing(' --to-revision=1')), seen, [bad()]), []);
  });
});
