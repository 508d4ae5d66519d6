// The card of a proposal in the chats after a gate that ended at a bad moment: the next one makes it say what is so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtCards, nextCard } from '../../src/flow/notify/chat-cards.ts';
import { setStage } from '../support/memory-gate.ts';

test('a card whose last edit was lost is edited by the next gate, and then left alone', async () => {
  const stage = setStage();
  const { gate, store, chat, never } = stage;
  const cards = async (): Promise<void> => {
    for (let found = await nextCard(gate, never); found.kind === 'step'; found = await nextCard(gate, never))
      await found.take();
  };
  const proposed = await stage.proposeText('scale production/web 0');
  assert.ok(proposed.ok);
  const { id } = proposed.remediation;
  await stage.settle();
  await stage.tell();
  const kept = await store.controls.readCursor(`chat-card:${id}`, never);
  assert.ok(kept, 'the card was posted');
  const [waiting] = structuredClone(chat.cards());
  assert.ok(waiting?.buttons);

  for (const who of ['ben', 'cho']) await stage.vote(id, who);
  await stage.pass(60);
  await stage.tell();
  await cards();
  const [over] = structuredClone(chat.cards());
  assert.deepEqual([(await stage.read(id)).state, over?.buttons], ['succeeded', null]);

  // As if the process had ended before its last edit.
  const { in: places } = JSON.parse(kept) as { readonly in: { readonly telegram: { readonly places: object } } };
  await chat.edit({ ...places.telegram.places }, { text: waiting.text, buttons: waiting.buttons }, never);
  await store.controls.writeCursor(`chat-card:${id}`, kept, never);
  gate.changed.clear();
  await cards();
  assert.ok(chat.cards()[0]?.buttons, 'nothing changed since, so nobody looked');

  await lookAtCards(gate, never);
  await cards();
  assert.deepEqual(chat.cards()[0], over);
  assert.equal(await store.controls.readCursor(`chat-card:${id}`, never), '', 'it is over');
});
