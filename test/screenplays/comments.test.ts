// Votes by comments in the review issue, the one status comment, and the end of the issue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommentMemory, listenToComments, pollComments } from '../../src/flow/notify/listen-to-comments.ts';
import { updateReviewStatus } from '../../src/flow/notify/review-status.ts';
import { cancel } from '../../src/flow/requests/cancel.ts';
import { withdrawVote } from '../../src/flow/requests/withdraw-vote.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ReviewForge } from '../../src/ports/review-forge.ts';
import { memoryStore } from '../fakes/store.ts';
import { type CommentStage, setCommentStage } from '../support/comment-stage.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const voters = async (stage: CommentStage) => (await stage.read('p-1')).votes.map(({ person }) => person);
const issueOf = (stage: CommentStage, number = 1) => stage.forge.issues().find((issue) => issue.number === number);
const events = (stage: CommentStage, name: string) => stage.log.lines.filter(({ event }) => event === name);
const notes = async (stage: CommentStage) =>
  (await stage.store.trail.lines(0, 1000, stage.never)).flatMap(({ deed }) => (deed.kind === 'note' ? [deed] : []));

test('one vote over HTTP and one by comment carry out a dual action; the status comment follows and the issue is closed', async () => {
  const stage = await setCommentStage();
  assert.equal(stage.own().length, 1);
  assert.match(stage.own()[0] ?? '', /waits for approval[\s\S]*0 of 2 approvals[\s\S]*May still approve: `ben`/);
  await stage.vote('p-1', 'ben');
  await stage.comment('cho', `/approve ${stage.short}`);
  const { votes, state } = await stage.read('p-1');
  assert.equal(state, 'approved');
  assert.deepEqual(
    votes.map(({ person, channel, proof }) => ({ person, channel, proof })),
    [
      { person: 'ben', channel: 'http', proof: { kind: 'token' } },
      { person: 'cho', channel: 'gitea', proof: { kind: 'account', account: 'cho', message: '2' } },
    ],
  );
  await stage.pass(30);
  await stage.tell();
  assert.equal((await stage.read('p-1')).state, 'succeeded');
  const [status, ...more] = stage.own();
  assert.deepEqual(more, [], 'one status comment, edited');
  assert.match(
    status ?? '',
    /succeeded[\s\S]*2 of 2 approvals[\s\S]*`ben` approved[\s\S]*`cho` approved[\s\S]*Ended at/,
  );
  assert.doesNotMatch(status ?? '', /May still approve|\/approve/);
  assert.equal(issueOf(stage)?.state, 'closed');
});

test('two comments are two votes, one rejection by comment is enough, and its reason is kept', async () => {
  const two = await setCommentStage();
  await two.comment('ben', `/approve ${two.digest}`);
  await two.comment('cho', `Looks right to me.\n\n/APPROVE sha256:${two.short.slice(0, 6).toUpperCase()}\n\nThanks!`);
  assert.deepEqual(await voters(two), ['ben', 'cho']);
  assert.equal((await two.read('p-1')).state, 'approved');

  const one = await setCommentStage();
  await one.comment('ben', `/approve ${one.short}`);
  await one.comment('ben', `/reject ${one.short} the sale is on`);
  const { state, votes } = await one.read('p-1');
  assert.deepEqual([state, votes.at(-1)?.reason], ['rejected', 'the sale is on']);
  assert.match(one.own()[0] ?? '', /rejected[\s\S]*the sale is on/);
  assert.equal(issueOf(one)?.state, 'closed');
});

const ENDS: readonly (readonly [says: string, end: (stage: CommentStage) => Promise<unknown>, state: string])[] = [
  ['expired', (stage) => stage.pass(5 * 3600), 'expired'],
  [
    'cancelled',
    async (stage) => {
      await cancel(stage.gate, 'p-1', { id: 'ana', rights: ['admin'] }, stage.never);
    },
    'cancelled',
  ],
  ['superseded by another of the same target', (stage) => stage.proposeText('scale production/web 9'), 'superseded'],
  [
    'stale, since the cluster changed',
    async (stage) => {
      const web = stage.cluster.workloads.get('production/web');
      assert.ok(web);
      web.uid = 'another';
      await stage.pass(120);
    },
    'stale',
  ],
  [
    'rolled back',
    async (stage) => {
      for (const workload of stage.cluster.workloads.values()) workload.health = 'broken';
      await stage.vote('p-1', 'ben');
      await stage.vote('p-1', 'cho');
      await stage.pass(300);
    },
    'rollback-failed',
  ],
];
for (const [says, end, state] of ENDS)
  test(`${says}: the status comment says so, and the issue is closed`, async () => {
    const stage = await setCommentStage();
    await end(stage);
    await stage.tell();
    assert.equal((await stage.read('p-1')).state, state);
    assert.equal(stage.own().length, 1);
    assert.match(stage.own()[0] ?? '', /Ended at/);
    assert.equal(issueOf(stage)?.state, 'closed');
  });

const NO_VOTES: readonly (readonly [
  says: string,
  author: string,
  text: (stage: CommentStage) => string,
  told: RegExp | null,
])[] = [
  ['an account that is nobody’s', 'mallory', ({ short }) => `/approve ${short}`, /`mallory`: .*no known person/],
  ['somebody without the right', 'eve', ({ short }) => `/approve ${short}`, /`eve`: .*lacks the right/],
  ['the owner of the agent', 'ana', ({ short }) => `/approve ${short}`, /`ana`: .*Nobody approves what they/],
  ['another digest', 'ben', () => '/approve 0123456789abcdef', /`ben`: .*digest is not the one/],
  ['no digest', 'ben', () => '/approve', /`ben`: .*digits of the digest/],
  ['an incident in the place of the digest', 'ben', () => '/approve INC-1', /`ben`: .*digits of the digest/],
  ['a rejection without a reason', 'ben', ({ short }) => `/reject ${short}`, /`ben`: .*needs a reason/],
  ['a command within a paragraph', 'ben', ({ short }) => `fine\n/approve ${short}`, /`ben`: .*line of its own/],
  ['two commands', 'ben', ({ short }) => `/approve ${short}\n\n/reject ${short} no`, /`ben`: .*more than one/],
  ['a quoted command', 'ben', ({ short }) => `> /approve ${short}\n\nshould we?`, null],
  ['a command in a code block', 'ben', ({ short }) => `\`\`\`\n/approve ${short}\n\`\`\``, null],
  ['a command in an open code block', 'ben', ({ short }) => `~~~~\nx\n~~~\n\n/approve ${short}\n`, null],
  ['an indented command', 'ben', ({ short }) => `    /approve ${short}`, null],
  ['a hidden command', 'ben', ({ short }) => `hello\n\n<!--\n\n/approve ${short}\n\n-->`, null],
  ['talk', 'ben', () => 'please look, I would approve', null],
  ['a command to another program', 'ben', () => '/assign cho', null],
];
for (const [says, author, text, told] of NO_VOTES)
  test(`${says} is no vote${told === null ? '' : ', and is told once'}`, async () => {
    const stage = await setCommentStage();
    const before = stage.own()[0];
    await stage.comment(author, text(stage));
    await stage.comment(author, text(stage));
    await stage.poll();
    assert.deepEqual(await voters(stage), []);
    assert.equal(stage.own().length, 1, 'nobody is answered by a comment of its own');
    if (told === null) assert.equal(stage.own()[0], before);
    else assert.equal(stage.own()[0]?.match(new RegExp(told, 'g'))?.length, 1);
    assert.ok((await notes(stage)).length <= 1);
  });

test('a comment that was edited is no vote, whoever edited it; one that was counted before stays counted', async () => {
  const stage = await setCommentStage();
  stage.clock.pass(1);
  const talk = stage.forge.commentAs('ben', 1, 'looks good');
  stage.clock.pass(1);
  stage.forge.editAsAnother(talk, `/approve ${stage.short}`);
  await stage.poll();
  assert.deepEqual(await voters(stage), []);
  assert.match(stage.own()[0] ?? '', /`ben`: An edited comment does not count/);
  const counted = await stage.comment('cho', `/approve ${stage.short}`);
  stage.clock.pass(1);
  stage.forge.editAsAnother(counted, 'I never said that');
  await stage.poll();
  stage.forge.editAsAnother(counted, `/reject ${stage.short} no`);
  await stage.poll();
  assert.deepEqual(await voters(stage), ['cho']);
  assert.doesNotMatch(stage.own()[0] ?? '', /`cho`: /, 'what was counted is not called edited');
  assert.equal((await stage.read('p-1')).state, 'awaiting-approval');
});

test('the gate never takes its own comments, nor those of programs, for votes', async () => {
  const stage = await setCommentStage();
  stage.setPeople({
    ...CAST,
    people: CAST.people.map((one) => ({
      ...one,
      accounts: { telegram: null, gitea: one.id === 'ben' ? 'blastgate' : one.id },
    })),
  });
  await stage.comment('blastgate', `/approve ${stage.short}`);
  assert.deepEqual(await voters(stage), []);
  const forge = {
    readComments: async () => ({
      comments: [
        {
          id: '77',
          issueNumber: 1,
          account: 'cho',
          nature: 'bot' as const,
          createdAt: '2026-01-01T00:00:05.000Z',
          updatedAt: '2026-01-01T00:00:05.000Z',
          text: `/approve ${stage.short}`,
        },
      ],
      next: null,
    }),
  };
  await pollComments(stage.gate, Object.assign(Object.create(stage.forge), forge), createCommentMemory(), stage.never);
  assert.deepEqual(await voters(stage), []);
});

test('a login that another has taken is nobody’s, where people.yaml has the number of the account', async () => {
  const stage = await setCommentStage();
  const ids = CAST.people.map(({ id }) => id);
  stage.setPeople({
    ...CAST,
    people: CAST.people.map((one) => ({ ...one, accounts: { gitea: `${one.id}#${ids.indexOf(one.id) + 3}` } })),
  });
  const comment = (id: string, account: string, accountId: string | null) => ({
    id,
    issueNumber: 1,
    account,
    accountId,
    nature: 'comment' as const,
    createdAt: '2026-01-01T00:00:05.000Z',
    updatedAt: '2026-01-01T00:00:05.000Z',
    text: `/approve ${stage.short}`,
  });
  const read = async (...comments: readonly ReturnType<typeof comment>[]) => {
    const forge = { readComments: async () => ({ comments, next: null }) };
    const memory = createCommentMemory();
    await pollComments(stage.gate, Object.assign(Object.create(stage.forge), forge), memory, stage.never);
    return voters(stage);
  };
  assert.deepEqual(await read(comment('70', 'ben', '4711'), comment('71', 'ben', null)), []);
  assert.deepEqual(await read(comment('72', 'ben-renamed', `${ids.indexOf('ben') + 3}`)), ['ben']);
});

test('killed between a vote and the cursor: read again, the vote stands once and nothing is told', async () => {
  const store = memoryStore();
  const stage = await setCommentStage(store);
  stage.clock.pass(1);
  stage.forge.commentAs('ben', 1, `/approve ${stage.short}`);
  const controls = { ...store.controls, writeCursor: () => Promise.reject(new Error('killed')) };
  const dying = { ...stage.gate, store: { ...store, controls } };
  await assert.rejects(pollComments(dying, stage.forge, createCommentMemory(), stage.never), /killed/);
  assert.deepEqual(await voters(stage), ['ben']);
  await stage.poll();
  await stage.tell();
  assert.deepEqual(await voters(stage), ['ben']);
  assert.deepEqual(await notes(stage), []);
  assert.doesNotMatch(stage.own()[0] ?? '', /did not count/);
});

test('a status comment whose answer was lost is found again by its marker', async () => {
  const stage = await setCommentStage();
  const ensure = stage.forge.ensureStatusComment.bind(stage.forge);
  stage.forge.ensureStatusComment = async (...args) => {
    stage.forge.ensureStatusComment = ensure;
    await ensure(...args);
    throw new AdapterError('no-answer', 'the connection was lost');
  };
  await stage.vote('p-1', 'ben');
  await stage.tell();
  stage.clock.pass(2);
  await stage.tell();
  assert.equal(stage.own().length, 1);
  assert.match(stage.own()[0] ?? '', /1 of 2 approvals/);
});

test('an issue that a person closed decides nothing: the status says so, comments still count', async () => {
  const stage = await setCommentStage();
  await stage.forge.closeAsAnother(1);
  await stage.comment('ben', `/approve ${stage.short}`);
  assert.match(stage.own()[0] ?? '', /closed by hand\. That decides nothing/);
  await stage.comment('cho', `/approve ${stage.short}`);
  assert.equal((await stage.read('p-1')).state, 'approved');
});

test('a repository that is deleted is told, stops nothing, and has its issue again when it is back', async () => {
  const stage = await setCommentStage();
  stage.forge.removeRepository();
  await assert.rejects(stage.poll(), /no such repository/);
  await stage.vote('p-1', 'ben');
  await stage.tell();
  const { review } = await stage.read('p-1');
  assert.equal(review?.success, false);
  assert.match(review?.error ?? '', /there no more/);
  assert.ok(stage.chat.said().some(({ text }) => text.includes('no review issue')));
  stage.forge.makeRepository();
  for (let seconds = 0; seconds < 400; seconds += 20) {
    await stage.pass(20);
    await stage.tell();
  }
  assert.equal(stage.forge.issues().length, 1);
  assert.match(stage.own()[0] ?? '', /1 of 2 approvals/);
  await stage.comment('cho', `/approve ${stage.short}`);
  assert.equal((await stage.read('p-1')).state, 'approved');
});

test('an issue that was made just before the proposal ended is found and closed', async () => {
  const stage = setStage();
  const ensure = stage.forge.ensureReviewIssue.bind(stage.forge);
  stage.forge.ensureReviewIssue = async (...args) => {
    await ensure(...args);
    throw new AdapterError('no-answer', 'the connection was lost');
  };
  await stage.proposeText('scale production/web 0');
  await stage.tell();
  await stage.vote('p-1', 'ben', 'reject');
  stage.clock.pass(400);
  await stage.tell();
  const [issue, ...more] = stage.forge.issues();
  assert.deepEqual(more, []);
  assert.equal(issue?.state, 'closed');
  assert.equal((await stage.read('p-1')).review?.issueNumber, 1);
});

test('nothing is asked of the forge while nothing waits', async () => {
  const stage = await setCommentStage();
  await stage.vote('p-1', 'ben', 'reject');
  await stage.tell();
  const before = stage.forge.polls();
  for (let polls = 0; polls < 5; polls += 1) await stage.poll();
  assert.equal(stage.forge.polls(), before);
});

test('a flood of comments by strangers delays a vote by some polls and hides none; it is told once', async () => {
  const stage = await setCommentStage();
  stage.clock.pass(1);
  for (let i = 0; i < 1200; i += 1) stage.forge.commentAs(`mallory${i % 40}`, 1, `/approve ${stage.short}`);
  stage.forge.commentAs('ben', 1, `/approve ${stage.short}`);
  const before = stage.forge.polls();
  for (let polls = 0; polls < 4; polls += 1) await stage.poll();
  assert.deepEqual(await voters(stage), ['ben']);
  assert.ok(stage.forge.polls() - before <= 40, 'each poll is bounded');
  assert.ok((await notes(stage)).length <= 10);
  await stage.tell();
  assert.equal(stage.own().length, 1);
  assert.ok((stage.own()[0]?.match(/mallory/g)?.length ?? 0) <= 10);
  const told = stage.own()[0];
  for (let i = 0; i < 100; i += 1) stage.forge.commentAs('mallory1', 1, `/approve ${stage.short}`);
  await stage.poll();
  assert.equal(stage.own()[0], told);
});

test('a comment that cannot be handled is given up after a while and hides none behind it', async () => {
  const store = memoryStore();
  const stage = await setCommentStage(store);
  stage.clock.pass(1);
  stage.forge.commentAs('cho', 1, `/approve ${stage.short}`);
  stage.forge.commentAs('ben', 1, `/approve ${stage.short}`);
  const save: typeof store.remediations.save = (changes, signal) =>
    changes.some(({ after }) => after.votes.at(-1)?.person === 'cho')
      ? Promise.reject(new Error('a row that breaks'))
      : store.remediations.save(changes, signal);
  const gate = { ...stage.gate, store: { ...store, remediations: { ...store.remediations, save } } };
  const poll = () => pollComments(gate, stage.forge, stage.memory, stage.never);
  for (let tries = 0; tries < 5; tries += 1) await assert.rejects(poll(), /a row that breaks/);
  await poll();
  assert.deepEqual(await voters(stage), ['ben']);
  assert.equal(events(stage, 'review_comment_given_up').length, 1);
});

test('while nobody is known (the file of people is broken) nothing is read past', async () => {
  const stage = await setCommentStage();
  stage.setPeople({ people: [], agents: [] });
  stage.clock.pass(1);
  stage.forge.commentAs('ben', 1, `/approve ${stage.short}`);
  await stage.poll();
  stage.setPeople({
    ...CAST,
    people: CAST.people.map((one) => ({ ...one, accounts: { telegram: null, gitea: one.id.toUpperCase() } })),
  });
  await stage.poll();
  assert.deepEqual(await voters(stage), ['ben'], 'login names are the same in either case');
});

/** A forge one of whose calls fails: before it was carried out, or after, so that only its answer is lost. */
const failingAt = (forge: ReviewForge, at: number, moment: 'before' | 'after') => {
  let calls = 0;
  const wrapped = new Proxy(forge, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        const now = calls === at;
        calls += 1;
        if (now && moment === 'before') throw new AdapterError('no-answer', 'the connection was lost');
        const result: unknown = await value.apply(target, args);
        if (now) throw new AdapterError('no-answer', 'the connection was lost');
        return result;
      };
    },
  });
  return { wrapped, calls: () => calls };
};

for (const moment of ['before', 'after'] as const)
  test(`whichever call to the forge fails (${moment} it was carried out), one issue and one status comment tell the end`, async () => {
    let tried = 0;
    for (let at = 0; ; at += 1) {
      const stage = setStage();
      const { wrapped, calls } = failingAt(stage.forge, at, moment);
      Object.assign(stage.gate, { forge: wrapped });
      await stage.proposeText('scale production/web 0');
      for (const step of ['ben', 'wait', 'cho', 'wait', 'wait'] as const) {
        if (step === 'wait') await stage.pass(20);
        else await stage.vote('p-1', step);
        await stage.tell();
      }
      await stage.pass(300);
      await stage.tell();
      const [issue, ...more] = stage.forge.issues();
      assert.deepEqual(more, [], `call ${at}`);
      assert.equal(issue?.state, 'closed', `call ${at}`);
      const [status, ...others] = stage.forge.comments(1);
      assert.deepEqual(others, [], `call ${at}`);
      assert.match(status?.text ?? '', /succeeded/, `call ${at}`);
      if (calls() <= at) break;
      tried += 1;
    }
    assert.ok(tried >= 10, `only ${tried} calls were tried`);
  });

test('a comment in an issue whose making was not answered yet counts once the issue is known', async () => {
  const stage = setStage();
  const accounts = (gitea: string) => ({ telegram: null, gitea });
  stage.setPeople({ ...CAST, people: CAST.people.map((one) => ({ ...one, accounts: accounts(one.id) })) });
  const memory = createCommentMemory();
  const poll = () => pollComments(stage.gate, stage.forge, memory, stage.never);
  const ensure = stage.forge.ensureReviewIssue.bind(stage.forge);
  stage.forge.ensureReviewIssue = async (...args) => {
    stage.forge.ensureReviewIssue = ensure;
    await ensure(...args);
    throw new AdapterError('no-answer', 'the connection was lost');
  };
  await stage.proposeText('scale production/web 0');
  await stage.tell();
  const { digest } = (await stage.read('p-1')).spec;
  stage.forge.commentAs('ben', 1, `/approve ${digest}`);
  stage.forge.commentAs('cho', 77, `/approve ${digest}`);
  await poll();
  assert.deepEqual((await stage.read('p-1')).votes, []);
  stage.clock.pass(10);
  await stage.tell();
  await poll();
  assert.deepEqual(
    (await stage.read('p-1')).votes.map(({ person }) => person),
    ['ben'],
  );
});

test('stored proposals are only read when there is a command, however many wait', async () => {
  const stage = await setCommentStage();
  await stage.poll();
  let lists = 0;
  const page = stage.store.remediations.page.bind(stage.store.remediations);
  stage.store.remediations.page = (...args) => {
    lists += 1;
    return page(...args);
  };
  for (let polls = 0; polls < 10; polls += 1) {
    stage.clock.pass(5);
    stage.forge.commentAs('ben', 1, 'still looking');
    await stage.poll();
  }
  assert.equal(lists, 0);
  stage.forge.commentAs('ben', 1, `/approve ${stage.short}`);
  await stage.poll();
  assert.deepEqual([await voters(stage), lists], [['ben'], 1]);
});

test('what moves while its status is written is written again, so that no older text stays', async () => {
  const stage = await setCommentStage();
  const ensure = stage.forge.ensureStatusComment.bind(stage.forge);
  await stage.vote('p-1', 'ben');
  stage.forge.ensureStatusComment = async (...args) => {
    stage.forge.ensureStatusComment = ensure;
    await stage.vote('p-1', 'cho', 'reject');
    await ensure(...args);
  };
  await updateReviewStatus(stage.gate, 'p-1', stage.never);
  assert.match(stage.own()[0] ?? '', /rejected/);
  assert.equal(issueOf(stage)?.state, 'closed');
});

test('a vote that was taken back is not counted again when its comment is read again', async () => {
  const stage = await setCommentStage();
  await stage.comment('ben', `/approve ${stage.short}`);
  assert.deepEqual(await voters(stage), ['ben']);
  const taken = await withdrawVote(stage.gate, { proposal: 'p-1', person: 'ben' }, stage.never);
  assert.ok(taken.ok);
  // A gate that starts anew, or takes over from another, reads the last minutes once more.
  await pollComments(stage.gate, stage.forge, createCommentMemory(), stage.never);
  assert.deepEqual(await voters(stage), []);
  assert.doesNotMatch(stage.own()[0] ?? '', /Not counted/);
  // What is written anew counts.
  await stage.comment('ben', `/approve ${stage.short}`);
  assert.deepEqual(await voters(stage), ['ben']);
});

test('each answered poll of the forge is told, and one that fails is not', async () => {
  const stage = await setCommentStage();
  const stop = new AbortController();
  const heard: string[] = [];
  const polls = {
    leads: () => {},
    answered: (role: string) => {
      heard.push(role);
      stop.abort();
    },
  };
  const clock = { ...stage.clock, sleep: async () => void heard.push('pause') };
  stage.forge.fail(new AdapterError('no-answer', 'Gitea was not heard.'));
  const hints = createWakeSignal(clock);
  await listenToComments({ ...stage.gate, clock, polls }, stage.forge, hints, stop.signal);
  assert.deepEqual(heard.slice(0, 2), ['pause', 'forge gitea']);
});
