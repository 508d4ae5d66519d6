// The metric of what agents could change past the gate: by who they are in people.yaml, and -1 where nothing is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import type { People } from '../core/approval/people.ts';
import { type CountPowers, followAgents } from './follow-agents.ts';

const agent = (id: string, kubernetes?: readonly string[]) => ({
  id,
  owner: 'ana',
  rights: ['propose'] as const,
  tokens: [],
  ...(kubernetes === undefined ? {} : { kubernetes }),
});

/** One look, and what it says. */
const after = async (agents: People['agents'], count: CountPowers) => {
  const ending = new AbortController();
  const log = memoryLog();
  const followed = followAgents(() => ({ people: [], agents }), [{ cluster: null, count }], fakeClock(), log);
  const refreshed = followed.refresh(ending.signal);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  ending.abort();
  await refreshed;
  return {
    lines: followed
      .text()
      .split('\n')
      .filter((line) => line.startsWith('blastgate')),
    log,
  };
};

test('each agent that says who it is, with what no guard can hold apart', async () => {
  const asked: unknown[] = [];
  const count: CountPowers = async (subjects) => {
    asked.push(subjects);
    return [{ guardable: 3, beyondGuard: 1 }];
  };
  const { lines } = await after([agent('healer', ['User:x', 'ServiceAccount:a/b']), agent('other')], count);
  assert.deepEqual(asked, [[['User:x', 'ServiceAccount:a/b']]]);
  assert.deepEqual(lines, [
    'blastgate_agent_powers{agent="healer",guardable="yes"} 3',
    'blastgate_agent_powers{agent="healer",guardable="no"} 1',
  ]);
});

test('where roles cannot be read nothing is known, and the log says why', async () => {
  const { lines, log } = await after([agent('healer', ['User:x'])], () =>
    Promise.reject(new Error('may not list roles')),
  );
  assert.deepEqual(lines, [
    'blastgate_agent_powers{agent="healer",guardable="yes"} -1',
    'blastgate_agent_powers{agent="healer",guardable="no"} -1',
  ]);
  assert.equal(log.lines[0]?.event, 'agent_powers_unknown');
});

test('where nobody says who it is, nobody is asked', async () => {
  const { lines } = await after([agent('healer')], () => assert.fail('asked'));
  assert.deepEqual(lines, []);
});
