// A request as one line that people read: its method, its path, and what its query says.
import type { ApiRequest, QueryPairs } from '../model/api-request.ts';
import { byText } from '../model/text-order.ts';

/** Marks that need no escape where people read them. */
const READABLE = /%(?:2C|2F|3A|3D|40)/g;

const shown = (text: string): string => encodeURIComponent(text).replace(READABLE, (one) => decodeURIComponent(one));

/** The query as it is sent, in the order of its names; those of one name stay in theirs. */
export function queryText(pairs: QueryPairs): string {
  return pairs
    .toSorted(([one], [other]) => byText(one, other))
    .map(([name, value]) => `${shown(name.toWellFormed())}=${shown(value.toWellFormed())}`)
    .join('&');
}

const LONGEST = 4096;

/** Whatever is no plain letter of a path is escaped, so that a line stays a line. */
const plain = (text: string): string => text.replace(/[^!-~]/g, (letter) => encodeURIComponent(letter.toWellFormed()));

/** "PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl". */
export function requestText({ method, path }: ApiRequest, query: QueryPairs): string {
  const behind = queryText(query);
  const target = `${plain(path.slice(0, LONGEST))}${behind === '' ? '' : `?${behind}`}`;
  return `${plain(method.slice(0, 32))} ${target}`;
}
