// A role or a binding as it stands, and as a manifest wants it → what auth reconcile leaves of both (component-helpers 0.36,
// auth/rbac/reconciliation).
import { isObject, type Json, type JsonObject, ownValue, sameJson } from '../model/json.ts';
import type { MutationContent } from '../model/mutation.ts';
import { elementsOf, fieldsOf, stringOf, withoutField } from './changed-object.ts';

/** An object with this annotation is left alone. */
const KEPT = ['rbac.authorization.kubernetes.io/autoupdate', 'false'] as const;

/** The object that is sent; null: it is as it should be, or may not be touched. */
export function reconciled(
  live: JsonObject,
  { object: wanted, removeExtra }: Extract<MutationContent, { is: 'reconcile' }>,
): JsonObject | null {
  if (fieldsOf(fieldsOf(live['metadata'])['annotations'])[KEPT[0]] === KEPT[1]) return null;
  const after = stringOf(wanted['kind']).endsWith('Binding')
    ? withSubjects(withMetadata(live, wanted), wanted, removeExtra)
    : withAggregation(withRules(withMetadata(live, wanted), live, wanted, removeExtra), live, wanted, removeExtra);
  return sameJson(live, after) ? null : after;
}

/** What the object has of its own counts more. */
const withMetadata = (live: JsonObject, wanted: JsonObject): JsonObject => {
  const [metadata, more] = [fieldsOf(live['metadata']), fieldsOf(wanted['metadata'])];
  const merged = ['annotations', 'labels'].flatMap((field): readonly (readonly [string, Json])[] => {
    const both = { ...fieldsOf(ownValue(more, field)), ...fieldsOf(ownValue(metadata, field)) };
    return Object.keys(both).length === 0 ? [] : [[field, both]];
  });
  return { ...live, metadata: { ...metadata, ...Object.fromEntries(merged) } };
};

/** Another role cannot be written into a binding: the API server says so, and it is deleted and made anew. */
const withSubjects = (object: JsonObject, wanted: JsonObject, removeExtra: boolean): JsonObject => {
  const [now, then] = [elementsOf(object['subjects']), elementsOf(wanted['subjects'])];
  const [missing, extra] = [without(then, now), without(now, then)];
  const roleRef = wanted['roleRef'] ?? null;
  const whole = { ...object, roleRef };
  if (removeExtra) return missing.length + extra.length === 0 ? whole : { ...whole, subjects: then };
  return missing.length === 0 ? whole : { ...whole, subjects: [...now, ...missing] };
};

/** Each that the others do not have, once. */
const without = (list: readonly Json[], others: readonly Json[]): readonly Json[] =>
  list.filter(
    (one, at) =>
      !others.some((other) => sameJson(one, other)) && list.findIndex((other) => sameJson(one, other)) === at,
  );

const withRules = (object: JsonObject, live: JsonObject, wanted: JsonObject, removeExtra: boolean): JsonObject => {
  const [now, then] = [rulesOf(live), rulesOf(wanted)];
  const missing = uncovered(now, then);
  if (!removeExtra) return missing.length === 0 ? object : { ...object, rules: [...now, ...missing] };
  const areAggregated = isObject(wanted['aggregationRule']) && isObject(live['aggregationRule']);
  const extra = areAggregated ? [] : uncovered(then, now);
  return missing.length + extra.length === 0 ? object : { ...object, rules: then };
};

const withAggregation = (
  object: JsonObject,
  live: JsonObject,
  wanted: JsonObject,
  removeExtra: boolean,
): JsonObject => {
  const [now, then] = [live['aggregationRule'], wanted['aggregationRule']];
  if (!isObject(then)) return isObject(now) ? withoutField(object, 'aggregationRule') : object;
  const [have, want] = [selectorsOf(now), selectorsOf(then)];
  const missing = want.filter((one) => !have.some((other) => sameJson(one, other)));
  const extra = have.filter((one) => !want.some((other) => sameJson(one, other)));
  if (removeExtra) return missing.length + extra.length === 0 ? object : { ...object, aggregationRule: then };
  return missing.length === 0
    ? object
    : { ...object, aggregationRule: { ...fieldsOf(now), clusterRoleSelectors: [...have, ...missing] } };
};

const selectorsOf = (rule: Json | undefined): readonly Json[] => elementsOf(fieldsOf(rule)['clusterRoleSelectors']);

const rulesOf = (role: JsonObject): readonly JsonObject[] => elementsOf(role['rules']).filter(isObject);

/** Texts of a list of a rule. */
const textsOf = (rule: JsonObject, field: string): readonly string[] => elementsOf(ownValue(rule, field)).map(stringOf);

/** A rule as the least that can be granted: one verb of one resource, or of one path. */
const brokenDown = (rule: JsonObject): readonly JsonObject[] => {
  const names = textsOf(rule, 'resourceNames');
  const verbs = textsOf(rule, 'verbs');
  const resources = textsOf(rule, 'apiGroups').flatMap((group) =>
    textsOf(rule, 'resources').flatMap((resource) =>
      verbs.flatMap((verb): readonly JsonObject[] => {
        const one = { apiGroups: [group], resources: [resource], verbs: [verb] };
        return names.length === 0 ? [one] : names.map((name) => ({ ...one, resourceNames: [name] }));
      }),
    ),
  );
  const paths = textsOf(rule, 'nonResourceURLs').flatMap((path) =>
    verbs.map((verb) => ({ nonResourceURLs: [path], verbs: [verb] })),
  );
  return [...resources, ...paths];
};

/** What the rules of `owners` do not grant of the others. */
const uncovered = (owners: readonly JsonObject[], others: readonly JsonObject[]): readonly JsonObject[] =>
  others.flatMap(brokenDown).filter((one) => !owners.some((owner) => covers(owner, one)));

const hasAll = (owner: JsonObject, part: JsonObject, field: string): boolean => {
  const own = new Set(textsOf(owner, field));
  return own.has('*') || textsOf(part, field).every((one) => own.has(one));
};

const coversResource = (owner: JsonObject, part: JsonObject): boolean => {
  const own = new Set(textsOf(owner, 'resources'));
  return (
    own.has('*') ||
    textsOf(part, 'resources').every((one) => {
      const slash = one.indexOf('/');
      return own.has(one) || (slash >= 0 && own.has(`*/${one.slice(slash + 1)}`));
    })
  );
};

const coversPath = (owner: JsonObject, part: JsonObject): boolean =>
  textsOf(part, 'nonResourceURLs').every((path) =>
    textsOf(owner, 'nonResourceURLs').some(
      (own) => own === path || (own.endsWith('*') && path.startsWith(own.replace(/\*+$/, ''))),
    ),
  );

/** Whether one rule grants another that is broken down. */
const covers = (owner: JsonObject, part: JsonObject): boolean => {
  const [own, names] = [textsOf(owner, 'resourceNames'), textsOf(part, 'resourceNames')];
  const coversNames = own.length === 0 || (names.length > 0 && names.every((name) => own.includes(name)));
  return (
    hasAll(owner, part, 'verbs') &&
    hasAll(owner, part, 'apiGroups') &&
    coversResource(owner, part) &&
    coversNames &&
    coversPath(owner, part)
  );
};
