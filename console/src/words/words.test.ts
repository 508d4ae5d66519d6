import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNELS } from '../../../src/core/model/channel.ts';
import { TIERS } from '../../../src/core/model/tier.ts';
import { NOTE_NAMES } from '../../../src/core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../../src/core/remediation/event.ts';
import { STATES } from '../../../src/core/remediation/state.ts';
import { EN } from './en.ts';
import { ZH_TW } from './zh-tw.ts';

for (const words of [EN, ZH_TW])
  test(`every state, event, note, tier and channel of the gate has a name in ${words.name}, and no other has`, () => {
    assert.deepEqual(Object.keys(words.state).toSorted(), [...STATES].toSorted());
    assert.deepEqual(Object.keys(words.proposal.event).toSorted(), [...EVENT_NAMES].toSorted());
    assert.deepEqual(Object.keys(words.audit.note).toSorted(), [...NOTE_NAMES].toSorted());
    assert.deepEqual(Object.keys(words.tier).toSorted(), [...TIERS].toSorted());
    assert.deepEqual(Object.keys(words.tierName).toSorted(), [...TIERS].toSorted());
    assert.deepEqual(Object.keys(words.channel).toSorted(), [...CHANNELS].toSorted());
  });
