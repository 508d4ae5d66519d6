// What every store promises when old lines are taken out of its trail.
import assert from 'node:assert/strict';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import type { AuditHead, AuditLine } from '../../src/core/remediation/audit-line.ts';
import { chatCardCursor } from '../../src/core/remediation/cursors.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { type TrailFault, verifyTrail } from '../../src/core/remediation/replay.ts';
import type { Store } from '../../src/ports/store.ts';
import { following, proposed, START } from '../support/a-remediation.ts';
import { promisesOf } from './promise.ts';

const never = new AbortController().signal;
const at = (seconds: number): string => plusSeconds(START, seconds);
const LATE = at(1_000_000);

const save = async (
  store: Store,
  change: Parameters<Store['remediations']['save']>[0][number],
): Promise<Remediation> => {
  const result = await store.remediations.save([change], never);
  assert.ok(result.ok, JSON.stringify(result));
  return change.after;
};

const failing = { is: 'failing', code: 'window-over', subject: null } as const;

/** Carried out without asking, and failed without a way back. */
const failed = async (store: Store, incident: string, when: string, what = 'scale dev/web 5'): Promise<Remediation> => {
  const after = await save(store, proposed(what, incident, when));
  return save(
    store,
    following(
      after,
      [
        { event: 'write-intended', direction: 'forward' },
        { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
        { event: 'sampled', direction: 'forward', look: { at: 2, samples: [] }, verdict: failing },
        { event: 'way-back-lost', refusal: { code: 'uid-changed', about: null } },
      ],
      when,
    ),
  );
};

const rejected = async (
  store: Store,
  incident: string,
  when: string,
  reason: string | null = null,
): Promise<Remediation> => {
  const { after } = proposed('scale production/web 5', incident, when);
  await save(store, proposed('scale production/web 5', incident, when));
  const no = { person: 'ben', channel: 'http', decision: 'reject', digest: after.spec.digest, at: when, reason };
  return save(store, following(after, [{ event: 'voted', vote: no } as never], when));
};

/** All that waits is told. */
const tellAll = async (store: Store): Promise<void> => {
  for (;;) {
    const taken = await store.outbox.take(LATE, at(1_000_001), never);
    if (!taken.ok) return;
    await store.outbox.complete(taken.message.key, { kind: 'delivered' }, never);
  }
};

const linesOf = (store: Store): Promise<readonly AuditLine[]> => store.trail.lines(0, 1000, never);
const seqs = async (store: Store): Promise<readonly number[]> => (await linesOf(store)).map(({ seq }) => seq);

const verified = async (
  store: Store,
  { lines, known = [] }: { readonly lines?: readonly AuditLine[]; readonly known?: readonly AuditHead[] } = {},
): Promise<readonly TrailFault[]> => {
  const { derived, ...evidence } = await store.trail.snapshot(never);
  const whole = { ...evidence, lines: lines ?? (await linesOf(store)), known, hashOf: hashOfLine };
  return verifyTrail(derived === null ? whole : { ...whole, derived });
};

const headOf = async (store: Store): Promise<AuditHead> => {
  const head = await store.trail.head(never);
  assert.ok(head !== null);
  return head;
};

const prune = async (store: Store, through: AuditHead, remembered = at(900_000)) =>
  store.trail.prune({ through, remembered, at: LATE, who: 'ana' }, never);

const note = (what: string, when: string) => ({ kind: 'note', at: when, what, who: 'ana', about: 'the gate' }) as const;

/** Runs the suite over one kind of store; `open` gives a fresh, empty one. */
export const pruneContract = (name: string, open: () => Promise<Store>): void => {
  const promise = promisesOf(name, open);

  promise('what is over goes as a whole, what it counted for stays, and the chain is whole', async (store) => {
    const [one, other] = [await failed(store, 'INC-1', START), await rejected(store, 'INC-2', at(5))];
    const open = await save(store, proposed('scale production/web 5', 'INC-3', at(6)));
    await tellAll(store);
    await store.controls.writeCursor(chatCardCursor(one.id), 'a card', never);
    await store.controls.writeCursor(chatCardCursor(open.id), 'another', never);
    const [tallies, summary] = [await store.history.tallies(never), await store.history.summary(never)];
    const through = await headOf(store);
    const before = await linesOf(store);
    const pruned = await prune(store, through);
    const stayed = (await store.trail.eventsOf(open.id, never)).length;
    assert.equal(pruned?.remediations, 2);
    assert.equal(pruned.lines, before.length - stayed);
    assert.deepEqual(pruned.head, await headOf(store));
    for (const { id } of [one, other]) {
      assert.equal(await store.remediations.read(id, never), null);
      assert.deepEqual(await store.trail.eventsOf(id, never), []);
    }
    assert.equal(await store.controls.readCursor(chatCardCursor(one.id), never), null);
    assert.equal(await store.controls.readCursor(chatCardCursor(open.id), never), 'another');
    assert.deepEqual(await store.remediations.read(open.id, never), JSON.parse(JSON.stringify(open)));
    assert.deepEqual((await store.history.outcomes({ limit: 9, before: null }, never)).outcomes, []);
    assert.deepEqual(await store.history.failures(['scale'], ['deployments.apps dev/web'], START, never), []);
    assert.deepEqual(await store.history.tallies(never), tallies);
    assert.deepEqual(
      (await store.history.summary(never)).map(({ runs, failed: many }) => ({ runs, failed: many })),
      summary.map(({ runs, failed: many }) => ({ runs, failed: many })),
    );
    assert.deepEqual((await store.trail.checkpoint(never))?.through, through);
    assert.deepEqual(await verified(store), []);
  });

  promise('it goes on: the same incident anew, and the next checkpoint takes the one before', async (store) => {
    await failed(store, 'INC-1', START);
    const open = await save(store, proposed('scale production/web 5', 'INC-3', at(6)));
    await tellAll(store);
    await prune(store, await headOf(store));
    await failed(store, 'INC-1', at(10));
    await store.remediations.save(
      [following(open, [{ event: 'cancelled', by: 'agent', reason: null } as never], at(11))],
      never,
    );
    await tellAll(store);
    assert.deepEqual(await verified(store), []);
    const pruned = await prune(store, await headOf(store));
    assert.equal(pruned?.remediations, 2);
    assert.deepEqual(await seqs(store), [pruned.head.seq], 'nothing but the checkpoint is left');
    assert.equal((await store.history.summary(never))[0]?.runs, 2);
    await failed(store, 'INC-1', at(20));
    assert.deepEqual(await verified(store), []);
    assert.deepEqual(
      (await store.history.summary(never)).map(({ runs, lastEnded }) => [runs, lastEnded]),
      [[3, at(20)]],
    );
  });

  promise('what was hidden for it goes with the last incident that it was hidden for', async (store) => {
    const [own, both, unnamed] = ['a', 'b', 'c'].map((digit) => `hmac-sha256:${digit.repeat(64)}`) as [
      string,
      string,
      string,
    ];
    const printed = `sha256:${'d'.repeat(64)}`;
    const left = async () => [...(await store.hidden.reveal([own, both, unnamed, printed], never)).keys()].toSorted();
    await store.hidden.keep(new Map([own, both, unnamed].map((hash) => [hash, 'hunter2'])), 'INC-1', never);
    await rejected(store, 'INC-1', START, `${own} ${both}`);
    await tellAll(store);
    const through = await headOf(store);
    await store.hidden.keep(new Map([both, printed].map((hash) => [hash, 'another'])), 'INC-2', never);
    // Asked for again and again: it is kept once for each incident.
    await store.hidden.keep(new Map([[both, 'another']]), 'INC-2', never);
    await rejected(store, 'INC-2', at(5), `${both} ${printed}`);
    await tellAll(store);
    await prune(store, through);
    assert.deepEqual(
      (await left()).filter((hash) => hash !== unnamed),
      [both, printed],
    );
    assert.equal((await store.hidden.reveal([both], never)).get(both), 'hunter2', 'the first of each');
    await prune(store, await headOf(store));
    assert.deepEqual(
      (await left()).filter((hash) => hash !== unnamed),
      [],
    );
    await store.hidden.keep(new Map([[both, 'anew']]), 'INC-1', never);
    assert.equal((await store.hidden.reveal([both], never)).get(both), 'anew');
  });

  promise('what is needed stays', async (store) => {
    const needed: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['open', () => save(store, proposed('scale production/web 5', 'INC-open', at(1)))],
      ['ended lately', () => failed(store, 'INC-lately', at(950_000), 'scale dev/api 5')],
      [
        'an older one of the same incident',
        async () => {
          await rejected(store, 'INC-goes-on', at(2));
          await save(store, proposed('scale production/web 7', 'INC-goes-on', at(3)));
        },
      ],
    ];
    for (const [, make] of needed) await make();
    await tellAll(store);
    await rejected(store, 'INC-untold', at(4));
    await store.controls.setPaused('paused', { ...note('paused', at(5)), cluster: 'blue' }, never);
    await store.controls.setPaused('paused', note('paused', at(6)), never);
    await store.controls.setPaused('running', note('running', at(7)), never);
    await store.trail.append(note('people-read', at(8)), never);
    await store.trail.append(note('people-read', at(9)), never);
    await store.trail.append(note('logged-in', at(9)), never);
    const ids = new Map((await store.trail.snapshot(never)).kept.map(({ remediation: r }) => [r.id, r.incident]));
    const through = await headOf(store);
    await rejected(store, 'INC-behind', at(10));
    const pruned = await prune(store, through);
    assert.equal(pruned?.remediations, 0);
    assert.equal(pruned.lines, 3, 'what the gate was before, who was read before, a login');
    for (const id of ids.keys()) assert.notEqual(await store.remediations.read(id, never), null, ids.get(id));
    assert.equal(await store.controls.paused(null, never), false);
    assert.equal(await store.controls.paused('blue', never), true);
    assert.equal(await store.controls.resumedAt(null, never), at(7));
    assert.equal((await store.history.failures(['scale'], ['deployments.apps dev/api'], START, never)).length, 1);
    assert.deepEqual(await verified(store), []);
  });

  promise(
    'a line that the chain has not, or that is behind the checkpoint already, takes nothing out',
    async (store) => {
      await failed(store, 'INC-1', START);
      await tellAll(store);
      const through = await headOf(store);
      assert.equal(await prune(store, { ...through, hash: 'f'.repeat(64) }), null);
      assert.equal(await prune(store, { ...through, seq: through.seq + 1 }), null);
      assert.equal((await linesOf(store)).length, through.seq);
      assert.notEqual(await prune(store, through), null);
      assert.equal(await prune(store, through), null);
    },
  );

  promise('whoever takes out more, or changes what stayed, is found', async (store) => {
    const open = await save(store, proposed('scale production/web 5', 'INC-3', START));
    await failed(store, 'INC-1', at(1));
    await tellAll(store);
    const through = await headOf(store);
    await prune(store, through);
    await store.trail.append(note('logged-in', at(9)), never);
    const lines = await linesOf(store);
    const [first, second, checkpoint] = lines;
    assert.ok(first !== undefined && second !== undefined && checkpoint !== undefined);
    const forged = { ...first, deed: { ...first.deed, proposal: open.id, at: at(3) } } as AuditLine;
    const rehashed = { ...forged, hash: hashOfLine(forged) };
    for (const [what, others] of [
      ['removed', lines.slice(1)],
      ['changed', [forged, ...lines.slice(1)]],
      ['removed', [rehashed, ...lines.slice(1)]],
      ['removed', [first, second, ...lines.slice(3)]],
    ] as const)
      assert.equal((await verified(store, { lines: others }))[0]?.what, what, JSON.stringify(others.map((l) => l.seq)));
    const known = async (head: AuditHead) => (await verified(store, { known: [head] })).map(({ what }) => what);
    assert.deepEqual(await known(through), [], 'the checkpoint names its last line');
    assert.deepEqual(await known({ seq: first.seq, hash: first.hash.slice(0, 12) }), [], 'a line that stayed');
    assert.deepEqual(await known({ seq: through.seq - 1, hash: 'a'.repeat(12) }), ['archived']);
    assert.deepEqual(await known({ seq: through.seq, hash: 'a'.repeat(12) }), ['tail-cut']);
  });

  promise('the newest lines come first, a page at a time, over what was taken out', async (store) => {
    await save(store, proposed('scale production/web 5', 'INC-3', START));
    await failed(store, 'INC-1', at(1));
    await tellAll(store);
    await prune(store, await headOf(store));
    const all = (await seqs(store)).toReversed();
    const first = await store.trail.newest({ limit: 2, before: null }, never);
    const rest = await store.trail.newest({ limit: 9, before: first.next }, never);
    assert.deepEqual(
      [...first.lines, ...rest.lines].map(({ seq }) => seq),
      all,
    );
    assert.equal(rest.next, null);
  });
};
