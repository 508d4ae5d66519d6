// A ConfigMap or Secret as it will be made → the end of its name under --append-hash (kubectl 1.36, pkg/util/hash).
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isObject, type JsonObject } from '../../../model/json.ts';
import { goJsonInOrder } from '../../../model/last-applied.ts';

/** No vowels, so that no word comes of it; and nothing that looks like one. */
const SPELLED: ReadonlyMap<string, string> = new Map(Object.entries({ '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }));

/** Ten letters over kind, name, data and, of a Secret, its type. */
export function contentHash(object: JsonObject): string {
  const { kind = '', type = '', data = {}, metadata } = object;
  const hashed = {
    kind,
    name: isObject(metadata) ? (metadata['name'] ?? '') : '',
    data,
    ...(kind === 'Secret' ? { type } : {}),
  };
  const digits = bytesToHex(sha256(utf8ToBytes(goJsonInOrder(hashed)))).slice(0, 10);
  return digits.replaceAll(/[013ae]/g, (digit) => SPELLED.get(digit) ?? digit);
}
