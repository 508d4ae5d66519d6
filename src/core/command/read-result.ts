// What the API server's dry run would leave, read by the same rules as what was asked: admission may add to a request.
import type { Effect, Trait } from '../model/effect.ts';
import { isWrite } from '../model/effect.ts';
import { type Json, sameJson } from '../model/json.ts';
import type { FieldChange, ObjectChange } from '../model/object-change.ts';
import { objectKey, objectOfKey, touches } from '../model/object-ref.ts';
import type { Understanding } from '../model/understanding.ts';
import { editsOfPatch } from './kubectl/body/patch.ts';
import { readBody } from './kubectl/body/read-body.ts';

/**
 * What counts although nobody asked for it: rights, reach, what cannot be taken back, and programs that nobody chose. How an object is found,
 * placed or marked is judged as it was asked (scoring sections 4, 6 and 7).
 */
const COUNTS: ReadonlySet<Trait> = new Set<Trait>([
  'privileged',
  'host-namespaces',
  'service-account',
  'from-secret',
  'exposes',
  'tracked',
  'no-execute',
  'grants-admin',
  'rules-emptied',
  'finalizers',
  'finalize',
  'owner-reference',
  'claim-ref',
  'reclaim-delete',
  'claim-retention-delete',
  'scale-to-zero',
]);
/** An undo goes back to images that ran before. */
const OF_IMAGES: ReadonlySet<Trait> = new Set<Trait>(['starts-image', 'mutable-image']);

const same = (one: Json) => (other: Json) => sameJson(one, other);

/** What a field becomes, as operations of a JSON patch; of a list only what comes and what goes. */
const operations = (path: string, before: Json | undefined, after: Json | undefined): readonly Json[] => {
  if (after === undefined) return [{ op: 'remove', path }];
  if (!Array.isArray(before) || !Array.isArray(after)) return [{ op: 'add', path, value: after }];
  const [old, fresh]: readonly [readonly Json[], readonly Json[]] = [before, after];
  return [
    ...old.filter((one) => !fresh.some(same(one))).map(() => ({ op: 'remove', path: `${path}/0` })),
    ...fresh.filter((one) => !old.some(same(one))).map((value) => ({ op: 'add', path: `${path}/-`, value })),
  ];
};

/** What is hidden is there, whatever it is; what is generated was refused where it could matter. */
const operationsOf = (field: FieldChange): readonly Json[] => {
  if (field.generated === true) return [];
  if (field.hidden === undefined) return operations(field.path, field.before, field.after);
  return operations(field.path, undefined, field.hidden.after === null ? undefined : '');
};

const isOf = (effect: Effect, { object }: ObjectChange): boolean =>
  effect.change.to !== 'absence' && (objectKey(effect) === object || touches(effect, objectOfKey(object)));

const traitsOf = (effect: Effect, { object, op, fields }: ObjectChange): readonly Trait[] => {
  const { group, resource, known, subresource } = effect;
  const { namespace, name } = objectOfKey(object);
  const mode = op === 'create' ? 'create' : effect.kind === 'apply' || effect.verb === 'update' ? 'apply' : 'patch';
  const written = {
    resource: { group, name: resource },
    known: known === 'built-in' ? ('built-in' as const) : ('other' as const),
    namespace,
    name,
    subresource,
    mode,
  } as const;
  const counts = (trait: Trait): boolean =>
    COUNTS.has(trait) || (effect.mutation !== undefined && OF_IMAGES.has(trait));
  // One field after the other: a whole object that goes stands for none of its parts.
  return fields.flatMap((field) =>
    readBody(written, editsOfPatch('json', operationsOf(field)) ?? []).traits.filter(counts),
  );
};

/** The same understanding, with what the server's result adds to each write; the higher of the two is judged. */
export function withResults(understanding: Understanding, changes: readonly ObjectChange[]): Understanding {
  const tells = changes.filter(({ op, fields }) => op !== 'delete' && fields.length > 0);
  if (tells.length === 0) return understanding;
  const read = (effect: Effect): Effect => {
    if (!isWrite(effect)) return effect;
    const found = tells.filter((change) => isOf(effect, change)).flatMap((change) => traitsOf(effect, change));
    const fresh = [...new Set(found)].filter((trait) => !effect.traits.includes(trait));
    return fresh.length === 0 ? effect : { ...effect, traits: [...effect.traits, ...fresh] };
  };
  return { ...understanding, parts: understanding.parts.map((part) => ({ ...part, effects: part.effects.map(read) })) };
}
