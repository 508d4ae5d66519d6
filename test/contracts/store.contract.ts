// What every store promises, whatever it is made of.

import assert from 'node:assert/strict';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { SESSION_SECONDS, type Session } from '../../src/core/approval/session.ts';
import type { ShadowVerdict } from '../../src/core/decision/shadow-verdict.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import type { Json } from '../../src/core/model/json.ts';
import type { ClusterScope } from '../../src/core/remediation/cluster-scope.ts';
import { derivedFaults } from '../../src/core/remediation/derived.ts';
import { runOfOutcome, summarize } from '../../src/core/remediation/outcome.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import type { State } from '../../src/core/remediation/state.ts';
import type {
  Lane,
  ProposalPage,
  RemediationChange,
  Saved,
  Store,
  TrailFilter,
  TrailPage,
} from '../../src/ports/store.ts';
import { following, proposed, START } from '../support/a-remediation.ts';
import { promisesOf } from './promise.ts';

const never = new AbortController().signal;
/** As many writes at once as anybody likes. */
const MANY = 1000;
const at = (seconds: number): string => plusSeconds(START, seconds);

const vote = (remediation: Remediation, person: string, decision: 'approve' | 'reject' = 'approve') =>
  ({
    event: 'voted',
    vote: { person, channel: 'http', decision, digest: remediation.spec.digest, at: START, reason: null },
  }) as const;

const saved = async (
  store: Store,
  ...changes: readonly RemediationChange[]
): Promise<Saved & { readonly ok: true }> => {
  const result = await store.remediations.save(changes, never);
  assert.ok(result.ok, JSON.stringify(result));
  return result;
};

const claimed = async (store: Store, now: string, until: string, lane: Lane = 'begun') => {
  const found = await store.remediations.claim({ lane, now, until, scope: ALL, writesAtOnce: MANY }, never);
  assert.ok(found.ok, 'nothing was due');
  return found;
};

const ALL = { kind: 'all' } as const;

/** Runs the suite over one kind of store; `open` gives a fresh, empty one. */
export const storeContract = (name: string, open: () => Promise<Store>): void => {
  const promise = promisesOf(name, open);

  promise('what was saved is read back the same, and shares nothing with the caller', async (store) => {
    const change = proposed('scale production/web 5');
    await saved(store, change);
    const read = await store.remediations.read(change.after.id, never);
    assert.deepEqual(read, JSON.parse(JSON.stringify(change.after)));
    assert.equal(await store.remediations.read('p-nobody', never), null);
  });

  promise('what no text of a database holds is found nowhere, and harms nothing', async (store) => {
    await saved(store, proposed('scale production/web 5'));
    for (const odd of ['p-\0', 'p\ud800', '\0', 'p'.repeat(1_000_000)]) {
      assert.equal(await store.remediations.read(odd, never), null);
      assert.deepEqual(await store.remediations.briefs(odd, 'any', 9, never), []);
      assert.deepEqual(await store.remediations.withDigest('INC-1', `sha256:${odd}`, 9, never), []);
      const which = { state: null, incident: odd };
      assert.deepEqual((await store.remediations.page(which, { limit: 9, before: null }, never)).remediations, []);
      assert.deepEqual(await store.history.digestsOf(odd, never), []);
      assert.deepEqual(await store.history.holders([odd], never), []);
      assert.equal(await store.controls.readCursor(odd, never), null);
      assert.deepEqual(await store.hidden.reveal([odd], never), new Map());
    }
  });

  promise('lists newest first, by state and by incident', async (store) => {
    await saved(store, proposed('scale production/web 5', 'INC-1'));
    await saved(store, proposed('scale production/api 5', 'INC-2'));
    await saved(store, proposed('scale dev/web 5', 'INC-2'));
    const ids = async (state: 'approved' | null, incident: string | null) =>
      (await store.remediations.page({ state, incident }, { limit: 200, before: null }, never)).remediations.map(
        ({ incident: one, state: is }) => `${one} ${is}`,
      );
    assert.deepEqual(await ids(null, null), ['INC-2 approved', 'INC-2 awaiting-approval', 'INC-1 awaiting-approval']);
    assert.deepEqual(await ids(null, 'INC-1'), ['INC-1 awaiting-approval']);
    assert.deepEqual(await ids('approved', 'INC-2'), ['INC-2 approved']);
    const { after } = proposed('scale production/api 5', 'INC-2');
    await saved(store, following(after, [{ event: 'cancelled', by: 'ana' }], START));
    await saved(store, proposed('scale production/web 9', 'INC-2'));
  });

  promise('tells of an incident in brief: newest first, what is open, what waits, what has a digest', async (store) => {
    const first = proposed('scale production/web 5', 'INC-1');
    await saved(store, first);
    await saved(store, following(first.after, [{ event: 'cancelled', by: 'ana' }], START));
    await saved(store, proposed('scale dev/web 5', 'INC-1'));
    await saved(store, proposed('scale production/api 5', 'INC-1'));
    await saved(store, proposed('scale production/web 6', 'INC-1'));
    await saved(store, proposed('scale production/web 7', 'INC-2'));
    const states = async (which: 'any' | 'open' | 'awaiting-approval', limit = 9, incident = 'INC-1') =>
      (await store.remediations.briefs(incident, which, limit, never)).map(({ state }) => state);
    assert.deepEqual(await states('any'), ['awaiting-approval', 'awaiting-approval', 'approved', 'cancelled']);
    assert.deepEqual(await states('any', 1), ['awaiting-approval']);
    assert.deepEqual(await states('open'), ['awaiting-approval', 'awaiting-approval', 'approved']);
    assert.deepEqual(await states('awaiting-approval'), ['awaiting-approval', 'awaiting-approval']);
    assert.deepEqual(await states('any', 9, 'INC-9'), []);
    const { digest } = first.after.spec;
    const ofDigest = async (prefix: string, incident = 'INC-1') =>
      (await store.remediations.withDigest(incident, prefix, 9, never)).map(({ id }) => id);
    assert.deepEqual(await ofDigest(digest.slice(0, 15)), [first.after.id]);
    assert.deepEqual(await ofDigest(digest), [first.after.id]);
    assert.deepEqual(await ofDigest(digest, 'INC-2'), []);
    assert.deepEqual(await ofDigest('sha256:zzzzzz'), []);
    const at = async (place: string) =>
      (await store.remediations.waitingAt('INC-1', place, never)).map(({ spec }) => spec.target);
    assert.deepEqual(await at('production deployment/web'), ['deployment/web'], 'the other of the place has ended');
    assert.deepEqual(await at('dev deployment/web'), [], 'it waits for nobody');
    assert.deepEqual(await at('production deployment/nosuch'), []);
  });

  promise('pages newest first, each behind the one before, whatever is made meanwhile', async (store) => {
    for (const n of [1, 2, 3, 4, 5]) await saved(store, proposed(`scale production/web ${n}`, `INC-${n}`));
    const page = (limit: number, before: number | null) =>
      store.remediations.page({ state: null, incident: null }, { limit, before }, never);
    const names = ({ remediations }: Awaited<ReturnType<typeof page>>) => remediations.map(({ incident }) => incident);
    const first = await page(2, null);
    await saved(store, proposed('scale production/web 6', 'INC-6'));
    const second = await page(2, first.next);
    const third = await page(2, second.next);
    assert.deepEqual([first, second, third].map(names), [['INC-5', 'INC-4'], ['INC-3', 'INC-2'], ['INC-1']]);
    assert.deepEqual([first.next === null, second.next === null, third.next], [false, false, null]);
    const exact = await store.remediations.page({ state: null, incident: 'INC-2' }, { limit: 1, before: null }, never);
    assert.deepEqual([names(exact), exact.next], [['INC-2'], null]);
  });

  promise('ends a page sooner where proposals are large, and never without one', async (store) => {
    for (const [n, kilobytes] of [0, 400, 400, 400, 1_500, 1].entries()) {
      const change = proposed(`scale production/web ${n}`, `INC-${n}`);
      await saved(store, { ...change, after: { ...change.after, diagnosis: 'x'.repeat(kilobytes * 1024) } });
    }
    const pages: string[][] = [];
    let before: number | null = null;
    do {
      const page: ProposalPage = await store.remediations.page(
        { state: null, incident: null },
        { limit: 4, before },
        never,
      );
      pages.push(page.remediations.map(({ incident }) => incident));
      before = page.next;
    } while (before !== null);
    assert.deepEqual(pages, [['INC-5'], ['INC-4'], ['INC-3', 'INC-2'], ['INC-1', 'INC-0']]);
  });

  promise('counts what is stored, by state and by end', async (store) => {
    assert.deepEqual(await store.history.tallies(never), []);
    await saved(store, proposed('scale production/web 5', 'INC-1'));
    await saved(store, proposed('scale production/api 5', 'INC-2'));
    await saved(store, proposed('scale dev/web 5', 'INC-2'));
    assert.deepEqual(await store.history.tallies(never), [
      { kind: 'proposals', label: 'approved', count: 1 },
      { kind: 'proposals', label: 'awaiting-approval', count: 2 },
    ]);
  });

  promise('counts the approvals that stay marked', async (store) => {
    const { after } = proposed('scale production/web 5', 'INC-1');
    await saved(store, proposed('scale production/web 5', 'INC-1'));
    const { digest } = after.spec;
    const breakGlass = { by: 'ben', digest, reason: 'it is down', at: START, proof: { kind: 'token' } } as const;
    await saved(store, following(after, [{ event: 'glass-broken', breakGlass }], START));
    const other = proposed('scale production/api 5', 'INC-2');
    await saved(store, other);
    const yes = { person: 'cho', channel: 'http', decision: 'approve', at: START, reason: null, hasty: true } as const;
    const vote = { ...yes, digest: other.after.spec.digest };
    await saved(store, following(other.after, [{ event: 'voted', vote }], START));
    const tallies = await store.history.tallies(never);
    assert.deepEqual(
      tallies.filter(({ kind }) => kind === 'marks').map(({ label, count }) => [label, count]),
      [
        ['break-glass', 1],
        ['hasty', 1],
      ],
    );
    const { derived } = await store.trail.snapshot(never);
    if (derived !== null) {
      const { remediations } = await store.remediations.page(
        { state: null, incident: null },
        { limit: 9, before: null },
        never,
      );
      assert.deepEqual(derivedFaults(await store.trail.lines(0, 99, never), remediations, derived), []);
    }
  });

  promise('the same incident and digest is open only once, and may be opened again after its end', async (store) => {
    const change = proposed('scale production/web 5');
    await saved(store, change);
    const twin: RemediationChange = { ...change, after: { ...change.after, id: 'p-twin' } };
    assert.deepEqual(await store.remediations.save([twin], never), {
      ok: false,
      why: 'open-already',
      proposal: change.after.id,
    });
    await saved(store, following(change.after, [{ event: 'cancelled', by: 'ana' }], START));
    await saved(store, twin);
  });

  promise('of two changes on one revision the second is a conflict and leaves nothing', async (store) => {
    const { after } = proposed('scale production/web 0');
    await saved(store, proposed('scale production/web 0'));
    await saved(store, following(after, [vote(after, 'ben')], at(1)));
    const head = await store.trail.head(never);
    const late = await store.remediations.save([following(after, [vote(after, 'cho')], at(1))], never);
    assert.deepEqual(late, { ok: false, why: 'conflict' });
    assert.deepEqual(await store.trail.head(never), head);
  });

  promise('several changes are saved all or not at all', async (store) => {
    const one = proposed('scale production/web 5');
    await saved(store, one);
    const stale: RemediationChange = { ...following(one.after, [{ event: 'superseded', by: 'x' }], at(1)), before: 99 };
    const other = proposed('scale production/web 6');
    assert.equal((await store.remediations.save([other, stale], never)).ok, false);
    assert.equal(await store.remediations.read(other.after.id, never), null);
    await saved(store, following(one.after, [{ event: 'superseded', by: other.after.id }], at(1)), other);
    assert.equal((await store.remediations.read(one.after.id, never))?.state, 'superseded');
  });

  promise('one claims what is due, the longest first; others hear when the next is due', async (store) => {
    assert.deepEqual(
      await store.remediations.claim(
        { lane: 'begun', now: at(0), until: at(30), scope: ALL, writesAtOnce: MANY },
        never,
      ),
      { ok: false, nextDue: null },
    );
    await saved(store, proposed('scale dev/web 5', 'INC-1', at(5)));
    await saved(store, proposed('scale dev/api 5', 'INC-2', at(3)));
    assert.deepEqual(
      await store.remediations.claim(
        { lane: 'begun', now: at(2), until: at(30), scope: ALL, writesAtOnce: MANY },
        never,
      ),
      { ok: false, nextDue: at(3) },
    );
    assert.equal((await claimed(store, at(6), at(36))).remediation.incident, 'INC-2');
    assert.equal((await claimed(store, at(6), at(36))).remediation.incident, 'INC-1');
    assert.deepEqual(
      await store.remediations.claim(
        { lane: 'begun', now: at(6), until: at(36), scope: ALL, writesAtOnce: MANY },
        never,
      ),
      { ok: false, nextDue: at(36) },
    );
  });

  promise('what has begun never waits behind what people are asked', async (store) => {
    for (const incident of ['INC-1', 'INC-2']) await saved(store, proposed('scale production/web 5', incident, at(0)));
    assert.deepEqual(
      await store.remediations.claim(
        { lane: 'begun', now: at(100), until: at(130), scope: ALL, writesAtOnce: MANY },
        never,
      ),
      { ok: false, nextDue: null },
    );
    await saved(store, proposed('scale dev/web 5', 'INC-3', at(90)));
    assert.equal((await claimed(store, at(100), at(130))).remediation.incident, 'INC-3');
    for (const incident of ['INC-1', 'INC-2'])
      assert.equal((await claimed(store, at(100), at(130), 'asked')).remediation.incident, incident);
    assert.equal(
      (
        await store.remediations.claim(
          { lane: 'asked', now: at(100), until: at(130), scope: ALL, writesAtOnce: MANY },
          never,
        )
      ).ok,
      false,
    );
  });

  promise('a claim that ran out belongs to the next, and the late one saves nothing', async (store) => {
    await saved(store, proposed('scale dev/web 5'));
    const dead = await claimed(store, at(1), at(10));
    const alive = await claimed(store, at(11), at(20));
    assert.ok(alive.claim.token > dead.claim.token);
    const intent = { event: 'write-intended', direction: 'forward' } as const;
    const late = await store.remediations.save([following(dead.remediation, [intent], at(12), dead.claim)], never);
    assert.deepEqual(late, { ok: false, why: 'claim-lost' });
    await saved(store, following(alive.remediation, [intent], at(12), alive.claim));
  });

  promise('a claim is kept for the second step of a tick, and given back with the last', async (store) => {
    await saved(store, proposed('scale dev/web 5'));
    const { claim, remediation } = await claimed(store, at(1), at(10));
    const first = following(remediation, [{ event: 'write-intended', direction: 'forward' }], at(1), claim);
    await saved(store, { ...first, afterwards: 'keep-claim' });
    assert.equal(
      (
        await store.remediations.claim(
          { lane: 'begun', now: at(2), until: at(20), scope: ALL, writesAtOnce: MANY },
          never,
        )
      ).ok,
      false,
    );
    const answer = { outcome: 'written', objects: [] } as const;
    await saved(
      store,
      following(first.after, [{ event: 'write-answered', direction: 'forward', answer }], at(2), claim),
    );
    assert.equal((await claimed(store, at(9), at(20))).remediation.state, 'verifying');
  });

  promise(
    'a write is under way from its stored intent to its answer, and only under a claim that has not run out',
    async (store) => {
      await saved(store, proposed('scale dev/web 5'));
      const { claim, remediation } = await claimed(store, at(1), at(10));
      const underWay = async (now: number) =>
        (await store.remediations.beingWritten(at(now), never)).map(({ id }) => id);
      assert.deepEqual(await underWay(2), [], 'nothing is intended yet');
      const first = following(remediation, [{ event: 'write-intended', direction: 'forward' }], at(1), claim);
      await saved(store, { ...first, afterwards: 'keep-claim' });
      assert.deepEqual(await underWay(2), [remediation.id]);
      assert.deepEqual(await store.remediations.beingWritten(at(2), never), [JSON.parse(JSON.stringify(first.after))]);
      assert.deepEqual(await underWay(11), [], 'whoever held it is dead');
      const answer = { outcome: 'written', objects: [] } as const;
      const answered = following(
        first.after,
        [{ event: 'write-answered', direction: 'forward', answer }],
        at(2),
        claim,
      );
      await saved(store, { ...answered, afterwards: 'keep-claim' });
      assert.deepEqual(await underWay(3), []);
    },
  );

  promise('a claim that is held on stays until then; one that ran out cannot be had back', async (store) => {
    await saved(store, proposed('scale dev/web 5'));
    const { claim } = await claimed(store, at(1), at(10));
    assert.equal(await store.remediations.prolong(claim, at(30), never), true);
    const turn = { lane: 'begun', now: at(11), until: at(20), scope: ALL, writesAtOnce: MANY } as const;
    assert.deepEqual(await store.remediations.claim(turn, never), { ok: false, nextDue: at(30) });
    await claimed(store, at(31), at(40));
    assert.equal(await store.remediations.prolong(claim, at(60), never), false);
    await claimed(store, at(41), at(50));
  });

  promise('a postponed one comes back when it is due, at once where a vote was counted meanwhile', async (store) => {
    await saved(store, proposed('scale production/web 5'));
    const quiet = await claimed(store, at(60), at(90), 'asked');
    await store.remediations.postpone(quiet.claim, at(120), never);
    assert.deepEqual(
      await store.remediations.claim(
        { lane: 'asked', now: at(61), until: at(90), scope: ALL, writesAtOnce: MANY },
        never,
      ),
      { ok: false, nextDue: at(120) },
    );
    const busy = await claimed(store, at(120), at(150), 'asked');
    await saved(store, following(busy.remediation, [vote(busy.remediation, 'ben')], at(121)));
    await store.remediations.postpone(busy.claim, at(180), never);
    assert.equal((await claimed(store, at(122), at(150))).remediation.state, 'approved');
  });

  promise('an object is held by one remediation until that ends', async (store) => {
    const [one, two] = [proposed('scale dev/web 5'), proposed('scale dev/web 6')];
    await saved(store, one);
    await saved(store, two);
    const intent = { event: 'write-intended', direction: 'forward' } as const;
    await saved(store, following(one.after, [intent], at(1)));
    assert.deepEqual(await store.remediations.save([following(two.after, [intent], at(1))], never), {
      ok: false,
      why: 'held',
      by: one.after.id,
    });
    const [object = ''] = following(one.after, [intent], at(1)).holds;
    assert.deepEqual(await store.history.holders([object, 'pods./dev/other'], never), [one.after.id]);
    assert.deepEqual(await store.history.holders(['pods./dev/other'], never), []);
    const answer = { outcome: 'refused', why: 'no', written: 0 } as const;
    const begun = following(one.after, [intent], at(1)).after;
    await saved(store, following(begun, [{ event: 'write-answered', direction: 'forward', answer }], at(2)));
    await saved(store, following(two.after, [intent], at(3)));
  });

  promise('messages go out in order within an incident and channel, each until it is settled', async (store) => {
    const dual = proposed('scale production/web 0');
    await saved(store, dual);
    await saved(store, following(dual.after, [vote(dual.after, 'ben', 'reject')], at(1)));
    await saved(store, proposed('scale production/api 5', 'INC-2', at(2)));
    const take = async (now: string) => {
      const found = await store.outbox.take(now, at(100), never);
      return found.ok ? found.message : null;
    };
    const what = (message: Awaited<ReturnType<typeof take>>) => `${message?.incident} ${message?.message.what}`;
    const [waiting, issue, other] = [await take(at(5)), await take(at(5)), await take(at(5))];
    assert.deepEqual([waiting, issue, other].map(what), ['INC-1 waiting', 'INC-1 issue', 'INC-2 waiting']);
    assert.equal(await take(at(5)), null, 'the rejection waits for the message before it');
    await store.outbox.complete(waiting?.key ?? '', { kind: 'again', due: at(9) }, never);
    assert.deepEqual(await store.outbox.take(at(6), at(100), never), { ok: false, nextDue: at(9) });
    const again = await take(at(9));
    assert.equal(again?.key, waiting?.key);
    assert.equal(again?.tries, 1);
    await store.outbox.complete(again?.key ?? '', { kind: 'delivered' }, never);
    assert.equal(what(await take(at(9))), 'INC-1 state');
    assert.equal(what(await take(at(100))), 'INC-1 issue', 'its messenger is dead: somebody else takes it');
  });

  promise('an issue that cannot be made holds up no other', async (store) => {
    const [one, two] = [proposed('scale production/web 0'), proposed('scale production/api 0')];
    await saved(store, one);
    await saved(store, two);
    const issues: string[] = [];
    for (;;) {
      const found = await store.outbox.take(at(5), at(100), never);
      if (!found.ok) break;
      if (found.message.message.channel === 'review') issues.push(found.message.proposal);
    }
    assert.deepEqual(issues, [one.after.id, two.after.id]);
  });

  promise('an outcome is kept with the step that ends it, one for each incident and digest', async (store) => {
    const { after } = proposed('scale dev/web 5');
    const events = [
      { event: 'write-intended', direction: 'forward' },
      { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
      {
        event: 'sampled',
        direction: 'forward',
        look: { at: 2, samples: [] },
        verdict: { is: 'converged', code: 'converged', subject: null },
      },
    ] as const;
    await saved(store, proposed('scale dev/web 5'));
    await saved(store, following(after, events, at(3)));
    const kept = (await store.history.outcomes({ limit: 9, before: null }, never)).outcomes;
    assert.deepEqual(
      kept.map(({ key, state }) => `${key} ${state}`),
      ['declarative:INC-1 succeeded'],
    );
  });

  promise('a failure on more objects than one statement takes is found by each', async (store) => {
    const bad = proposed('scale dev/web 5');
    await saved(store, bad);
    const write = [
      { event: 'write-intended', direction: 'forward' },
      { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
      {
        event: 'sampled',
        direction: 'forward',
        look: { at: 2, samples: [] },
        verdict: { is: 'failing', code: 'window-over', subject: null },
      },
      { event: 'way-back-lost', refusal: { code: 'uid-changed', about: null } },
    ] as const;
    const change = following(bad.after, write, at(3));
    assert.ok(change.outcome);
    const objects = Array.from({ length: 8000 }, (_, i) => `pods dev/web-${i}`);
    await saved(store, { ...change, outcome: { ...change.outcome, objects } });
    const found = await store.history.failures(['scale'], ['pods dev/web-7999'], at(0), never);
    assert.deepEqual(
      found.map(({ incident }) => incident),
      ['INC-1'],
    );
  });

  promise('failures are found by action and time, ends by time, and what is under way by its state', async (store) => {
    const write = [
      { event: 'write-intended', direction: 'forward' },
      { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
    ] as const;
    const judged = (is: 'converged' | 'failing') =>
      ({
        event: 'sampled',
        direction: 'forward',
        look: { at: 2, samples: [] },
        verdict: { is, code: is === 'converged' ? 'converged' : 'window-over', subject: null },
      }) as const;
    const lost = { event: 'way-back-lost', refusal: { code: 'uid-changed', about: null } } as const;
    const [good, bad, open] = [
      proposed('scale dev/web 5', 'INC-1'),
      proposed('scale dev/api 5', 'INC-2'),
      proposed('scale dev/web 6', 'INC-3'),
    ];
    await saved(store, good, bad, open);
    await saved(store, following(good.after, [...write, judged('converged')], at(10)));
    await saved(store, following(bad.after, [...write, judged('failing'), lost], at(20)));
    const failures = async (actions: readonly string[], since: string, objects = ['deployments.apps dev/api']) =>
      (await store.history.failures(actions, objects, since, never)).map(
        ({ incident, state }) => `${incident} ${state}`,
      );
    assert.deepEqual(await failures(['scale', 'drain'], at(0)), ['INC-2 handed-over']);
    assert.deepEqual(await failures(['scale'], at(20)), ['INC-2 handed-over']);
    assert.deepEqual(await failures(['scale'], at(21)), []);
    assert.deepEqual(await failures(['drain'], at(0)), []);
    assert.deepEqual(await failures([], at(0)), []);
    const of = (...objects: readonly string[]) => failures(['scale'], at(0), [...objects]);
    const many = Array.from({ length: 1200 }, (_, i) => `deployments.apps dev/other-${i}`);
    assert.deepEqual(await of('deployments.apps dev/web', 'deployments.apps staging/api', 'pods dev/api'), []);
    assert.deepEqual(await of(...many, 'deployments.apps dev/api'), ['INC-2 handed-over']);
    assert.deepEqual(await of('deployments.apps dev/*'), ['INC-2 handed-over']);
    assert.deepEqual(await of('deployments.apps */*', 'deployments.apps dev/api'), ['INC-2 handed-over']);
    assert.deepEqual(await of('deployments.app dev/*', 'deployments.apps2 dev/*'), []);
    assert.deepEqual(await of(), []);
    assert.deepEqual(await store.history.endedSince(at(0), never), [bad.after.id, good.after.id]);
    assert.deepEqual(await store.history.endedSince(at(11), never), [bad.after.id]);
    const all = await store.history.outcomes({ limit: 9, before: null }, never);
    const one = await store.history.outcomes({ limit: 1, before: null }, never);
    const rest = await store.history.outcomes({ limit: 1, before: one.next }, never);
    assert.deepEqual(
      all.outcomes.map(({ incident }) => incident),
      ['INC-2', 'INC-1'],
    );
    assert.deepEqual([one.outcomes, rest.outcomes].flat(), all.outcomes);
    assert.deepEqual([all.next, rest.next, one.next === null], [null, null, false]);
    assert.deepEqual(await store.history.summary(never), summarize(all.outcomes.map(runOfOutcome)));
    const inStates = async (...states: readonly State[]) =>
      (await store.remediations.inStates(states, never)).map(({ id }) => id);
    assert.deepEqual(await inStates('approved', 'verifying'), [open.after.id]);
    const { id, revision, state } = open.after;
    assert.deepEqual(await store.remediations.revisionsIn(['approved', 'verifying'], never), [{ id, revision, state }]);
    assert.deepEqual(new Set(await inStates('succeeded', 'handed-over')), new Set([good.after.id, bad.after.id]));
  });

  promise(
    'of changes made at once each is kept or refused by itself, and a refused one leaves nothing',
    async (store) => {
      const { after } = proposed('scale production/web 0');
      await saved(store, proposed('scale production/web 0'));
      const others = Array.from({ length: 20 }, (_, n) => proposed(`scale dev/web ${n}`, `INC-${n + 10}`));
      const stale = following(after, [vote(after, 'ben')], at(1));
      const results = await Promise.all([
        ...others.slice(0, 10).map((one) => store.remediations.save([one], never)),
        store.remediations.save([{ ...stale, before: 99 }], never),
        store.remediations.save([stale], never),
        store.remediations.save([following(after, [vote(after, 'cho')], at(2))], never),
        ...others.slice(10).map((one) => store.remediations.save([one], never)),
      ]);
      const why = results.map((result) => (result.ok ? 'kept' : result.why));
      assert.deepEqual(why.slice(10, 13), ['conflict', 'kept', 'conflict']);
      assert.deepEqual(
        [...why.slice(0, 10), ...why.slice(13)],
        Array.from({ length: 20 }, () => 'kept'),
      );
      const events = await store.trail.eventsOf(after.id, never);
      assert.deepEqual(
        events.map(({ event }) => event.event),
        ['proposed', 'decided', 'voted'],
      );
      const lines = await store.trail.lines(0, 100, never);
      const { head, kept } = await store.trail.snapshot(never);
      assert.equal(lines.length, 43);
      assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
    },
  );

  promise('every digest of an incident is remembered', async (store) => {
    await saved(store, proposed('scale production/web 5'));
    await saved(store, proposed('scale production/web 6'));
    await saved(store, proposed('scale production/web 5', 'INC-2'));
    assert.equal((await store.history.digestsOf('INC-1', never)).length, 2);
    assert.equal((await store.history.digestsOf('INC-2', never)).length, 1);
  });

  promise('approved writes are taken in their order, so many at once and no more', async (store) => {
    const made = [1, 2, 3, 4].map((n) => proposed(`scale dev/w${n} 4`, `INC-${n}`, at(n)));
    await saved(store, ...made);
    const waits = proposed('scale production/web 5', 'INC-9', at(0));
    await saved(store, waits);
    const take = async (now: number) => {
      const found = await store.remediations.claim(
        { lane: 'begun', scope: ALL, now: at(now), until: at(now + 90), writesAtOnce: 2 },
        never,
      );
      return found.ok ? found : found.nextDue;
    };
    const [first, second] = [await take(10), await take(10)];
    assert.ok(typeof first === 'object' && first !== null && typeof second === 'object' && second !== null);
    assert.deepEqual(
      [first, second].map(({ remediation }) => remediation.incident),
      ['INC-1', 'INC-2'],
    );
    assert.equal(await take(11), at(100), 'the others wait for a place');
    const sent = following(first.remediation, [{ event: 'write-intended', direction: 'forward' }], at(12), first.claim);
    await saved(store, { ...sent, afterwards: 'keep-claim' });
    assert.equal(await take(13), at(100), 'a write without an answer keeps its place');
    await store.remediations.postpone(second.claim, at(20), never);
    const third = await take(14);
    assert.ok(typeof third === 'object' && third !== null);
    assert.equal(third.remediation.incident, 'INC-3', 'what was put off gives its place to the next in order');
    const answered = {
      event: 'write-answered',
      direction: 'forward',
      answer: { outcome: 'written', objects: [] },
    } as const;
    await saved(store, following(sent.after, [answered], at(15), first.claim));
    const fourth = await take(15);
    assert.ok(typeof fourth === 'object' && fourth !== null);
    assert.equal(fourth.remediation.incident, 'INC-4', 'one that was answered has given its place free');
    const looked = await take(18);
    assert.ok(typeof looked === 'object' && looked !== null);
    assert.equal(looked.remediation.state, 'verifying', 'looks need no place');
  });

  promise('failures are found by their time, each once, whatever is recorded of them later', async (store) => {
    const fail = async (n: number, seconds: number): Promise<Remediation> => {
      const change = proposed(`scale dev/web ${n + 3}`, `INC-${n}`, at(0));
      await saved(store, change);
      const refused = { outcome: 'refused', why: 'no', written: 0 } as const;
      const events = [
        { event: 'write-intended', direction: 'forward' },
        { event: 'write-answered', direction: 'forward', answer: refused },
      ] as const;
      const failed = following(change.after, events, at(seconds));
      await saved(store, failed);
      return failed.after;
    };
    const [one, two] = [await fail(1, 10), await fail(2, 20)];
    await saved(store, proposed('scale dev/web 7', 'INC-7', at(15)));
    const found = async (after: number) => store.history.failedAfter(at(after), ALL, never);
    assert.deepEqual(await found(0), [
      { proposal: two.id, at: at(20) },
      { proposal: one.id, at: at(10) },
    ]);
    assert.deepEqual(
      (await found(10)).map(({ proposal }) => proposal),
      [two.id],
    );
    assert.deepEqual(await found(20), []);
    const tripped = following(one, [{ event: 'breaker-tripped', failures: 2, withinMinutes: 30 }], at(30));
    const pauses = { kind: 'note', at: at(30), what: 'paused', who: null, about: 'two' } as const;
    await saved(store, { ...tripped, pauses });
    assert.equal(await store.controls.paused(null, never), true);
    assert.deepEqual(
      (await found(10)).map(({ proposal }) => proposal),
      [two.id],
      'it failed when it failed',
    );
    const again = following(tripped.after, [{ event: 'breaker-tripped', failures: 2, withinMinutes: 30 }], at(31));
    assert.deepEqual(await store.remediations.save([{ ...again, pauses }], never), { ok: false, why: 'conflict' });
    assert.equal((await store.remediations.read(one.id, never))?.revision, tripped.after.revision);
    assert.equal(await store.controls.resumedAt(null, never), null);
    await store.controls.setPaused('running', { ...pauses, at: at(40), what: 'running' }, never);
    assert.equal(await store.controls.resumedAt(null, never), at(40));
    await store.controls.setPaused('paused', { ...pauses, at: at(50) }, never);
    assert.equal(await store.controls.resumedAt(null, never), at(40));
    const lines = await store.trail.lines(0, 1000, never);
    assert.deepEqual(
      lines.flatMap(({ deed }) => (deed.kind === 'note' ? [`${deed.what} ${deed.at}`] : [])),
      [`paused ${at(30)}`, `running ${at(40)}`, `paused ${at(50)}`],
    );
  });

  promise('what has failed counts for its own cluster alone', async (store) => {
    const refused = { outcome: 'refused', why: 'no', written: 0 } as const;
    const fail = async (name: string | null, incident: string, seconds: number): Promise<void> => {
      const { after, ...change } = proposed('scale dev/web 5', incident, at(0));
      const named = { ...after, spec: { ...after.spec, cluster: { name, uid: null } } };
      await saved(store, { ...change, after: named });
      const events = [
        { event: 'write-intended', direction: 'forward' },
        { event: 'write-answered', direction: 'forward', answer: refused },
      ] as const;
      await saved(store, following(named, events, at(seconds)));
    };
    await fail('eu-1', 'INC-1', 1);
    await fail('us-1', 'INC-2', 2);
    await fail(null, 'INC-3', 3);
    await fail('gone', 'INC-4', 4);
    const counted = async (scope: ClusterScope): Promise<readonly string[]> => {
      const found = await store.history.failedAfter(at(0), scope, never);
      const read = await Promise.all(found.map(({ proposal }) => store.remediations.read(proposal, never)));
      return read.map((one) => one?.incident ?? '');
    };
    assert.deepEqual(await counted({ kind: 'of', name: 'us-1' }), ['INC-2']);
    assert.deepEqual(await counted({ kind: 'but', names: ['us-1'], own: 'eu-1' }), ['INC-3', 'INC-1']);
    assert.deepEqual(await counted({ kind: 'all', own: 'eu-1' }), ['INC-3', 'INC-1']);
    assert.deepEqual(await counted({ kind: 'all', own: null }), ['INC-4', 'INC-3', 'INC-2', 'INC-1']);
  });

  promise('of several clusters each has its own turn, its own writes and its own pause', async (store) => {
    const onCluster = (name: string | null, incident: string, seconds: number): RemediationChange => {
      const change = proposed('scale dev/web 5', incident, at(seconds));
      return { ...change, after: { ...change.after, spec: { ...change.after.spec, cluster: { name, uid: null } } } };
    };
    const eu = { kind: 'of', name: 'eu-1' } as const;
    const us = { kind: 'of', name: 'us-1' } as const;
    const first = { kind: 'but', names: ['eu-1', 'us-1'], own: 'asia-1' } as const;
    await saved(store, onCluster('eu-1', 'INC-1', 1));
    await saved(store, onCluster('us-1', 'INC-2', 2));
    await saved(store, onCluster(null, 'INC-3', 3));
    await saved(store, onCluster('gone', 'INC-4', 4));
    const take = async (scope: ClusterScope, writesAtOnce = 1000, now = 10) => {
      const turn = { lane: 'begun', scope, now: at(now), until: at(2000), writesAtOnce } as const;
      const found = await store.remediations.claim(turn, never);
      return found.ok ? found.remediation.incident : null;
    };
    assert.equal(await take(us, 1), 'INC-2');
    assert.equal(await take(us), null);
    assert.equal(await take(eu, 1), 'INC-1', 'what is written elsewhere takes no turn here');
    assert.equal(await take(first), 'INC-3');
    assert.equal(await take(first, 1000, 604), 'INC-4', "a cluster that nobody looks after is the first one's");
    const pause = { kind: 'note', at: at(20), what: 'paused', who: null, about: 'failures', cluster: 'eu-1' } as const;
    await store.controls.setPaused('paused', pause, never);
    assert.deepEqual(await Promise.all([null, 'eu-1', 'us-1'].map((name) => store.controls.paused(name, never))), [
      false,
      true,
      false,
    ]);
    assert.deepEqual(await store.controls.pausedClusters(never), ['eu-1']);
    await store.controls.setPaused('running', { ...pause, at: at(30), what: 'running' }, never);
    assert.deepEqual(await store.controls.pausedClusters(never), []);
    assert.equal(await store.controls.paused('eu-1', never), false);
    assert.deepEqual(await Promise.all([null, 'eu-1', 'us-1'].map((name) => store.controls.resumedAt(name, never))), [
      null,
      at(30),
      null,
    ]);
    const { cluster: _, ...whole } = pause;
    await store.controls.setPaused('paused', { ...whole, at: at(34) }, never);
    await store.controls.setPaused('running', { ...whole, at: at(35), what: 'running' }, never);
    assert.equal(await store.controls.resumedAt('eu-1', never), at(35));
  });

  promise('a switch that stands so already is not turned, and leaves no line', async (store) => {
    const whole = { kind: 'note', at: START, what: 'paused', who: 'ana', about: '' } as const;
    for (const note of [whole, { ...whole, cluster: 'eu-1' }]) {
      const name = 'cluster' in note ? note.cluster : null;
      const turn = (to: 'paused' | 'running', seconds: number) =>
        store.controls.setPaused(to, { ...note, at: at(seconds), what: to }, never);
      const before = (await store.trail.head(never))?.seq ?? 0;
      assert.equal(await turn('running', 1), false);
      assert.equal(await store.controls.resumedAt(name, never), name === null ? null : at(4), 'of the whole gate');
      // Several gates on one store are asked at once: one of them turns it.
      const both = await Promise.all([turn('paused', 2), turn('paused', 2)]);
      assert.deepEqual(both.toSorted(), [false, true]);
      assert.equal(await turn('paused', 3), false);
      assert.equal(await turn('running', 4), true);
      assert.equal(await turn('running', 5), false);
      assert.equal(await store.controls.resumedAt(name, never), at(4));
      assert.equal((await store.trail.head(never))?.seq, before + 2);
    }
  });

  promise('pause and marks survive, and a pause is a line of the trail', async (store) => {
    assert.equal(await store.controls.paused(null, never), false);
    const deed = { kind: 'note', at: START, what: 'paused', who: 'ana', about: '' } as const;
    await store.controls.setPaused('paused', deed, never);
    assert.equal(await store.controls.paused(null, never), true);
    assert.deepEqual(await store.controls.pausedClusters(never), [], 'none is paused by itself');
    await saved(store, proposed('scale dev/web 5'));
    assert.equal(await store.controls.paused(null, never), true, 'a new line must not lift the pause');
    await store.controls.setPaused('running', { ...deed, what: 'resumed' }, never);
    assert.equal(await store.controls.paused(null, never), false);
    assert.equal(await store.controls.readCursor('offset', never), null);
    await store.controls.writeCursor('offset', '7', never);
    await store.controls.writeCursor('offset', '8', never);
    assert.equal(await store.controls.readCursor('offset', never), '8');
    const kept = ['one', 'two', 'three'].map((value) => store.controls.keepCursor('key', value, never));
    assert.deepEqual(await Promise.all(kept), ['one', 'one', 'one']);
    assert.equal(await store.controls.readCursor('key', never), 'one');
  });

  promise('hidden values come back by their hash, the first of each; others are not there', async (store) => {
    const value = { data: { password: 'hunter2' }, list: [1, null, 'ä'] };
    await store.hidden.keep(
      new Map<string, Json>([
        ['h-1', value],
        ['h-2', 'two'],
      ]),
      'INC-1',
      never,
    );
    await store.hidden.keep(
      new Map<string, Json>([
        ['h-1', 'another'],
        ['h-3', null],
      ]),
      'INC-1',
      never,
    );
    const found = await store.hidden.reveal(['h-1', 'h-3', 'h-9'], never);
    assert.deepEqual(
      found,
      new Map<string, Json>([
        ['h-1', value],
        ['h-3', null],
      ]),
    );
    await store.hidden.keep(new Map(), 'INC-1', never);
    assert.deepEqual(await store.hidden.reveal([], never), new Map());
  });

  promise('the trail is a chain that replays to what is kept', async (store) => {
    const { after } = proposed('scale production/web 0');
    await saved(store, proposed('scale production/web 0'));
    const voted = following(after, [vote(after, 'ben')], at(1));
    await saved(store, voted);
    await saved(store, following(voted.after, [vote(after, 'cho')], at(2)));
    await store.trail.append({ kind: 'note', at: at(3), what: 'vote-not-counted', who: 'eve', about: '' }, never);
    const lines = await store.trail.lines(0, 100, never);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(
      (await store.trail.lines(2, 1, never)).map(({ seq }) => seq),
      [3],
    );
    const events = await store.trail.eventsOf(after.id, never);
    assert.deepEqual(
      events.map(({ event, seq }) => `${seq} ${event.event}`),
      ['1 proposed', '2 decided', '3 voted', '4 voted'],
    );
    const { head, kept } = await store.trail.snapshot(never);
    assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
  });

  promise('the trail is found by incident, event and time, page by page, and by several at once', async (store) => {
    const first = proposed('scale production/web 0', 'INC-1');
    await saved(store, first);
    await saved(store, proposed('scale production/api 5', 'INC-2'));
    const note = { kind: 'note', what: 'vote-not-counted', who: 'eve', about: 'approve: not-open' } as const;
    await saved(store, following(first.after, [vote(first.after, 'ben')], at(10)));
    await store.trail.append({ ...note, at: at(20), proposal: first.after.id }, never);
    // A clock that goes back hides no line that came later.
    await store.trail.append({ ...note, at: at(5), proposal: 'p-nobody' }, never);
    await store.controls.setPaused('paused', { ...note, what: 'paused', at: at(30) }, never);
    const found = async (filter: Partial<TrailFilter>, limit = 50, after = 0) => {
      const all = { incident: null, event: null, since: null, ...filter };
      const { lines, next } = await store.trail.page(all, { limit, after }, never);
      return { seqs: lines.map(({ seq }) => seq), next };
    };
    for (const [filter, seqs] of [
      [{}, [1, 2, 3, 4, 5, 6, 7, 8]],
      [{ incident: 'INC-1' }, [1, 2, 5, 6]],
      [{ incident: 'INC-2' }, [3, 4]],
      [{ incident: 'INC-9' }, []],
      [{ event: 'proposed' }, [1, 3]],
      [{ event: 'vote-not-counted' }, [6, 7]],
      [{ event: 'paused' }, [8]],
      [{ since: START }, [1, 2, 3, 4, 5, 6, 7, 8]],
      [{ since: at(15) }, [6, 7, 8]],
      [{ since: at(31) }, []],
      [{ incident: 'INC-1', since: at(10) }, [5, 6]],
      [{ incident: 'INC-1', event: 'voted', since: START }, [5]],
    ] as const)
      assert.deepEqual(await found(filter), { seqs, next: null }, JSON.stringify(filter));
    assert.deepEqual(await found({ incident: 'INC-1' }, 3), { seqs: [1, 2, 5], next: 5 });
    assert.deepEqual(await found({ incident: 'INC-1' }, 3, 5), { seqs: [6], next: null });
    assert.deepEqual(await found({ since: at(15) }, 2), { seqs: [6, 7], next: 7 });
    assert.deepEqual(await found({ since: at(15) }, 2, 7), { seqs: [8], next: null });
    const lines = await store.trail.lines(0, 100, never);
    const { head, kept, derived } = await store.trail.snapshot(never);
    const faults = verifyTrail({
      lines,
      head,
      kept,
      known: [],
      hashOf: hashOfLine,
      ...(derived === null ? {} : { derived }),
    });
    assert.deepEqual(
      faults.filter(({ about }) => about.startsWith('line ')),
      [],
    );
  });

  promise('pages of the trail end sooner where lines are large, and never without one', async (store) => {
    for (const kilobytes of [400, 400, 400, 1_500, 1])
      await store.trail.append(
        { kind: 'note', at: START, what: 'x', who: null, about: 'x'.repeat(kilobytes * 1024) },
        never,
      );
    const everything = { incident: null, event: null, since: null };
    const [pages, runs]: [number[][], number[][]] = [[], []];
    for (let after: number | null = 0; after !== null; ) {
      const { lines, next }: TrailPage = await store.trail.page(everything, { limit: 4, after }, never);
      pages.push(lines.map(({ seq }) => seq));
      after = next;
    }
    for (let after = 0; ; ) {
      const lines = await store.trail.lines(after, 4, never);
      if (lines.length === 0) break;
      runs.push(lines.map(({ seq }) => seq));
      after = lines.at(-1)?.seq ?? 0;
    }
    assert.deepEqual(pages, [[1, 2], [3], [4], [5]]);
    assert.deepEqual(runs, pages);
  });

  promise('what was observed in shadow mode comes newest first, page by page, and is counted', async (store) => {
    const verdict = (n: number, more: Partial<ShadowVerdict> = {}): ShadowVerdict => ({
      at: at(n),
      proposer: 'healer',
      incident: 'INC-1',
      method: 'DELETE',
      path: `/api/v1/namespaces/shop/pods/web-${n}`,
      action: 'delete-pod',
      score: 20,
      tier: 'human',
      leadsTo: 'awaiting-approval',
      approvals: 1,
      whom: ['ana', 'ben'],
      reasons: [{ code: 'base', points: 20 }],
      refusals: [],
      hardRule: null,
      became: 'passed',
      code: 200,
      ...more,
    });
    assert.deepEqual(await store.shadow.page({ limit: 9, before: null }, never), { verdicts: [], next: null });
    assert.deepEqual(await store.shadow.summary(never), []);
    const all = [
      verdict(1),
      verdict(2, { tier: 'auto', score: 5 }),
      verdict(3, { proposer: 'fixer' }),
      verdict(4, {
        action: 'delete-object',
        tier: 'blocked',
        hardRule: 'delete-namespace',
        became: 'refused',
        code: null,
      }),
      verdict(5),
    ];
    for (const one of all) await store.shadow.append(one, never);
    const first = await store.shadow.page({ limit: 3, before: null }, never);
    assert.deepEqual(first.verdicts, [all[4], all[3], all[2]]);
    await store.shadow.append(verdict(6), never);
    const second = await store.shadow.page({ limit: 3, before: first.next }, never);
    assert.deepEqual(second, { verdicts: [all[1], all[0]], next: null });
    assert.deepEqual(await store.shadow.summary(never), [
      { proposer: 'fixer', action: 'delete-pod', counts: { auto: 0, human: 1, dual: 0, blocked: 0 }, refused: 0 },
      { proposer: 'healer', action: 'delete-object', counts: { auto: 0, human: 0, dual: 0, blocked: 1 }, refused: 1 },
      { proposer: 'healer', action: 'delete-pod', counts: { auto: 1, human: 3, dual: 0, blocked: 0 }, refused: 0 },
    ]);
    for (const n of [7, 8]) await store.shadow.append(verdict(n, { path: 'x'.repeat(700 * 1024) }), never);
    assert.equal((await store.shadow.page({ limit: 3, before: null }, never)).verdicts.length, 1);
  });

  promise('a session is read by its hash, is used, and ends for good', async (store) => {
    const session: Session = {
      id: 'sha256:aa',
      person: 'ben',
      channel: 'oidc',
      account: 'https://login.example#4711',
      began: at(1),
      seen: at(1),
      proven: at(0),
    };
    assert.equal(await store.sessions.read('sha256:aa', never), null);
    await store.sessions.begin(session, never);
    assert.deepEqual(await store.sessions.read('sha256:aa', never), session);
    await store.sessions.touch('sha256:aa', at(9), never);
    await store.sessions.touch('sha256:aa', at(5), never);
    assert.deepEqual(await store.sessions.read('sha256:aa', never), { ...session, seen: at(9) });
    assert.equal(await store.sessions.takeLink('sha256:aa', never), null, 'a session is no link');
    await store.sessions.end('sha256:aa', never);
    await store.sessions.touch('sha256:aa', at(20), never);
    assert.equal(await store.sessions.read('sha256:aa', never), null);
  });

  promise('of many who take a link at once one gets it', async (store) => {
    const link = { id: 'sha256:bb', person: 'ben', ends: at(300) };
    await store.sessions.keepLink(link, at(0), never);
    assert.equal(await store.sessions.read('sha256:bb', never), null, 'a link is no session');
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.sessions.takeLink('sha256:bb', never)));
    assert.deepEqual(
      taken.filter((one) => one !== null),
      [link],
    );
    assert.equal(await store.sessions.takeLink('sha256:bb', never), null);
  });

  promise('what ended is forgotten when the next begins', async (store) => {
    const begun = (id: string, began: string): Session => ({
      id,
      person: 'ben',
      channel: 'link',
      account: null,
      began,
      seen: began,
      proven: began,
    });
    await store.sessions.begin(begun('sha256:old', at(0)), never);
    await store.sessions.keepLink({ id: 'sha256:late', person: 'ben', ends: at(300) }, at(0), never);
    await store.sessions.begin(begun('sha256:new', plusSeconds(at(0), SESSION_SECONDS + 1)), never);
    await store.sessions.keepLink({ id: 'sha256:next', person: 'ben', ends: at(900) }, at(301), never);
    assert.equal(await store.sessions.read('sha256:old', never), null);
    assert.notEqual(await store.sessions.read('sha256:new', never), null);
    assert.equal(await store.sessions.takeLink('sha256:late', never), null);
  });

  promise('a call whose time is over is refused', async (store) => {
    await assert.rejects(store.remediations.read('p', AbortSignal.abort()));
  });
};
