// auth reconcile: roles and bindings that are made, get what they lack, or are made anew for another role.
import { isObject, type Json, type JsonObject } from '../../../src/core/model/json.ts';
import { MAKE, NS } from '../objects.ts';
import { changes, fails, nothing, type Row, type Way } from '../row.ts';

const RBAC = 'rbac.authorization.k8s.io';
/** In its namespace: kubectl looks into no other. */
const placed = (object: JsonObject): JsonObject =>
  object['kind'] === 'ClusterRole'
    ? object
    : { ...object, metadata: { namespace: NS, ...(isObject(object['metadata']) ? object['metadata'] : {}) } };
const file = (...documents: readonly JsonObject[]): Way['files'] => ({ 'all.json': documents.map(placed) });
const rule = (resources: readonly string[], verbs: readonly string[]): Json => ({
  apiGroups: [''],
  resources: [...resources],
  verbs: [...verbs],
});
const user = (name: string): Json => ({ kind: 'User', apiGroup: RBAC, name });

const role = (more?: JsonObject) => MAKE[`roles.${RBAC}`]('web', more);
const binding = (more?: JsonObject) => MAKE[`rolebindings.${RBAC}`]('web', more);
const whole = (more?: JsonObject) => MAKE[`clusterroles.${RBAC}`](`${NS}-r`, more);
const edit = { roleRef: { apiGroup: RBAC, kind: 'Role', name: 'other' } };
const kept = { metadata: { name: 'web', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } } };

export const RECONCILED: readonly Row[] = [
  {
    name: 'auth reconcile',
    ways: [
      changes('auth reconcile --filename=all.json', [], file(role().object, binding().object)),
      changes('auth reconcile --filename=all.json', [], file(whole().object)),
      changes(
        'auth reconcile --filename=all.json',
        [role()],
        file(role({ rules: [rule(['pods', 'services'], ['get', 'list'])] }).object),
      ),
      changes(
        'auth reconcile --filename=all.json --remove-extra-permissions',
        [role({ rules: [rule(['pods'], ['get', 'list', 'watch'])] })],
        file(role({ rules: [rule(['pods'], ['get'])] }).object),
      ),
      changes(
        'auth reconcile --filename=all.json',
        [whole()],
        file(whole({ rules: [rule(['pods'], ['get', 'list'])] }).object),
      ),
      changes('auth reconcile --filename=all.json', [binding()], file(binding({ subjects: [user('bob')] }).object)),
      changes(
        'auth reconcile --filename=all.json --remove-extra-subjects',
        [binding({ subjects: [user('ann'), user('bob')] })],
        file(binding({ subjects: [user('bob')] }).object),
      ),
      // Another role: deleted, and made anew.
      changes(
        'auth reconcile --filename=all.json',
        [MAKE[`roles.${RBAC}`]('other'), binding()],
        file(binding(edit).object),
      ),
      changes(
        'auth reconcile --filename=all.json',
        [role()],
        file({ ...role().object, metadata: { name: 'web', labels: { a: 'b' } } }),
      ),
      nothing('auth reconcile --filename=all.json', [role()], file(role().object)),
      nothing(
        'auth reconcile --filename=all.json',
        [{ ...role(), object: { ...role().object, ...kept } }],
        file(role({ rules: [rule(['services'], ['get'])] }).object),
      ),
      fails(
        'auth reconcile --filename=all.json',
        [],
        file({ ...role().object, metadata: { name: 'web', namespace: 'nosuch-namespace' } }),
      ),
      // Without a namespace of its own.
      fails('auth reconcile --filename=all.json', [role()], { 'all.json': [role().object] }),
      fails(
        'auth reconcile --filename=all.json',
        [],
        file(role({ rules: [{ resources: ['pods'], verbs: [] }] }).object),
      ),
    ],
  },
];
