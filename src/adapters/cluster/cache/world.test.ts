// Whether the cluster that answers is the one that was known: by the uid of kube-system, and by how far its store has got.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, refusal } from '../../../../test/fakes/scripted-api.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import type { AdapterError } from '../../../ports/adapter-error.ts';
import { watchWorld } from './world.ts';

const never = new AbortController().signal;
const says = (uid: string, resourceVersion: string): JsonObject => ({
  metadata: { resourceVersion },
  items: [{ metadata: { name: 'kube-system', uid } }],
});

const worldThat = (...answers: (JsonObject | AdapterError)[]) =>
  watchWorld({
    send: async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });

const CASES: readonly (readonly [string, readonly (JsonObject | AdapterError)[], readonly number[]])[] = [
  ['one that goes on is the same', [says('a', '9'), says('a', '9'), says('a', '100')], [0, 0, 0]],
  ['one whose store went back is another, once', [says('a', '900'), says('a', '30'), says('a', '31')], [0, 1, 1]],
  ['one with another uid is another, however far it has got', [says('a', '9'), says('b', '900')], [0, 1]],
  ['it may go back more than once', [says('a', '9'), says('b', '9'), says('a', '9')], [0, 1, 2]],
  ['a right that is lacking tells nothing', [says('a', '9'), refusal(403), says('a', '10')], [0, 0, 0]],
  ['and hides no change that comes after it', [says('a', '9'), refusal(500), says('a', '3')], [0, 0, 1]],
  ['an answer without kube-system tells nothing', [says('a', '9'), { metadata: { resourceVersion: '1' } }], [0, 0]],
  ['a version that is no number tells nothing', [says('a', '9'), says('a', 'x1')], [0, 0]],
];
for (const [what, answers, numbers] of CASES)
  test(what, async () => {
    const world = worldThat(...answers);
    for (const number of numbers) {
      assert.equal(await world.look(never), number);
      assert.equal(world.now(), number);
    }
  });

test('whoever cannot be heard is an error', () =>
  assert.rejects(worldThat(cut()).look(never), { name: 'AdapterError', kind: 'no-answer' }));

test('all who ask at once have one answer, and the next asks anew', async () => {
  const world = worldThat(says('a', '9'), says('b', '9'));
  assert.deepEqual(await Promise.all([world.look(never), world.look(never), world.look(never)]), [0, 0, 0]);
  assert.equal(await world.look(never), 1);
});
