// Who writes what in the chat, and what comes of it: votes counted once, others refused with a reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../../src/core/model/instant.ts';
import { createAnswerQueue } from '../../src/flow/notify/answer-queue.ts';
import { type ChatSession, createPollMemory, listenToChat, pollOnce } from '../../src/flow/notify/listen-to-chat.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { Chat, ChatUpdate } from '../../src/ports/chat.ts';
import { memoryStore } from '../fakes/store.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const HOME = '-1001';
const TELEGRAM: { readonly [id: string]: string } = { ana: '1001', ben: '1002', cho: '1003', eve: '1005' };

const setChatStage = async (store = memoryStore()) => {
  const stage = setStage(store);
  const accounts = (id: string) => ({ telegram: TELEGRAM[id] ?? null, gitea: null });
  stage.setPeople({ ...CAST, people: CAST.people.map((person) => ({ ...person, accounts: accounts(person.id) })) });
  const memory = createPollMemory();
  const write = (from: string | null, text: string, change: Partial<ChatUpdate> = {}): void => {
    const at = instant(stage.clock.now());
    stage.chat.say({
      at,
      chat: HOME,
      from: from === null ? null : (TELEGRAM[from] ?? from),
      nature: 'message',
      text,
      ...change,
    });
  };
  /** One poll, and every answer to it. */
  const poll = async (change: Partial<Omit<ChatSession, 'answers'>> = {}): Promise<void> => {
    const session = { gate: stage.gate, chat: stage.chat, name: 'blastgate_bot', memory, ...change };
    const answers = createAnswerQueue(session.gate, session.chat, stage.never);
    try {
      await pollOnce({ ...session, answers }, stage.never);
    } finally {
      await answers.idle();
    }
  };
  const listen = () => poll();
  /** What the gate says to one message. */
  const ask = async (...message: Parameters<typeof write>): Promise<readonly string[]> => {
    const before = stage.chat.said().length;
    write(...message);
    await listen();
    return stage.chat
      .said()
      .slice(before)
      .map(({ text }) => text);
  };
  return { ...stage, memory, write, poll, listen, ask };
};

/** The same chat with some of its verbs done otherwise. */
const but = (chat: Chat, change: Partial<Chat>): Chat => ({
  channel: 'telegram',
  brand: 'Telegram',
  commandPrefix: '/',
  post: (card, signal) => chat.post(card, signal),
  edit: (places, card, signal) => chat.edit(places, card, signal),
  readName: (signal) => chat.readName(signal),
  send: (text, signal) => chat.send(text, signal),
  answer: (where, text, replyTo, signal) => chat.answer(where, text, replyTo, signal),
  receive: (offset, signal) => chat.receive(offset, signal),
  ...change,
});

/** production/web to nothing: two people. */
const proposeDual = async (stage: Awaited<ReturnType<typeof setChatStage>>, incident = 'INC-1') => {
  const proposed = await stage.proposeText('scale production/web 0', incident);
  assert.ok(proposed.ok);
  assert.equal(proposed.remediation.spec.tier, 'dual');
  return proposed.remediation;
};

test('two people approve by chat, and it starts', async () => {
  const stage = await setChatStage();
  const { id, spec } = await proposeDual(stage);
  const short = spec.digest.slice(7, 19);
  assert.deepEqual(await stage.ask('ben', '/approve INC-1'), [
    `INC-1 · ben approved digest ${short}: 1 of 2 approvals.`,
  ]);
  assert.deepEqual(await stage.ask('cho', `/approve@blastgate_bot INC-1 ${short}`), [
    `INC-1 · cho approved digest ${short}: 2 of 2 approvals. That is enough; it starts by itself.`,
  ]);
  const { state, votes } = await stage.read(id);
  assert.equal(state, 'approved');
  assert.deepEqual(
    votes.map(({ person, channel }) => [person, channel]),
    [
      ['ben', 'telegram'],
      ['cho', 'telegram'],
    ],
  );
});

test('a person counts once, whatever they write and wherever they vote', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  await stage.vote(id, 'ben');
  for (const text of ['/approve INC-1', '/approve INC-1', '/APPROVE INC-1'])
    assert.match((await stage.ask('ben', text)).join(), /Not counted: This person has already voted/);
  const { state, votes } = await stage.read(id);
  assert.equal(state, 'awaiting-approval');
  assert.equal(votes.length, 1);
});

test('a no beats yeses, and its reason is kept', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  await stage.ask('ben', '/approve INC-1');
  const [said] = await stage.ask('cho', '/reject INC-1 the sale is on');
  assert.match(said ?? '', /^INC-1 · cho rejected digest \w{12}: it will not run\.$/);
  const { state, votes } = await stage.read(id);
  assert.equal(state, 'rejected');
  assert.equal(votes.at(-1)?.reason, 'the sale is on');
  assert.match((await stage.ask('ana', '/approve INC-1')).join(), /Not counted/);
});

test('words that are nobody’s fresh own do not count, and the answer says why', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  const refused: readonly (readonly [nature: ChatUpdate['nature'], from: string | null, said: RegExp | null])[] = [
    ['edited', 'ben', /Edited messages do not count/],
    ['forwarded', 'ben', /Forwarded messages do not count/],
    ['anonymous', null, /anonymous admins and channels do not count/],
    ['bot', 'ben', null],
  ];
  for (const [nature, from, said] of refused) {
    const answers = await stage.ask(from, '/approve INC-1', { nature });
    if (said === null) assert.deepEqual(answers, [], nature);
    else assert.match(answers.join(), said, nature);
  }
  assert.deepEqual((await stage.read(id)).votes, []);
});

test('another chat gets one answer, however often it asks', async () => {
  const stage = await setChatStage();
  await proposeDual(stage);
  const elsewhere = { nature: 'other-chat', chat: '77' } as const;
  const answers: string[] = [];
  const chat = but(stage.chat, { answer: async (where, text) => void answers.push(`${where} ${text}`) });
  for (const [text, where] of [
    ['/approve INC-1', '77'],
    ['/approve INC-1', '77'],
    ['hello', '78'],
  ] as const)
    stage.write('ben', text, { ...elsewhere, chat: where });
  await stage.poll({ chat });
  assert.equal(answers.length, 1);
  assert.match(answers[0] ?? '', /^77 Not counted: Votes do not count in this chat/);
  assert.deepEqual((await stage.read('p-1')).votes, []);
});

test('who may not vote is told so, and it is noted', async () => {
  const stage = await setChatStage();
  await proposeDual(stage);
  const cases: readonly (readonly [from: string, said: RegExp])[] = [
    ['4711', /belongs to no known person \(telegram 4711\)/],
    ['eve', /lacks the right/],
    ['ana', /Nobody approves what they or their agent proposed/],
  ];
  for (const [from, said] of cases) assert.match((await stage.ask(from, '/approve INC-1')).join(), said, from);
  const lines = await stage.store.trail.lines(0, 1000, stage.never);
  const notes = lines.flatMap(({ deed }) => (deed.kind === 'note' ? [deed.who] : []));
  assert.deepEqual(notes, ['telegram 4711', 'eve', 'ana']);
  assert.deepEqual((await stage.read('p-1')).votes, []);
});

test('a digest is needed once an incident has had two, and must fit', async () => {
  const stage = await setChatStage();
  await proposeDual(stage);
  const second = await stage.proposeText('scale production/api 0');
  assert.ok(second.ok);
  const short = second.remediation.spec.digest.slice(7, 13);
  assert.match((await stage.ask('ben', '/approve INC-1')).join(), /more than one sealed digest/);
  assert.match((await stage.ask('ben', '/approve INC-1 000000')).join(), /Not counted/);
  assert.match((await stage.ask('ben', `/approve INC-1 ${short}`)).join(), /ben approved digest/);
});

test('an approval written before the proposal was made is not one of it', async () => {
  const stage = await setChatStage();
  stage.clock.pass(3600);
  const { id } = await proposeDual(stage);
  const at = instant(stage.clock.now() - 60_000);
  assert.match((await stage.ask('ben', '/approve INC-1', { at })).join(), /written before the proposal/);
  assert.deepEqual((await stage.read(id)).votes, []);
});

test('status, pending, help and misreadings are answered; talk is not', async () => {
  const stage = await setChatStage();
  assert.deepEqual(await stage.ask('ben', '/pending'), ['Nothing waits for people.']);
  await proposeDual(stage);
  await stage.ask('ben', '/approve INC-1');
  assert.match(
    (await stage.ask('eve', '/pending')).join(),
    /^One proposal waits for people:\nINC-1 \w{12} · kubectl scale .* · 1 of 2 approvals, until /,
  );
  assert.match(
    (await stage.ask('ben', '/status INC-1')).join(),
    /^INC-1 · ⏳ waits for approval · \d+ \/ 100 \(dual\) · digest \w{12}\nkubectl scale[^\n]*\n1 of 2 approvals, until [^\n]*\nVotes: ben approved$/,
  );
  assert.match((await stage.ask('ben', '/status INC-9')).join(), /Nothing is known of it/);
  assert.match((await stage.ask('4711', '/pending')).join(), /no known person/);
  assert.match((await stage.ask('ben', '/help')).join(), /\/approve INC/);
  assert.match((await stage.ask('ben', '/reject INC-1')).join(), /Say why/);
  assert.match((await stage.ask('ben', '/aprove INC-1')).join(), /no such command/);
  assert.deepEqual(await stage.ask('ben', 'shall we /approve INC-1?'), []);
  assert.deepEqual(await stage.ask('ben', '/approve@another_bot INC-1'), []);
});

test('after a crash between the vote and its mark it is heard again and not counted twice', async () => {
  const store = memoryStore();
  const before = await setChatStage(store);
  const { id } = await proposeDual(before);
  before.write('ben', '/approve INC-1');
  const dying = {
    ...store,
    controls: { ...store.controls, writeCursor: () => Promise.reject(new Error('killed')) },
  };
  const gate = { ...before.gate, store: dying };
  await assert.rejects(before.poll({ gate }), /killed/);
  assert.equal((await before.read(id)).votes.length, 1);
  await before.listen();
  assert.match(before.chat.said().at(-1)?.text ?? '', /ben approved .*: 1 of 2/, 'it is the vote that stands');
  assert.equal((await before.read(id)).votes.length, 1);
  assert.equal((await before.read(id)).state, 'awaiting-approval');
});

test('a vote that could not be stored is not acknowledged, and is counted when the store works again', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  stage.write('ben', '/approve INC-1');
  const { store } = stage;
  const broken = {
    ...store,
    remediations: { ...store.remediations, save: () => Promise.reject(new Error('disk full')) },
  };
  const deaf = { ...stage.gate, store: broken };
  await assert.rejects(stage.poll({ gate: deaf }), /disk full/);
  assert.deepEqual(stage.chat.said(), []);
  await stage.listen();
  assert.match(stage.chat.said().at(-1)?.text ?? '', /ben approved/);
  assert.equal((await stage.read(id)).votes.length, 1);
});

test('one message that always fails does not keep the others from being heard', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  stage.write('ben', '/approve INC-1');
  stage.write('ben', '/help');
  const { store } = stage;
  const broken = { ...store, remediations: { ...store.remediations, save: () => Promise.reject(new Error('a bug')) } };
  const gate = { ...stage.gate, store: broken };
  for (let tries = 0; tries < 4; tries += 1) await assert.rejects(stage.poll({ gate }), /a bug/);
  await stage.poll({ gate });
  assert.deepEqual(
    stage.chat.said().map(({ text }) => text.split('\n')[0]?.slice(0, 30)),
    ['This could not be handled, and', '/approve INC [digest] approves'],
  );
  assert.deepEqual((await stage.read(id)).votes, []);
});

test('the offset survives a restart, and is not used when it is a week old or of another bot', async () => {
  const asked: (number | null)[] = [];
  const stage = await setChatStage();
  const receive: Chat['receive'] = async (offset) => {
    asked.push(offset);
    return [];
  };
  const listen = (name: string) => stage.poll({ chat: but(stage.chat, { receive }), name, memory: createPollMemory() });
  await listen('blastgate_bot');
  stage.write('ben', '/help');
  await stage.listen();
  await listen('blastgate_bot');
  await listen('another_bot');
  stage.clock.pass(7 * 24 * 3600);
  await listen('blastgate_bot');
  assert.deepEqual(asked, [null, 2, null, null]);
});

test('a vote stands without an answer, and the answer is tried again where that may help', async () => {
  const failures: readonly (readonly [error: AdapterError, tries: number])[] = [
    [new AdapterError('refused', 'Forbidden', { status: 403 }), 1],
    [new AdapterError('refused', 'Too many requests', { status: 429, retryAfterSeconds: 7 }), 3],
    [new AdapterError('no-answer', 'No connection'), 3],
  ];
  for (const [error, tries] of failures) {
    const stage = await setChatStage();
    const { id } = await proposeDual(stage);
    stage.write('ben', '/approve INC-1');
    let tried = 0;
    const answer = async () => {
      tried += 1;
      throw error;
    };
    const gate = { ...stage.gate, clock: { ...stage.clock, sleep: async () => {} } };
    await stage.poll({ gate, chat: but(stage.chat, { answer }) });
    assert.equal(tried, tries, error.message);
    assert.equal((await stage.read(id)).votes.length, 1);
    assert.equal(stage.log.lines.filter(({ event }) => event === 'chat_answer_failed').length, tries);
  }
});

test('trouble of the chat is logged with its remedy and polled again after the pause it names', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  stage.chat.fail(
    new AdapterError('refused', 'Another program polls this bot.', { status: 409 }),
    new AdapterError('refused', 'Too many requests.', { status: 429, retryAfterSeconds: 30 }),
  );
  stage.write('ben', '/approve INC-1');
  const stop = new AbortController();
  const pauses: number[] = [];
  const clock = {
    now: () => stage.clock.now(),
    sleep: async (ms: number) => {
      pauses.push(ms);
      if (pauses.length > 10) stop.abort();
    },
  };
  const answer: Chat['answer'] = async () => stop.abort();
  await listenToChat({ ...stage.gate, clock }, but(stage.chat, { answer }), stop.signal);
  assert.deepEqual(pauses, [1000, 30_000]);
  assert.equal((await stage.read(id)).votes.length, 1);
  const logged = stage.log.lines.filter(({ event }) => event === 'chat_listening_failed');
  assert.deepEqual(
    logged.map(({ fields }) => fields['error']),
    ['Another program polls this bot.', 'Too many requests.'],
  );
});

test('whoever floods the chat delays no vote, and is answered and noted once in ten minutes', async () => {
  const stage = await setChatStage();
  const { id } = await proposeDual(stage);
  for (let i = 0; i < 300; i += 1) stage.write('4711', i % 3 === 0 ? '/help' : '/approve INC-1');
  for (let i = 0; i < 50; i += 1) stage.write(null, '/approve INC-1', { nature: 'anonymous' });
  for (const who of ['ben', 'cho']) stage.write(who, '/approve INC-1');
  // A chat that takes no answer any more: the votes are counted all the same.
  const answer: Chat['answer'] = () => Promise.reject(new AdapterError('refused', 'slow down', { status: 429 }));
  const gate = { ...stage.gate, clock: { ...stage.clock, sleep: async () => {} } };
  await stage.poll({ gate, chat: but(stage.chat, { answer }) });
  assert.equal((await stage.read(id)).state, 'approved');
  const notes = async () =>
    (await stage.store.trail.lines(0, 1000, stage.never)).filter(({ deed }) => deed.kind === 'note').length;
  assert.equal(await notes(), 0);
  assert.deepEqual(await stage.ask('4711', '/approve INC-1'), []);
  stage.clock.pass(600);
  assert.equal((await stage.ask('4711', '/reject INC-1 no')).length, 1);
  assert.deepEqual(await stage.ask('4711', '/reject INC-1 no'), []);
});

test('an unknown account is noted once in ten minutes, however many proposals it votes on', async () => {
  const stage = await setChatStage();
  for (const [at, name] of ['web', 'api'].entries()) {
    const made = await stage.proposeText(`scale production/${name} 0`, `INC-${at}`);
    assert.ok(made.ok);
  }
  for (let i = 0; i < 20; i += 1) stage.write('4711', `/approve INC-${i % 2}`);
  await stage.listen();
  assert.equal(stage.chat.said().length, 1);
  const lines = await stage.store.trail.lines(0, 1000, stage.never);
  assert.equal(lines.filter(({ deed }) => deed.kind === 'note').length, 1);
});

test('of many unknown accounts a hundred are answered; people are heard and answered all the same', async () => {
  const stage = await setChatStage();
  await proposeDual(stage);
  for (let i = 0; i < 500; i += 1) stage.write(String(5000 + i), '/pending');
  stage.write('ben', '/approve INC-1');
  const session = { gate: stage.gate, chat: stage.chat, name: 'blastgate_bot', memory: stage.memory };
  const said: string[] = [];
  const answers = { put: (_: string, text: string) => void said.push(text), idle: async () => {} };
  await pollOnce({ ...session, answers }, stage.never);
  assert.equal(said.length, 101);
  assert.equal((await stage.read('p-1')).votes.length, 1);
});

test('a chat that answers nothing at once is not asked in a circle, and each answer is told, no failure', async () => {
  const stage = await setChatStage();
  const answered: string[] = [];
  const polls = { leads: () => {}, answered: (role: string) => void answered.push(role) };
  const stop = new AbortController();
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === 3) stop.abort();
  };
  const clock = { now: () => stage.clock.now(), sleep };
  const receive = async () => {
    if (pauses.length === 1) throw new AdapterError('no-answer', 'Telegram was not heard.');
    return [];
  };
  await listenToChat({ ...stage.gate, clock, polls }, but(stage.chat, { receive }), stop.signal);
  assert.deepEqual(pauses, [1000, 1000, 1000]);
  assert.deepEqual(answered, ['chat telegram', 'chat telegram']);
});

test('each chat has a cursor of its own, and goes on from the one that it had before there were several', async () => {
  const stage = await setChatStage();
  const now = instant(stage.clock.now());
  await stage.store.controls.writeCursor('chat-offset:blastgate_bot', `7 ${now}`, stage.never);
  const asked: string[] = [];
  const heard = (channel: 'telegram' | 'slack', id: number): Chat =>
    but(stage.chat, {
      channel,
      receive: async (offset) => {
        asked.push(`${channel} ${offset}`);
        return [{ id, at: now, chat: HOME, from: '9', nature: 'message', text: 'hello' }];
      },
    });
  await stage.poll({ chat: heard('telegram', 9) });
  await stage.poll({ chat: heard('slack', 1_790_000_000_000) });
  await stage.poll({ chat: heard('telegram', 10) });
  await stage.poll({ chat: heard('slack', 1_790_000_000_001) });
  assert.deepEqual(asked, ['telegram 7', 'slack 7', 'telegram 10', 'slack 1790000000001']);
});

test('a button under a text that somebody else wrote over the card counts for nothing: a token of the bot is no vote', async () => {
  const stage = await setChatStage();
  const { id, spec } = await proposeDual(stage);
  await stage.tell();
  const [card] = stage.chat.cards();
  assert.ok(card?.buttons);
  const said: string[] = [];
  const press = async (who: string, shown: string): Promise<void> => {
    const digits = spec.digest.slice(7, 19);
    said.push(...(await stage.ask(who, '', { press: { decision: 'approve', proposal: id, digits, shown } })));
  };
  const votes = async () => (await stage.read(id)).votes.map(({ person }) => person);
  for (const forged of [
    'restart of a test job',
    `${card.text}\nall is well`,
    card.text.replace('production', 'dev'),
    '',
  ]) {
    await press('ben', forged);
    assert.deepEqual(await votes(), []);
    assert.match(said.at(-1) ?? '', /does not say what the gate wrote/);
  }
  await press('ben', `${card.text.replaceAll('\ufe0f', '').replaceAll('\n', ' \n')} `);
  assert.deepEqual(await votes(), ['ben'], 'as the gate wrote it');
  // The gate has not edited the card yet, or has done so a moment ago: both are its own words.
  await press('cho', card.text);
  assert.deepEqual(await votes(), ['ben', 'cho']);
});

test('where the chat does not say what the card said, the press counts', async () => {
  const stage = await setChatStage();
  const { id, spec } = await proposeDual(stage);
  await stage.tell();
  await stage.ask('ben', '', { press: { decision: 'approve', proposal: id, digits: spec.digest.slice(7, 19) } });
  assert.equal((await stage.read(id)).votes.length, 1);
});
