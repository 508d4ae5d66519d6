import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Stage, setStage } from '../../../test/support/memory-gate.ts';
import { cancel } from '../../flow/requests/cancel.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { describeRefusalOf } from './ended.ts';
import type { Lang } from './words/lang.ts';

const LATE = { code: 'not-open', about: null } as const;

/** What a late vote on p-1 is told. */
const told = (remediation: Remediation, lang: Lang = 'en'): string => {
  const { message, remedy } = describeRefusalOf(LATE, remediation, lang);
  return `${message} ${remedy}`;
};

const SINCE = '2026-\\d\\d-\\d\\dT[\\d:.]+Z';
const ENDS: readonly (readonly [what: string, play: (stage: Stage) => Promise<unknown>, said: string])[] = [
  [
    'rejected',
    async (stage) => {
      await stage.proposeText('scale production/web 5');
      await stage.vote('p-1', 'ben', 'reject');
    },
    `^p-1 of INC-1 is rejected since ${SINCE}\\. ben .*show p-1`,
  ],
  [
    'cancelled',
    async (stage) => {
      await stage.proposeText('scale production/web 5');
      await cancel(stage.gate, 'p-1', { id: 'ana', rights: [] }, stage.never);
    },
    `^p-1 of INC-1 is cancelled since ${SINCE} by ana\\.`,
  ],
  [
    'superseded',
    async (stage) => {
      await stage.proposeText('scale production/web 5');
      await stage.proposeText('scale production/web 6');
    },
    `^p-1 of INC-1 is superseded since ${SINCE} by p-2\\.`,
  ],
  [
    'stale',
    async (stage) => {
      await stage.proposeText('scale production/web 5');
      const web = stage.cluster.workloads.get('production/web');
      assert.ok(web);
      web.replicas = 4;
      await stage.vote('p-1', 'ben');
      await stage.pass(5);
    },
    `^p-1 of INC-1 is stale since ${SINCE}\\. The object has changed since it was sealed: /replicas was 3 and is 4 \\(.*\\)\\. Propose the command again\\.$`,
  ],
  [
    'expired',
    async (stage) => {
      await stage.proposeText('scale production/web 5');
      await stage.pass(5 * 3600);
    },
    `^p-1 of INC-1 is expired since ${SINCE}\\. .*Propose the command again\\.$`,
  ],
  [
    'succeeded',
    async (stage) => {
      await stage.proposeText('scale dev/web 5');
      await stage.pass(20);
    },
    `^p-1 of INC-1 is succeeded since ${SINCE}\\. Everything is as approved`,
  ],
];

describe('a proposal that takes no votes any more says its end', () => {
  for (const [state, play, said] of ENDS) {
    test(state, async () => {
      const stage = setStage();
      await play(stage);
      const one = await stage.read('p-1');
      assert.equal(one.state, state);
      assert.match(told(one), new RegExp(said));
      assert.match(told(one, 'zh-TW'), new RegExp(`^INC-1 的 p-1 自 ${SINCE} 起為 ${state}`));
    });
  }

  test('another refusal is told as it is, and so is one without a proposal', async () => {
    const stage = setStage();
    await stage.proposeText('scale production/web 5');
    const one = await stage.read('p-1');
    const { message } = describeRefusalOf({ code: 'unknown-person', about: 'telegram 1' }, one, 'en');
    assert.match(message, /belongs to no known person/);
    assert.match(describeRefusalOf(LATE, null, 'en').message, /takes no more votes/);
  });
});
