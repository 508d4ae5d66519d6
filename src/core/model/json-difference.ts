// Where two JSON values part, for a reader: the first place in the order of the older one.
import { isObject, type Json, ownValue } from './json.ts';

/** `at`: a JSON pointer, "" for the values themselves; a value that is not there is absent. */
export interface JsonDifference {
  readonly at: string;
  readonly was?: Json;
  readonly is?: Json;
}

const token = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** null: the same. Fields in whatever order; elements of lists by their places. */
export function firstDifference(was: Json | undefined, is: Json | undefined, at = ''): JsonDifference | null {
  if (isObject(was) && isObject(is)) {
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const found = firstDifference(ownValue(was, name), ownValue(is, name), `${at}/${token(name)}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (Array.isArray(was) && Array.isArray(is)) {
    // as: Array.isArray does not narrow readonly arrays.
    const [old, fresh] = [was as readonly Json[], is as readonly Json[]];
    for (let place = 0; place < Math.max(old.length, fresh.length); place += 1) {
      const found = firstDifference(old[place], fresh[place], `${at}/${place}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (was === is) return null;
  return { at, ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }) };
}
