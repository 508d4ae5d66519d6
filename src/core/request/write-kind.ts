// A POST, PUT or PATCH → what kind of action it is, given what its body changes, and the traits of how it is done.
import type { BodyChanges } from '../command/kubectl/body/read-body.ts';
import { creationKind, kindUnless, runsOwnCommand } from '../command/kubectl/effects/apply.ts';
import type { Sending } from '../command/kubectl/effects/body.ts';
import { optionsOfBody, traitsOfOptions } from '../command/kubectl/effects/delete-options.ts';
import { asObject } from '../command/kubectl/effects/manifests.ts';
import { SUBRESOURCE_KINDS } from '../command/kubectl/effects/subresources.ts';
import type { ActionKind, Trait, Verb } from '../model/effect.ts';
import type { Json } from '../model/json.ts';
import type { ObjectRequest } from './object-request.ts';
import type { RequestMethod } from './read-request.ts';

/** Methods of writes that may carry an object or a patch. */
export type WriteMethod = Extract<RequestMethod, 'POST' | 'PUT' | 'PATCH'>;

export const WRITE_VERBS = { POST: 'create', PUT: 'update', PATCH: 'patch' } as const satisfies Record<
  WriteMethod,
  Verb
>;

/** What a write to the subresource is, whatever its body says; null: the body decides. */
const kindOfSubresource = (subresource: string | null): ActionKind | null =>
  SUBRESOURCE_KINDS.get(subresource ?? '') ?? (subresource === 'scale' ? 'scale' : null);

/** What the write is, given what its body changes. */
export function kindOfWrite({ path, kind, reading }: ObjectRequest, method: WriteMethod): Sending['kindOf'] {
  const special = kindOfSubresource(path.subresource);
  if (special !== null) return () => special;
  if (method === 'POST') return (changes) => creationKind(kind, changes);
  return method === 'PUT' || reading.patch === 'apply'
    ? kindUnless('apply')
    : ({ patchKind }: BodyChanges) => patchKind;
}

const UNSEEN_KINDS = { POST: 'create', PUT: 'apply', PATCH: 'patch' } as const satisfies Record<
  WriteMethod,
  ActionKind
>;

/** What it is where nobody has seen its body. */
export function kindOfUnseenWrite({ path }: ObjectRequest, method: WriteMethod): ActionKind {
  return kindOfSubresource(path.subresource) ?? UNSEEN_KINDS[method];
}

/** Of how it is done, besides what the body changes. */
export function traitsOfWrite({ path, kind, reading }: ObjectRequest, body: Json): readonly Trait[] {
  switch (path.subresource) {
    case 'eviction':
      return traitsOfOptions(optionsOfBody(asObject(body)?.['deleteOptions']));
    case 'approval':
      return approves(body);
    case null:
      return reading.method === 'POST' && runsOwnCommand(kind, asObject(body) ?? {}) ? ['explicit-command'] : [];
    default:
      return [];
  }
}

/** An approval of a certificate request; a body that takes its words from elsewhere may be one. */
const approves = (body: Json): readonly Trait[] => (/approved/i.test(JSON.stringify(body)) ? ['approves-csr'] : []);
