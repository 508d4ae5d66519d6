// What kubectl apply sends by itself, a new object or the difference to one: it carries the whole wanted object as an annotation.
import type { Edit } from '../command/kubectl/body/edit.ts';
import { editsOfObject } from '../command/kubectl/body/patch.ts';
import { kindUnless } from '../command/kubectl/effects/apply.ts';
import { type Sending, writesBody } from '../command/kubectl/effects/body.ts';
import type { CommandEffects, Kind, WriteContext } from '../command/kubectl/effects/effect-builder.ts';
import { asObject } from '../command/kubectl/effects/manifests.ts';
import type { Surroundings } from '../model/command.ts';
import { rowOf } from '../model/effect.ts';
import { isObject, type Json } from '../model/json.ts';
import { LAST_APPLIED, lastAppliedOf } from '../model/last-applied.ts';

/** The object that is written. */
interface Place {
  readonly kind: Kind;
  readonly namespace: string | null;
  readonly name: string | null;
}

const AT_ANNOTATION = `/metadata/annotations/${LAST_APPLIED.replaceAll('/', '~1')}`;

/** The object in the annotation; null where it is none of this place. */
const wantedBy = (
  body: Json,
  { surroundings }: { readonly surroundings: Surroundings },
  { kind, name }: Place,
): Json | null => {
  const text = isObject(body) ? lastAppliedOf(body) : null;
  const documents = text === null ? null : surroundings.readDocuments(text, 'overrides');
  const [wanted] = documents ?? [];
  const object = asObject(wanted);
  const isOfPlace = asObject(object?.['metadata'])?.['name'] === name && object?.['kind'] === kind.resource.kind;
  return object !== null && isOfPlace ? object : null;
};

/**
 * Such a write is the apply that it stands for, by what it changes and by what the whole object says: the worse of the two in
 * everything. null: it is another write.
 */
export function appliedBefore(
  context: WriteContext & { readonly surroundings: Surroundings },
  place: Place,
  { body, edits, sending }: { readonly body: Json; readonly edits: readonly Edit[]; readonly sending: Sending },
): CommandEffects | null {
  if (!(sending.road === 'patch' || sending.road === 'create') || sending.subresource !== null) return null;
  const wanted = wantedBy(body, context, place);
  if (wanted === null) return null;
  const { kind, namespace, name } = place;
  const own = edits.filter(({ at }) => at !== AT_ANNOTATION);
  const patched = writesBody(context, kind, namespace, name, own, sending);
  const applied = writesBody(context, kind, namespace, name, editsOfObject(wanted, 'said'), {
    ...sending,
    road: 'apply',
    kindOf: kindUnless('apply'),
  });
  const [change, whole] = [patched.effects[0], applied.effects[0]];
  if (change === undefined || whole === undefined) return null;
  const isWorse = rowOf(change.kind) > rowOf(whole.kind);
  const both = {
    ...change,
    kind: isWorse ? change.kind : whole.kind,
    traits: [...new Set([...change.traits, ...whole.traits])],
    labelKeys: [...new Set([...change.labelKeys, ...whole.labelKeys])],
    annotationKeys: [...new Set([...change.annotationKeys, ...whole.annotationKeys])],
    templateKeys: [...new Set([...change.templateKeys, ...whole.templateKeys])],
    subjects: [...new Set([...change.subjects, ...whole.subjects])],
  };
  return {
    ...patched,
    effects: [both],
    destructions: [...new Set([...patched.destructions, ...applied.destructions])],
    undecided: patched.undecided || applied.undecided,
    refusals: [...patched.refusals, ...applied.refusals],
    nested: [...patched.nested, ...applied.nested],
  };
}
