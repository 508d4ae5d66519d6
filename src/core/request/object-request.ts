// A request to a path of a kind → what the readers of every method ask of it: its object, its name, what it selects, its one effect.

import { type Kind, PLAIN, type WriteContext, writeEffect } from '../command/kubectl/effects/effect-builder.ts';
import { asObject } from '../command/kubectl/effects/manifests.ts';
import { type Selection, selectionOf } from '../command/kubectl/effects/selection.ts';
import { resolvePathKind } from '../command/kubectl/resolve.ts';
import type { ApiPath } from '../model/api-path.ts';
import type { Surroundings } from '../model/command.ts';
import type { ActionKind, Effect, Verb } from '../model/effect.ts';
import type { Json } from '../model/json.ts';
import { dryRunOf } from './dry-run.ts';
import type { RequestMethod, RequestReading } from './read-request.ts';

/** What a request is about, and how its writes are read. */
export interface ObjectRequest extends WriteContext {
  readonly surroundings: Surroundings;
  readonly reading: RequestReading & { readonly method: RequestMethod };
  readonly path: ApiPath;
  readonly kind: Kind;
  /** "*" where the path names none of a kind that lives in one. */
  readonly namespace: string | null;
  readonly query: ReadonlyMap<string, string>;
}

/** `readNested`: judges what would run in containers. */
export function objectRequestOf(
  reading: ObjectRequest['reading'],
  path: ApiPath,
  surroundings: Surroundings,
  readNested: WriteContext['readNested'],
): ObjectRequest {
  const kind = kindAt(path, surroundings);
  return {
    surroundings,
    readNested,
    reading,
    path,
    kind,
    namespace: path.namespace ?? (kind.resource.namespaced ? '*' : null),
    query: new Map(reading.query.toReversed()),
    dryRun: dryRunOf(reading, path),
  };
}

/** A name without a namespace is that of an object of the whole cluster, where nobody knows the kind. */
const kindAt = (path: ApiPath, { customResources }: Surroundings): Kind => {
  const kind = resolvePathKind(path, customResources);
  return kind.known === 'unknown' && path.namespace === null && path.name !== null
    ? { ...kind, resource: { ...kind.resource, namespaced: false } }
    : kind;
};

/** The name that its effect has: of a new object its body's; null where the server makes it. */
export function requestedName({ path, reading }: ObjectRequest): string | null {
  if (path.name !== null) return path.name;
  if (reading.method !== 'POST') return '*';
  return reading.body.kind === 'seen' ? textIn(reading.body.value, 'metadata', 'name') : '*';
}

/** What of a collection its query selects. */
export function requestedSelection({ query }: ObjectRequest): Selection {
  return selectionOf(query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '', false);
}

/** The write of a request without a body, or of one whose body says nothing. */
export function bodilessWrite(
  asked: ObjectRequest,
  verb: Verb,
  kind: ActionKind,
  more: Partial<Parameters<typeof writeEffect>[4]>,
): Effect {
  const { subresource } = asked.path;
  const details = { ...PLAIN, verb, kind, subresource, ...more };
  return writeEffect(asked, asked.kind, asked.namespace, requestedName(asked), details);
}

/** The text at this place of a body; null: there is none, or an empty one. */
export function textIn(body: Json, ...place: readonly string[]): string | null {
  const value = place.reduce<Json | undefined>((inner, key) => asObject(inner)?.[key], body);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** There is a body, and nobody has its text. A text that cannot be read is part of the proposal all the same. */
export function isBinary({ body }: RequestReading): boolean {
  return body.kind === 'unseen' && !body.isThere;
}
