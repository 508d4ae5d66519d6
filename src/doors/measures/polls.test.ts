import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { createPollMeasures } from './polls.ts';

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('blastgate'));

test('each peer that is polled has its lines from the start; others are not made up', () => {
  const clock = fakeClock(90_000);
  const polls = createPollMeasures(['chat telegram', 'forge gitea'], clock);
  polls.leads('chat telegram', true);
  polls.answered('chat telegram');
  clock.pass(30);
  polls.answered('chat telegram');
  polls.leads('chat slack', true);
  polls.answered('chat slack');
  assert.deepEqual(linesOf(polls.text()), [
    'blastgate_poll_leading{peer="chat telegram"} 1',
    'blastgate_poll_leading{peer="forge gitea"} 0',
    'blastgate_poll_timestamp_seconds{peer="chat telegram"} 120',
    'blastgate_poll_timestamp_seconds{peer="forge gitea"} 0',
  ]);
  polls.leads('chat telegram', false);
  assert.match(polls.text(), /leading\{peer="chat telegram"\} 0/);
  assert.equal(createPollMeasures([], clock).text(), '');
});
