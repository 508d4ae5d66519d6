// A pause, as cards and issues tell of it: said once when it begins, taken back once when it ends, with no edit besides.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Gate } from '../../src/flow/gate.ts';
import { nextCard } from '../../src/flow/notify/chat-cards.ts';
import { showPauses } from '../../src/flow/notify/show-pauses.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { memoryStore } from '../fakes/store.ts';
import { setStage } from '../support/memory-gate.ts';

const SAYS =
  /⏸ The gate is paused since \S+ by `?ana`?: nothing of it is written until an admin runs `?blastgate resume`?\./;

const play = (store = memoryStore()) => {
  const stage = setStage(store);
  const { gate, chat, forge, never } = stage;
  let edits = 0;
  const edit = chat.edit.bind(chat);
  chat.edit = async (...args) => {
    edits += 1;
    return edit(...args);
  };
  const cards = async (): Promise<void> => {
    for (let found = await nextCard(gate, never); found.kind === 'step'; found = await nextCard(gate, never))
      await found.take();
  };
  const telling = new Map();
  const look = async (): Promise<void> => {
    await showPauses(gate, never, telling);
    await cards();
  };
  const turn = (to: 'paused' | 'running', who: string | null = 'ana', cluster?: string): Promise<boolean> => {
    const note = { kind: 'note', at: new Date(stage.clock.now()).toISOString(), what: to, who, about: '' } as const;
    return stage.store.controls.setPaused(to, { ...note, ...(cluster === undefined ? {} : { cluster }) }, never);
  };
  const propose = async (text = 'scale production/web 0', incident = 'INC-1'): Promise<string> => {
    const made = await stage.proposeText(text, incident);
    assert.ok(made.ok, JSON.stringify(made));
    await stage.tell();
    await cards();
    return made.remediation.id;
  };
  const status = (): string => forge.comments(1).find(({ author }) => author === 'blastgate')?.text ?? '';
  const statusEdits = (): number => forge.comments(1).reduce((sum, one) => sum + one.edits, 0);
  const card = (): string => chat.cards()[0]?.text ?? '';
  return { ...stage, cards, look, turn, propose, status, statusEdits, card, edits: () => edits };
};

suite('a pause', () => {
  test('card and issue say who, since when and how to resume, once, and stop saying it once', async () => {
    const { propose, look, turn, card, status, edits, statusEdits } = play();
    await propose();
    await look();
    assert.doesNotMatch(card() + status(), /⏸/);
    const [before, commentBefore] = [edits(), statusEdits()];
    await turn('paused');
    for (let looks = 0; looks < 3; looks += 1) await look();
    assert.match(card(), SAYS);
    assert.match(status(), SAYS);
    assert.deepEqual([edits() - before, statusEdits() - commentBefore], [1, 1]);
    await turn('running');
    for (let looks = 0; looks < 3; looks += 1) await look();
    assert.doesNotMatch(card() + status(), /⏸/);
    assert.deepEqual([edits() - before, statusEdits() - commentBefore], [2, 2]);
  });

  test('a card that a vote edits meanwhile goes on saying it; one of what is under way or over does not', async () => {
    const { propose, look, turn, vote, chat, cards, pass, tell } = play();
    const id = await propose('scale production/web 5');
    await vote(id, 'ben');
    await pass(30);
    await tell();
    await cards();
    const dual = await propose('scale production/api 0', 'INC-2');
    await turn('paused');
    await look();
    const [ran, waits] = [() => chat.cards()[0]?.text ?? '', () => chat.cards()[1]?.text ?? ''];
    assert.doesNotMatch(ran(), /⏸/, 'it has run');
    for (const who of ['ben', 'cho']) {
      await vote(dual, who);
      await cards();
      assert.match(waits(), SAYS);
    }
    await turn('running');
    await look();
    assert.doesNotMatch(waits(), /⏸/);
  });

  test('the gate that pauses itself says that it was itself; who pauses it after a resume is named', async () => {
    const { propose, look, turn, card } = play();
    await propose();
    await turn('paused', null);
    await look();
    assert.match(card(), /paused since \S+ by the gate itself:/);
    assert.equal(await turn('paused', 'cho'), false, 'it is paused already');
    await turn('running', 'cho');
    await turn('paused', 'cho');
    await look();
    assert.match(card(), /by cho:/);
  });

  test('of many that wait the newest are told at once, and afterwards none says it any more', async () => {
    const stage = play();
    const { propose, look, turn, chat, edits } = stage;
    const replicas = Array.from({ length: 60 }, (_, at) => at + 10);
    for (const count of replicas) {
      await propose(`scale production/web ${count}`, `INC-${count}`);
      stage.clock.pass(61);
    }
    const open = chat.cards().filter(({ buttons }) => buttons !== null).length;
    assert.ok(open > 50, `${open} wait`);
    const before = edits();
    await turn('paused');
    await look();
    assert.equal(edits() - before, 50);
    assert.equal(chat.cards().filter(({ text }) => /⏸/.test(text)).length, 50);
    for (let looks = 0; looks < 10; looks += 1) await look();
    assert.equal(edits() - before, open, 'then the others, and none twice');
    await turn('running');
    await look();
    assert.equal(edits() - before, 2 * open);
    assert.ok(!chat.cards().some(({ text }) => /⏸/.test(text)));
  });

  test('issues beyond the newest say it later, and stop saying it; what changes meanwhile is told instead', async () => {
    const stage = play();
    const { propose, look, turn, forge } = stage;
    for (let at = 0; at < 60; at += 1) {
      stage.cluster.workloads.set(`production/web-${at}`, stage.cluster.workloads.get('production/web') as never);
      await propose(`scale production/web-${at} 0`, `INC-${at}`);
      stage.clock.pass(61);
    }
    const said = (): number =>
      forge.issues().filter(({ number }) => forge.comments(number).some(({ text }) => /⏸/.test(text))).length;
    const all = forge.issues().length;
    assert.ok(all > 55, `${all} issues`);
    await turn('paused');
    await look();
    assert.equal(said(), 50);
    await look();
    assert.equal(said(), 53);
    await turn('running');
    for (let looks = 0; looks < 10; looks += 1) await look();
    assert.equal(said(), 0);
    // Of a gate that ends in between, the next one tells all.
    await turn('paused');
    await look();
    await turn('running');
    const next = new Map();
    for (let looks = 0; looks < 10; looks += 1) await showPauses(stage.gate, stage.never, next);
    assert.equal(said(), 0);
  });

  test('an issue that is never answered holds up no other', async () => {
    const stage = play();
    const { propose, look, turn, forge } = stage;
    for (const at of [0, 1, 2]) {
      stage.cluster.workloads.set(`production/web-${at}`, stage.cluster.workloads.get('production/web') as never);
      await propose(`scale production/web-${at} 0`, `INC-${at}`);
      stage.clock.pass(61);
    }
    const said = (): readonly number[] =>
      forge
        .issues()
        .flatMap(({ number }) => (forge.comments(number).some(({ text }) => /⏸/.test(text)) ? [number] : []));
    const [newest, ...others] = forge
      .issues()
      .map(({ number }) => number)
      .toReversed();
    const edit = forge.ensureStatusComment.bind(forge);
    forge.ensureStatusComment = async (comment, signal) => {
      if (comment.issueNumber === newest) throw new AdapterError('no-answer', 'too slow');
      return edit(comment, signal);
    };
    await turn('paused');
    for (let looks = 0; looks < 4; looks += 1) await look().catch(() => undefined);
    assert.deepEqual(said(), others.toReversed());
    forge.ensureStatusComment = edit;
    await look();
    assert.deepEqual(said(), [...others.toReversed(), newest]);
  });

  test('a gate that was down while it ended tells so when it is back, and one that is started in it says nothing twice', async () => {
    const store = memoryStore();
    const first = play(store);
    await first.propose();
    await first.turn('paused');
    await first.look();
    const kept = first.card();
    const again = (): Gate => ({ ...first.gate, changed: new Set() });
    await showPauses(again(), first.never);
    assert.equal(first.card(), kept);
    await first.turn('running');
    await first.look();
    assert.doesNotMatch(first.card(), /⏸/);
  });

  test('a forge that does not answer is asked again; one that refuses for good does not hold up the chat', async () => {
    const { propose, look, turn, status, card, forge, edits } = play();
    await propose();
    await turn('paused');
    forge.fail(new AdapterError('no-answer', 'down'));
    await assert.rejects(look(), AdapterError);
    assert.doesNotMatch(status(), /⏸/);
    await look();
    assert.match(status(), SAYS);
    assert.match(card(), SAYS);
    await turn('running');
    forge.fail(new AdapterError('refused', 'locked', { status: 403 }));
    const before = edits();
    await look();
    assert.equal(edits() - before, 1);
    assert.doesNotMatch(card(), /⏸/);
  });
});
