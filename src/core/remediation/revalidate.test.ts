// Whether what was sealed is still so, where pods are to leave their node: fewer are fine, others are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Decision } from '../decision/decide.ts';
import { type Effect, plainDeletion } from '../model/effect.ts';
import { type Facts, NO_MEMORY, type TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { NO_NEIGHBOURS } from '../model/neighbourhood.ts';
import type { ObjectChange } from '../model/object-change.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { revalidate } from './revalidate.ts';

const plain = plainDeletion('delete-pod', { group: '', resource: 'pods', namespace: '*', name: '*' });
const eviction: Effect = {
  ...plain,
  verb: 'create',
  subresource: 'eviction',
  kind: 'drain',
  change: {
    to: 'eviction',
    force: false,
    ignoreDaemonSets: true,
    deletesEmptyDirData: false,
    gracePeriodSeconds: null,
    skipWaitSeconds: 0,
    timeoutSeconds: 600,
  },
};
const node: Effect = {
  ...plain,
  verb: 'patch',
  resource: 'nodes',
  namespace: null,
  name: 'n1',
  kind: 'drain',
  change: { to: 'other' },
};

const fact = (resource: string, name: string, uid: string, preImage: Json): TargetFact => ({
  ...{ group: '', resource, kind: 'X', namespace: resource === 'pods' ? 'shop' : null, name, uid, preImage },
  ...{ revision: null, revisions: [], replicas: null, controller: null, protected: false },
});
const pod = (name: string, uid: string, more: object = {}): TargetFact =>
  fact('pods', name, uid, { node: 'n1', ...more });
const N1 = fact('nodes', 'n1', 'n', {});
const [A, B] = [pod('a', '1'), pod('b', '2')];
const changeOf = (object: string, uid: string): ObjectChange => ({ object, uid, op: 'delete', fields: [] });
const CORDONED: ObjectChange = {
  object: 'nodes n1',
  uid: 'n',
  op: 'update',
  fields: [{ path: '/spec/unschedulable', after: true }],
};

// as: only what it is compared by.
const spec = {
  cluster: { name: null, uid: 'c' },
  effects: [node, eviction],
  facts: [N1, A, B],
  changes: [CORDONED, changeOf('pods shop/a', '1'), changeOf('pods shop/b', '2')],
  rehearsed: 'passed',
  tier: 'dual',
  blastRadiusScore: 45,
} as unknown as DeclarativeSpec;

const now = (targets: readonly TargetFact[], sealed: DeclarativeSpec = spec) => {
  const changes = [CORDONED, ...targets.slice(1).map(({ name, uid }) => changeOf(`pods shop/${name}`, uid))];
  const facts: Facts = {
    ...{ cluster: 'c', targets, neighbourhood: NO_NEIGHBOURS, missing: [], ...NO_MEMORY },
    rehearsal: { forward: { is: 'passed' }, changes, hidden: [] },
  };
  // as: only what it asks of them.
  const blastRadius = { hardRule: null, refusals: [], reasons: [], score: 45 } as unknown as BlastRadius;
  const result = revalidate(sealed, { facts, blastRadius, decision: { tier: 'dual' } as Decision });
  return result.kind === 'stale' ? `${result.refusal.code} ${result.refusal.about}` : result.kind;
};

test('pods that have gone or ended since are no reason to ask again; a new one is, under whatever name', () => {
  const table: readonly (readonly [readonly TargetFact[], string])[] = [
    [[N1, A, B], 'true'],
    [[N1, B], 'true'],
    [[N1], 'true'],
    [[N1, pod('a', '1', { finished: true }), B], 'true'],
    [[N1, A, B, pod('c', '3')], 'targets-changed sealed were 3, now there are 4: pods shop/c is new'],
    [[N1, pod('a', '9'), B], 'targets-changed sealed were 3, now there are 3: pods shop/a is new'],
    [[fact('nodes', 'n1', 'other', {}), A, B], 'uid-changed nodes n1'],
  ];
  for (const [targets, expected] of table) assert.equal(now(targets), expected);
});

test('of pods that are deleted by name or selector each must still be there', () => {
  const deletion = { ...spec, effects: [node, plain], changes: spec.changes ?? [] } as DeclarativeSpec;
  assert.equal(now([N1, A, B], deletion), 'true');
  assert.equal(now([N1, B], deletion), 'targets-changed pods shop/a');
  assert.equal(now([N1, pod('a', '9'), B], deletion), 'uid-changed pods shop/a');
});

/** A spec of one object whose dry run changes these fields, judged again where it would change others. */
const fieldsLater = (
  sealed: ObjectChange['fields'],
  later: ObjectChange['fields'] | null,
  preImages: readonly [sealed: Json, now: Json] = [{}, {}],
) => {
  const change = (fields: ObjectChange['fields']): ObjectChange => ({
    object: 'pods shop/w',
    uid: 'w',
    op: 'update',
    fields,
  });
  const one = (preImage: Json) => ({ ...fact('pods', 'w', 'w', preImage) });
  const [was, is] = preImages;
  // as: only what it is compared by.
  const own = { ...spec, effects: [plain], facts: [one(was)], changes: [change(sealed)] } as unknown as DeclarativeSpec;
  const facts: Facts = {
    ...{ cluster: 'c', targets: [one(is)], neighbourhood: NO_NEIGHBOURS, missing: [], ...NO_MEMORY },
    rehearsal: { forward: { is: 'passed' }, changes: later === null ? [] : [change(later)], hidden: [] },
  };
  const blastRadius = { hardRule: null, refusals: [], reasons: [], score: 45 } as unknown as BlastRadius;
  const result = revalidate(own, { facts, blastRadius, decision: { tier: 'dual' } as Decision });
  return result.kind === 'stale' ? result.refusal : result;
};
const field = (path: string, before: Json, after: Json) => ({ path, before, after });
const hidden = (path: string, before: string, after: string) => ({ path, hidden: { before, after } });
const changed = (detail?: object) => ({
  code: 'pre-image-changed',
  about: 'pods shop/w',
  ...(detail ? { detail } : {}),
});

test('what is not as it was sealed is named with its place and both values; what is hidden, by its place alone', () => {
  const three = field('/spec/replicas', 3, 5);
  const rows: readonly (readonly [unknown, unknown])[] = [
    [fieldsLater([three], [three]), { kind: 'true' }],
    [
      fieldsLater([three], [three], [{ replicas: 3 }, { replicas: 4 }]),
      changed({ kind: 'differs', at: '/replicas', was: 3, is: 4 }),
    ],
    [
      fieldsLater([three], [field('/spec/replicas', 4, 5)]),
      changed({ kind: 'differs', at: '/spec/replicas', was: 3, is: 4 }),
    ],
    [
      fieldsLater([three], [field('/spec/replicas', 3, 6)]),
      changed({ kind: 'differs', at: '/spec/replicas', was: 5, is: 6 }),
    ],
    [
      fieldsLater([field('/spec/t', { a: 1 }, { a: 2 })], [field('/spec/t', { a: 9 }, { a: 2 })]),
      changed({ kind: 'differs', at: '/spec/t/a', was: 1, is: 9 }),
    ],
    // Somebody has done it already: nothing is left to change there.
    [fieldsLater([three], []), changed({ kind: 'differs', at: '/spec/replicas', was: 3, is: 5 })],
    [
      fieldsLater([three], [three, field('/spec/paused', false, true)]),
      changed({ kind: 'differs', at: '/spec/paused', was: false, is: true }),
    ],
    [
      fieldsLater([hidden('/data/key', 'h1', 'h2')], [hidden('/data/key', 'h3', 'h2')]),
      changed({ kind: 'differs', at: '/data/key', hidden: true }),
    ],
    [fieldsLater([hidden('/data/key', 'h1', 'h2')], []), changed({ kind: 'differs', at: '/data/key', hidden: true })],
    [fieldsLater([three], null), changed()],
  ];
  for (const [result, expected] of rows) assert.deepEqual(result, expected);
});
