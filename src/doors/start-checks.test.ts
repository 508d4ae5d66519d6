import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPeople } from './people-file.ts';
import { readSettings, type Settings } from './settings.ts';
import { startProblems, startWarnings } from './start-checks.ts';

const settings = (env: NodeJS.ProcessEnv = {}): Settings => {
  const read = readSettings({ BLASTGATE_PEOPLE: 'people.yaml', ...env });
  assert.ok(read.ok);
  return read.settings;
};
const CHAT = { TELEGRAM_BOT_TOKEN: '1:x', TELEGRAM_CHAT_ID: '-1001' };
const { people, problems } = loadPeople('examples/people.yaml');

test('the example can be started with, and its agent can get a dual action approved where there is a chat', () => {
  assert.deepEqual(problems, []);
  assert.deepEqual(startProblems(settings(CHAT), people), []);
  assert.deepEqual(startWarnings(settings(CHAT), people), []);
});

test('without a chat those without a token are not heard', () => {
  assert.deepEqual(startProblems(settings(), people), []);
  assert.match(startWarnings(settings(), people).join(), /agent healer .* besides its owner ana only ben can vote/);
});

test('fewer than two who can be heard: no start', () => {
  const alone = { ...people, people: people.people.filter(({ id }) => id !== 'ben') };
  assert.match(startProblems(settings(), alone).join(), /only 1 can vote \(ana\)/);
});
