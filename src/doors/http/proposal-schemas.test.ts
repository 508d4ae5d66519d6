// What the gate answers is what its schemas say: every key of a proposal, a spec and a vote, in every state that is played.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { openDoor } from '../../../test/support/door.ts';
import { Spec } from './judgement-schemas.ts';
import { Proposal, Proposals, VoteSchema } from './proposal-schemas.ts';

const SCENES: readonly (readonly [says: string, text: string, voters: readonly string[], seconds: number])[] = [
  ['waiting', 'scale production/web 5', [], 0],
  ['with a vote of two', 'scale production/web 0', ['ben'], 0],
  ['succeeded by votes', 'scale production/web 5', ['ben'], 120],
  ['succeeded alone', 'scale dev/web 5', [], 120],
  ['refused', 'what is this', [], 0],
  ['blocked', 'rm -rf', [], 0],
];
for (const [says, text, voters, seconds] of SCENES)
  test(`a proposal ${says} is as its schema says`, async () => {
    const door = openDoor(undefined, { clock: fakeClock() });
    await door.stage.proposeText(text);
    for (const who of voters) assert.ok((await door.stage.vote('p-1', who)).ok);
    await door.stage.settle();
    if (seconds > 0) await door.stage.pass(seconds);
    const answer = (await (await door.ask('eve', 'GET', '/v1/proposals/p-1')).json()) as Record<string, unknown>;
    const read = Proposal.safeParse(answer);
    assert.ok(read.success, JSON.stringify(read.error?.issues));
    const list = Proposals.safeParse(await (await door.ask('eve', 'GET', '/v1/proposals')).json());
    assert.ok(list.success, JSON.stringify(list.error?.issues));
    const unknown = (value: unknown, shape: object): readonly string[] =>
      Object.keys(value as object).filter((key) => !Object.hasOwn(shape, key));
    assert.deepEqual(unknown(answer, Proposal.shape), []);
    assert.deepEqual(unknown(answer['spec'], Spec.shape), []);
    for (const vote of answer['votes'] as readonly object[]) assert.deepEqual(unknown(vote, VoteSchema.shape), []);
    assert.ok((answer['events'] as readonly object[]).length > 0);
  });
