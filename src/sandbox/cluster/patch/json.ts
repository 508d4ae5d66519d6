// JSON patch (RFC 6902) on JSON values. Pure; a pointer that leads nowhere or a failed test refuses the whole patch.
import { isObject, sameJson } from '../json.ts';
import type { Json } from '../model.ts';

export type JsonPatchResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly why: string };

class Unfit extends Error {}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

function isOperation(value: unknown): value is Operation {
  return isObject(value) && typeof value['op'] === 'string' && typeof value['path'] === 'string';
}

function steps(pointer: string): readonly string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new Unfit(`the path "${pointer}" is not a JSON pointer`);
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function index(list: readonly Json[], step: string, limit: number): number {
  const at = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : Number.NaN;
  if (!(at < limit)) throw new Unfit(`index ${step} is outside of a list of ${list.length}`);
  return at;
}

function read(document: Json, path: readonly string[]): Json {
  let value: Json | undefined = document;
  for (const step of path) {
    if (Array.isArray(value)) value = (value as readonly Json[])[index(value, step, value.length)];
    else if (isObject(value)) value = value[step];
    else value = undefined;
    if (value === undefined) throw new Unfit(`nothing at "/${path.join('/')}": missing key "${step}"`);
  }
  return value;
}

/** The document with the place at `path` changed by `change`, which gets the parent container and the last step. */
function at(document: Json, path: readonly string[], change: (parent: Json, step: string) => Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) throw new Unfit('the whole document cannot be changed by this operation');
  if (rest.length === 0) return change(document, step);
  const inner = at(read(document, [step]), rest, change);
  if (Array.isArray(document)) return document.with(index(document, step, document.length), inner);
  if (isObject(document)) return { ...document, [step]: inner };
  throw new Unfit(`nothing at "/${path.join('/')}"`);
}

function add(document: Json, path: readonly string[], value: Json): Json {
  if (path.length === 0) return value;
  return at(document, path, (parent, step) => {
    if (Array.isArray(parent))
      return parent.toSpliced(step === '-' ? parent.length : index(parent, step, parent.length + 1), 0, value);
    if (isObject(parent)) return { ...parent, [step]: value };
    throw new Unfit(`cannot add at "/${path.join('/')}": its parent is no object and no list`);
  });
}

function remove(document: Json, path: readonly string[]): Json {
  return at(document, path, (parent, step) => {
    read(parent, [step]);
    if (Array.isArray(parent)) return parent.toSpliced(index(parent, step, parent.length), 1);
    const { [step]: _gone, ...rest } = isObject(parent) ? parent : {};
    return rest;
  });
}

function apply(document: Json, operation: Operation): Json {
  const path = steps(operation.path);
  const value = operation.value ?? null;
  switch (operation.op) {
    case 'add':
      return add(document, path, value);
    case 'remove':
      return remove(document, path);
    case 'replace':
      if (path.length === 0) return value;
      read(document, path);
      return at(document, path, (parent, step) => {
        if (Array.isArray(parent)) return parent.with(index(parent, step, parent.length), value);
        return { ...(isObject(parent) ? parent : {}), [step]: value };
      });
    case 'move': {
      const from = steps(operation.from ?? '');
      return add(remove(document, from), path, read(document, from));
    }
    case 'copy':
      return add(document, path, read(document, steps(operation.from ?? '')));
    case 'test':
      if (!sameJson(read(document, path), value)) throw new Unfit(`testing value ${operation.path} failed`);
      return document;
    default:
      throw new Unfit(`Unexpected kind: ${operation.op}`);
  }
}

/** Applies all operations in order, or none: `why` names the first that does not fit. */
export function jsonPatch(document: Json, patch: unknown): JsonPatchResult {
  if (!Array.isArray(patch) || !patch.every(isOperation))
    return { ok: false, why: 'a JSON patch is a list of operations' };
  try {
    return { ok: true, value: patch.reduce<Json>(apply, document) };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, why: error.message };
    throw error;
  }
}
