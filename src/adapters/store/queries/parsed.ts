// A column of JSON → its value, or an error that names the damage.
import { corrupted } from './damage.ts';

/** JSON that this store wrote itself; anything else in its place is damage. */
export function parsed<T>(text: string, what: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw corrupted(what);
  }
}
