// A node as a command wants it: its taints, and whether pods may be scheduled (kubectl 1.36, pkg/cmd/taint, pkg/drain).
import type { Json, JsonObject } from '../model/json.ts';
import type { MutationContent, Taint, TaintName } from '../model/mutation.ts';
import {
  type ChangedObject,
  changedAt,
  elementsOf,
  fieldsOf,
  refused,
  stringOf,
  withoutField,
} from './changed-object.ts';

const taintOf = (taint: Json): TaintName => ({
  key: stringOf(fieldsOf(taint)['key']),
  effect: stringOf(fieldsOf(taint)['effect']),
});

const isSame = (one: TaintName, other: TaintName): boolean =>
  one.key === other.key && (one.effect === null || one.effect === other.effect);

/** As Go writes it: an empty value is left out. */
const written = ({ key, value, effect }: Taint): JsonObject => ({
  key,
  ...(value === null || value === '' ? {} : { value }),
  effect,
});

const shown = ({ key, effect }: TaintName): string => (effect === null ? key : `${key}:${effect}`);

type Taints = Extract<MutationContent, { is: 'taints' }>;

/** taint: new ones first, then those that were there and stay. The list is replaced whole. */
export function withTaints(live: JsonObject, { add, remove, overwrite }: Taints): ChangedObject {
  const before = elementsOf(fieldsOf(live['spec'])['taints']);
  const known = add.find((one) => before.some((other) => isSame(one, taintOf(other))));
  if (known !== undefined && !overwrite) return refused('taint-exists', shown(known));
  let after: readonly Json[] = [
    ...add.map(written),
    ...before.filter((other) => !add.some((one) => isSame(one, taintOf(other)))),
  ];
  for (const gone of remove) {
    const rest = after.filter((one) => !isSame(gone, taintOf(one)));
    if (rest.length === after.length) return refused('taint-missing', shown(gone));
    after = rest;
  }
  const object = changedAt(live, ['spec'], (spec) =>
    after.length === 0 ? withoutField(spec, 'taints') : { ...spec, taints: after },
  );
  return { ok: true, object };
}

/** A field of the specification that is true, or not there: Go leaves false out. */
export function withSwitch(live: JsonObject, field: 'unschedulable' | 'paused', on: boolean): JsonObject {
  return changedAt(live, ['spec'], (spec) => (on ? { ...spec, [field]: true } : withoutField(spec, field)));
}
