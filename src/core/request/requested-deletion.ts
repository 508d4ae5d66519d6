// The query and the body of a DELETE → how it deletes. A body counts alone, as the API server reads it.
import { optionsOfBody, optionsOfQuery, traitsOfOptions } from '../command/kubectl/effects/delete-options.ts';
import { OTHER } from '../command/kubectl/effects/effect-builder.ts';
import type { Change, Trait } from '../model/effect.ts';
import { isObject, type Json } from '../model/json.ts';
import type { RequestReading } from './read-request.ts';

/** How it is done, and what of it an executor may do: `other` where an option is none that it knows. */
export interface RequestedDeletion {
  readonly change: Change;
  readonly traits: readonly Trait[];
}

const PROPAGATIONS = ['Background', 'Foreground', 'Orphan'] as const;

const propagationOf = (said: Json | undefined, orphans: boolean): (typeof PROPAGATIONS)[number] | null =>
  orphans ? 'Orphan' : (PROPAGATIONS.find((one) => one === said) ?? null);

/** Options that are carried out; any other, such as a precondition, is no part of what an executor sends. */
const KNOWN: ReadonlySet<string> = new Set([
  'kind',
  'apiVersion',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'dryRun',
]);

/** What kubectl sends for `delete --force` is a grace of 0: who asks for that asks for the same. */
const forced = (grace: number | null): readonly Trait[] => (grace === 0 ? ['force'] : []);

/** Of a DELETE of one object or of a collection. */
export function requestedDeletion(
  { body }: Pick<RequestReading, 'body'>,
  query: ReadonlyMap<string, string>,
): RequestedDeletion {
  if (body.kind === 'unseen') return { change: OTHER, traits: [] };
  const inBody = body.kind === 'seen' ? body.value : null;
  const options = inBody === null ? optionsOfQuery(query) : optionsOfBody(inBody);
  const said = isObject(inBody) ? inBody['propagationPolicy'] : query.get('propagationPolicy');
  const { gracePeriodSeconds, orphans } = options;
  const isKnown = inBody === null || (isObject(inBody) && Object.keys(inBody).every((key) => KNOWN.has(key)));
  return {
    change: isKnown ? { to: 'absence', gracePeriodSeconds, propagation: propagationOf(said, orphans) } : OTHER,
    traits: [...forced(gracePeriodSeconds), ...traitsOfOptions(options)],
  };
}

const OF_EVICTION: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'metadata', 'deleteOptions']);

/** Of an eviction: the deletion of one pod with the options in its body. */
export function evictionOf(body: Json): Change {
  if (!isObject(body) || !Object.keys(body).every((key) => OF_EVICTION.has(key))) return OTHER;
  const value = body['deleteOptions'] ?? {};
  return requestedDeletion({ body: { kind: 'seen', value } }, new Map()).change;
}
