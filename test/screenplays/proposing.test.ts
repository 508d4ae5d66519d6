import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proposer } from '../../src/core/approval/people.ts';
import { objectKey } from '../../src/core/model/object-ref.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
import { findBallot, findProposal } from '../../src/flow/requests/find-proposal.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { HEALER, type Stage, setStage } from '../support/memory-gate.ts';

const pause = (stage: Stage, to: 'paused' | 'running') =>
  stage.store.controls.setPaused(
    to,
    { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: to, who: 'ana', about: '' },
    stage.never,
  );
const DEPLOYMENT = objectKey({ group: 'apps', resource: 'deployments', namespace: 'production', name: 'web' });
const EVERYTHING = { limit: 200, before: null } as const;
const count = async (stage: Stage): Promise<number> =>
  (await stage.store.remediations.page({ state: null, incident: null }, EVERYTHING, stage.never)).remediations.length;
const refusal = async (stage: Stage, text: string, incident?: string, proposer?: Proposer): Promise<string> => {
  const proposed = await stage.proposeText(text, incident, proposer);
  return proposed.ok ? proposed.remediation.state : proposed.refusal.code;
};

test('what the guard turns away is not stored', async () => {
  const stage = setStage();
  for (const incident of ['', '-x', 'a b', 'x'.repeat(65), 'a/b', 'é', 'INC\n1'])
    assert.equal(await refusal(stage, 'scale dev/web 5', incident), 'bad-incident', JSON.stringify(incident));
  assert.equal(await refusal(stage, `get ${'x'.repeat(65_536)}`), 'too-large');
  await pause(stage, 'paused');
  assert.equal(await refusal(stage, 'scale dev/web 5'), 'paused');
  await pause(stage, 'running');
  assert.equal(await count(stage), 0);
  assert.equal(await refusal(stage, 'scale dev/web 5', `A${'x'.repeat(63)}`), 'approved');
});

test('what this gate would not run is stored as refused, listed, told and audited', async () => {
  const stage = setStage();
  const read = await stage.proposeText('get pods');
  assert.ok(!read.ok && read.refusal.code === 'nothing-to-do');
  const edit = await stage.proposeText('edit the world');
  assert.ok(!edit.ok && edit.refusal.code === 'no-executor');
  assert.deepEqual([read.remediation?.id, edit.remediation?.id], ['p-1', 'p-2']);
  const refused = await stage.store.remediations.page({ state: 'refused', incident: 'INC-1' }, EVERYTHING, stage.never);
  assert.deepEqual(
    refused.remediations.map((one) => [one.id, one.decision?.approvals, one.decision?.reviewIssue]),
    [
      ['p-2', 0, 'none'],
      ['p-1', 0, 'none'],
    ],
  );
  const shown = proposalView(refused.remediations[0] as Remediation, [], viewContextOf(stage.gate));
  assert.deepEqual([shown.code, shown.runnable.is, shown.refusals.length], ['no-executor', false, 1]);
  assert.match(`${shown.why} ${shown.next}`, /does not carry this out.* let a person run it/);
  const events = await stage.store.trail.eventsOf('p-2', stage.never);
  assert.deepEqual(
    events.map(({ event, to }) => [event.event, to]),
    [
      ['proposed', 'proposed'],
      ['decided', 'refused'],
    ],
  );
  await stage.tell();
  assert.match(stage.chat.said()[1]?.text ?? '', /refused\n.*does not carry this out/);
  assert.equal(stage.forge.issues().length, 0);
  await stage.settle();
  assert.equal((await stage.read('p-2')).state, 'refused');
});

for (const [why, right, cause, remedy] of [
  [
    'forbidden',
    'get deployments.apps',
    /the gate may not read the object \(.*may not get deployments\.apps\)/,
    /the right/,
  ],
  [
    'unreachable',
    null,
    /the cluster has not said what the object is \(deployments\.apps production\/web\)/,
    /when the cluster answers/,
  ],
] as const)
  test(`what a hard rule could not see is named with what helps: ${why}`, async () => {
    const stage = setStage();
    const readFacts = stage.cluster.readFacts.bind(stage.cluster);
    stage.cluster.readFacts = async (...args) => ({
      ...(await readFacts(...args)),
      targets: [],
      missing: [{ resource: 'deployments.apps', object: DEPLOYMENT, part: null, right, why }],
    });
    const proposed = await stage.proposeText('scale production/web 5');
    assert.ok(proposed.ok);
    const { code, why: said, next, runnable } = proposalView(proposed.remediation, [], viewContextOf(stage.gate));
    assert.equal(code, 'hard-rule-undecided');
    assert.match(said ?? '', cause);
    assert.match(runnable.why ?? '', cause);
    assert.match(next, remedy);
    assert.doesNotMatch(next, /Correct it|send the manifest/i);
  });

test('what the cluster does not allow the gate is refused at once, and ends what waits', async () => {
  const stage = setStage();
  const readFacts = stage.cluster.readFacts.bind(stage.cluster);
  let held = false;
  stage.cluster.readFacts = async (...args) => ({
    ...(await readFacts(...args)),
    ...(held
      ? {}
      : {
          denied: [
            { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'production' },
          ],
        }),
  });
  const refused = await stage.proposeText('scale production/web 5');
  assert.ok(refused.ok);
  const shown = proposalView(refused.remediation, [], viewContextOf(stage.gate));
  assert.deepEqual([shown.state, shown.code, shown.runnable.is], ['refused', 'no-cluster-right', false]);
  assert.match(shown.why ?? '', /patch deployments\.apps\/scale in production\).*rbac\.yaml/);
  held = true;
  await stage.proposeText('scale production/web 5');
  await stage.vote('p-2', 'ben');
  held = false;
  await stage.pass(5);
  const { state, refusal: why } = await stage.read('p-2');
  assert.deepEqual([state, why?.code], ['stale', 'no-cluster-right']);
});

test('what this gate would not run takes the place of nothing', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 0');
  const open = (await stage.read('p-1')).state;
  await stage.proposeText('edit the world');
  assert.equal((await stage.read('p-1')).state, open);
});

test('an approval of what has ended is told how it ended', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 5');
  const { digest } = (await stage.read('p-1')).spec;
  await stage.vote('p-1', 'ben', 'reject');
  const found = async (digits: string | null) => {
    const one = await findBallot(stage.gate, 'INC-1', digits, stage.never);
    return one.ok ? one.remediation.id : [one.refusal.code, one.remediation?.id];
  };
  assert.deepEqual(await found(null), ['not-open', 'p-1']);
  assert.deepEqual(await found(digest), ['not-open', 'p-1']);
  await stage.proposeText('scale production/web 6');
  assert.deepEqual(await found(digest), ['not-open', 'p-1'], 'another one is open');
  const late = await findProposal(stage.gate, 'INC-9', stage.never);
  assert.ok(!late.ok && late.refusal.code === 'no-such-proposal' && late.remediation === null);
});

test('sixty a minute for each proposer', async () => {
  const stage = setStage();
  for (let i = 0; i < 60; i += 1) assert.equal(await refusal(stage, 'get pods'), 'nothing-to-do');
  assert.equal(await refusal(stage, 'scale dev/web 5'), 'rate-limited');
  assert.equal(await refusal(stage, 'get pods', 'INC-1', { kind: 'person', id: 'ana' }), 'nothing-to-do');
  assert.equal(
    await refusal(stage, 'get pods', 'INC-1', { kind: 'person', id: 'healer' }),
    'nothing-to-do',
    'a namesake',
  );
  await stage.pass(60);
  assert.equal(await refusal(stage, 'scale dev/web 5'), 'approved');
});

test('the same proposal twice is one, also at the same moment', async () => {
  const stage = setStage();
  const both = await Promise.all([
    stage.proposeText('scale production/web 5'),
    stage.proposeText('scale production/web 5'),
  ]);
  assert.deepEqual(new Set(both.map((one) => one.ok && one.made)), new Set(['new', 'open-already']));
  const third = await stage.proposeText('scale production/web 5');
  assert.ok(third.ok && third.made === 'open-already');
  assert.equal(await count(stage), 1);
});

test('after its end the same may be proposed again, without votes', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 5');
  await stage.vote('p-1', 'ben', 'reject');
  const again = await stage.proposeText('scale production/web 5');
  assert.ok(again.ok && again.made === 'new');
  assert.deepEqual(again.remediation.votes, []);
});

test('a person decides when the score cannot be worked out', async () => {
  const stage = setStage();
  // Only what adds up is broken: hard rules and floors can still be asked.
  const broken = { ...stage.gate.policy, document: { ...stage.gate.policy.document, tiers: null as never } };
  const command = { kind: 'line', line: 'scale production/web 5' } as const;
  const question = {
    command,
    files: new Map(),
    namespace: null,
    incident: 'INC-1',
    proposer: HEALER,
    diagnosis: null,
    mayStill: () => true,
  };
  const proposed = await propose({ ...stage.gate, policy: broken }, question, stage.never);
  assert.ok(proposed.ok);
  const { state, spec, decision } = proposed.remediation;
  assert.deepEqual(
    [state, decision?.approvals, spec.tier, spec.blastRadiusScore],
    ['awaiting-approval', 1, 'human', null],
  );
  assert.deepEqual(
    spec.reasons.map(({ code }) => code),
    ['calculation-failed'],
  );
  assert.ok(stage.log.lines.some(({ event }) => event === 'decision_blast_radius_failed'));
});

test('a policy in which no rule can be asked blocks', async () => {
  const stage = setStage();
  const unreadable = { ...stage.gate.policy, document: null as never };
  const command = { kind: 'line', line: 'scale production/web 5' } as const;
  const question = {
    command,
    files: new Map(),
    namespace: null,
    incident: 'INC-1',
    proposer: HEALER,
    diagnosis: null,
    mayStill: () => true,
  };
  const proposed = await propose({ ...stage.gate, policy: unreadable }, question, stage.never);
  assert.ok(proposed.ok);
  assert.equal(proposed.remediation.state, 'blocked');
});

test('with the check off everything waits for one person, and no issue is made', async () => {
  const stage = setStage();
  const gate = { ...stage.gate, flags: { blastRadiusCheck: 'off', gitopsPr: 'on' } as const };
  const ask = async (line: string) => {
    const question = { command: { kind: 'line', line } as const, files: new Map(), namespace: null, incident: 'INC-1' };
    const proposed = await propose(
      gate,
      { ...question, proposer: HEALER, diagnosis: null, mayStill: () => true },
      stage.never,
    );
    return proposed.ok ? `${proposed.remediation.state} ${proposed.remediation.decision?.approvals}` : 'no';
  };
  assert.equal(await ask('scale dev/web 5'), 'awaiting-approval 1');
  assert.equal(await ask('scale production/web 0'), 'awaiting-approval 1');
  assert.equal(await ask('rm -rf /'), 'blocked 0');
  await stage.tell();
  assert.equal(stage.forge.issues().length, 0);
});

test('an object that is not there is refused, and people are told', async () => {
  const stage = setStage();
  const proposed = await stage.proposeText('scale dev/nobody 5');
  assert.ok(proposed.ok);
  assert.equal(proposed.remediation.state, 'refused');
  assert.equal(proposed.remediation.spec.refusals[0]?.code, 'not-found');
  await stage.tell();
  assert.match(stage.chat.said()[0]?.text ?? '', /does not exist/);
});

test('a cluster that cannot be asked leaves no way to run it unseen', async () => {
  const stage = setStage();
  stage.cluster.troubles.read.push('unreachable');
  const state = await refusal(stage, 'scale dev/web 5');
  assert.ok(state === 'refused' || state === 'awaiting-approval', state);
  await stage.pass(30);
  assert.deepEqual(stage.cluster.writes, []);
});

test('an earlier failure of the same action on the same target raises the score, others do not', async () => {
  const stage = setStage();
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = 'broken';
  await stage.proposeText('scale dev/web 5');
  await stage.pass(60);
  assert.equal((await stage.read('p-1')).state, 'rollback-failed');
  web.health = 'fine';
  const score = async (text: string, incident: string) => {
    const proposed = await stage.proposeText(text, incident);
    return proposed.ok ? proposed.remediation.spec.blastRadiusScore : null;
  };
  assert.equal(await score('scale dev/web 6', 'INC-2'), 16, '6 and 10 for the history');
  assert.equal(await score('scale dev/api 3', 'INC-3'), 6, 'another target');
  assert.equal(await score('scale default/web 6', 'INC-4'), 10, 'the same name in another namespace');
  stage.clock.pass(7 * 24 * 3600 + 120);
  assert.equal(await score('scale dev/web 4', 'INC-5'), 6, 'a week later');
});

test('an incident names its one open proposal, a digest is asked for once it has had two', async () => {
  const stage = setStage();
  const by = async (id: string) => {
    const found = await findProposal(stage.gate, id, stage.never);
    return found.ok ? found.remediation.id : found.refusal.code;
  };
  const ballot = async (digits: string | null, incident = 'INC-1') => {
    const found = await findBallot(stage.gate, incident, digits, stage.never);
    return found.ok ? found.remediation.id : found.refusal.code;
  };
  assert.equal(await by('INC-1'), 'no-such-proposal');
  await stage.proposeText('scale production/web 5');
  assert.equal(await by('INC-1'), 'p-1');
  assert.equal(await ballot(null), 'p-1');
  await stage.proposeText('scale production/web 6');
  assert.equal((await stage.read('p-1')).state, 'superseded');
  assert.equal(await by('INC-1'), 'p-2');
  assert.equal(await ballot(null), 'digest-required', 'what people read may have been the first');
  const { digest } = (await stage.read('p-2')).spec;
  const hex = digest.slice('sha256:'.length);
  assert.equal(await ballot(hex.slice(0, 6)), 'p-2');
  assert.equal(await ballot(hex.slice(0, 12).toUpperCase()), 'p-2');
  assert.equal(await ballot(digest), 'p-2');
  assert.equal(await ballot(hex.slice(0, 5)), 'digest-required');
  assert.equal(await ballot('000000'), 'wrong-digest');
  assert.equal(await ballot(hex.slice(0, 6), 'INC-9'), 'no-such-proposal');
  await stage.proposeText('scale production/api 6');
  assert.equal(await by('INC-1'), 'no-such-proposal', 'two are open: nobody guesses');
});

test('no secret and no word of the proposer is in a log line', async () => {
  const stage = setStage();
  const question = { files: new Map(), namespace: null, incident: 'INC-1', proposer: HEALER, mayStill: () => true };
  const command = { kind: 'line', line: 'scale production/web 0' } as const;
  await propose(stage.gate, { ...question, command, diagnosis: 'hunter2 is the password' }, stage.never);
  await stage.vote('p-1', 'ben');
  await stage.vote('p-1', 'cho');
  await stage.pass(15);
  await stage.tell();
  assert.doesNotMatch(JSON.stringify(stage.log.lines), /hunter2/);
  assert.doesNotMatch(JSON.stringify(stage.chat.said()), /hunter2/);
});

test('the log tells the life of a proposal by its pinned names, each with incident, proposal and digest', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 0');
  await stage.tell();
  await stage.vote('p-1', 'ben');
  await stage.vote('p-1', 'cho');
  await stage.pass(15);
  const { digest } = (await stage.read('p-1')).spec;
  for (const { event, fields } of stage.log.lines)
    assert.deepEqual([fields['incident'], fields['proposal'], fields['digest']], ['INC-1', 'p-1', digest], event);
  assert.deepEqual(
    stage.log.lines.map(({ event }) => event).filter((event) => event !== 'state_changed'),
    [
      'blast_radius_evaluated',
      'declarative_spec_sealed',
      'decision_tier_applied',
      'gitops_issue_created',
      'vote_recorded',
      'vote_recorded',
      'execution_started',
      'convergence_verdict',
      'execution_finished',
      'declarative_outcome_recorded',
    ],
  );
});

test('who loses the right while the proposal is judged has proposed nothing', async () => {
  const stage = setStage();
  let may = true;
  const readFacts = stage.gate.reader.readFacts.bind(stage.gate.reader);
  const reader = {
    ...stage.gate.reader,
    readFacts: (...asked: Parameters<typeof readFacts>) => {
      may = false;
      return readFacts(...asked);
    },
  };
  const command = { kind: 'line', line: 'scale production/web 0' } as const;
  const question = { command, files: new Map(), namespace: null, incident: 'INC-1', diagnosis: null };
  const answer = await propose(
    { ...stage.gate, reader },
    { ...question, proposer: HEALER, mayStill: () => may },
    stage.never,
  );
  assert.deepEqual(answer, { ok: false, refusal: { code: 'no-right', about: 'healer, propose' }, remediation: null });
  assert.equal(await count(stage), 0);
});
