// A POST, PUT or PATCH → the one write that it is, by what its body changes, and what of that cannot be known.
import type { Edit } from '../command/kubectl/body/edit.ts';
import { carriesContent, editsOfObject, editsOfPatch } from '../command/kubectl/body/patch.ts';
import { type Sending, writesBody } from '../command/kubectl/effects/body.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  isSecret,
  NO_EFFECTS,
} from '../command/kubectl/effects/effect-builder.ts';
import { asObject } from '../command/kubectl/effects/manifests.ts';
import type { Effect, Trait } from '../model/effect.ts';
import type { Json } from '../model/json.ts';
import type { Mutation } from '../model/mutation.ts';
import { undecided } from '../model/refusal.ts';
import { appliedBefore } from './client-apply.ts';
import { misplacedBody, misplacedWrite } from './misplaced-write.ts';
import { bodilessWrite, isBinary, type ObjectRequest, requestedName } from './object-request.ts';
import type { RequestMethod, RequestReading } from './read-request.ts';
import { evictionOf } from './requested-deletion.ts';
import { sentByRequest } from './sent-request.ts';
import { doubtful, opaque, UNSEEN_BODY } from './unknown-effects.ts';
import { kindOfUnseenWrite, kindOfWrite, traitsOfWrite, WRITE_VERBS, type WriteMethod } from './write-kind.ts';

export function effectsOfWrite(asked: ObjectRequest, method: WriteMethod): CommandEffects {
  const { reading, kind } = asked;
  const wrong = misplacedWrite(asked);
  const doubt = concat(unknownWrite(asked, method), doubtful(wrong));
  if (reading.body.kind === 'unseen') return concat(unseenWrite(asked, method), doubt);
  const body = reading.body.kind === 'seen' ? reading.body.value : {};
  const other = misplacedBody(asked, body);
  const edits = editsOf(reading, method, body);
  if (edits === null)
    return concatAll([unseenWrite(asked, method), doubtful('the body is no patch or object of its type'), doubt]);
  if (isSecret(kind.resource) && reading.patch === 'json' && carriesContent(body))
    return concatAll([unseenWrite(asked, method), doubtful('it carries what the Secret holds elsewhere'), doubt]);
  const written = seenWrite(asked, method, { body, edits, mutation: mutationOf(asked, body, wrong ?? other) });
  return concatAll([asExecuted(asked, written, body), doubt, doubtful(other)]);
}

/** Subresources that can be written, and by which methods (Kubernetes API reference); any other may do anything. */
const WRITABLE: ReadonlyMap<string, readonly RequestMethod[]> = new Map([
  ['status', ['PUT', 'PATCH']],
  ['scale', ['PUT', 'PATCH']],
  ['approval', ['PUT', 'PATCH']],
  ['ephemeralcontainers', ['PUT', 'PATCH']],
  ['resize', ['PUT', 'PATCH']],
  ['finalize', ['PUT']],
  ['eviction', ['POST']],
  ['binding', ['POST']],
  ['token', ['POST']],
]);

/** What no subresource that is known takes may do anything. */
const unknownWrite = ({ path: { subresource } }: ObjectRequest, method: WriteMethod): CommandEffects =>
  subresource === null || WRITABLE.get(subresource)?.includes(method) === true
    ? NO_EFFECTS
    : {
        ...opaque(`nobody knows what ${method} of ${subresource} does`, 'dual'),
        undecided: true,
        refusals: [undecided('path')],
      };

/** A write whose body was not seen. */
const unseenWrite = (asked: ObjectRequest, method: WriteMethod): CommandEffects => {
  const traits: readonly Trait[] = [
    ...(isBinary(asked.reading) ? ['unseen-content' as const] : []),
    ...(asked.path.subresource === 'approval' ? ['approves-csr' as const] : []),
  ];
  const effect = bodilessWrite(asked, WRITE_VERBS[method], kindOfUnseenWrite(asked, method), { traits });
  return concat(effectsOnly([effect]), UNSEEN_BODY);
};

/** What a body changes; null: it is no patch or object of its type. */
const editsOf = ({ patch }: RequestReading, method: WriteMethod, body: Json): readonly Edit[] | null => {
  const edits =
    method !== 'PATCH' || patch === 'apply'
      ? editsOfObject(body, method === 'PUT' ? 'put' : 'said')
      : patch === null
        ? null
        : editsOfPatch(patch, body);
  return (asObject(body) === null) === (patch === 'json') ? edits : null;
};

/** A write whose body was read whole. */
const seenWrite = (
  asked: ObjectRequest,
  method: WriteMethod,
  {
    body,
    edits,
    mutation,
  }: { readonly body: Json; readonly edits: readonly Edit[]; readonly mutation: Mutation | null },
): CommandEffects => {
  const { reading, path, kind, namespace } = asked;
  const sending: Sending = {
    verb: WRITE_VERBS[method],
    road: method === 'POST' ? 'create' : method === 'PUT' ? 'put' : reading.patch === 'apply' ? 'apply' : 'patch',
    subresource: path.subresource,
    selector: null,
    traits: traitsOfWrite(asked, body),
    kindOf: kindOfWrite(asked, method),
    mutation,
  };
  const name = requestedName(asked);
  return (
    appliedBefore(asked, { kind, namespace, name }, { body, edits, sending }) ??
    writesBody(asked, kind, namespace, name, edits, sending)
  );
};

/** What is sent; null where nobody knows for certain what the API server would make of it, or where nothing is written. */
const mutationOf = (asked: ObjectRequest, body: Json, wrong: string | null): Mutation | null => {
  const { reading, kind, path, dryRun } = asked;
  if (wrong !== null || dryRun !== 'none' || reading.doubts.length > 0 || isUnknownText(body)) return null;
  return sentByRequest({ reading, kind, subresource: path.subresource, body }, asked.surroundings);
};

/** A NUL stands for what is only known when it runs: no request holds one that the API server takes. */
const isUnknownText = (body: Json): boolean => JSON.stringify(body).includes(String.raw`\u0000`);

/**
 * A restart is carried out with the time of the write, so that the stamp in its body decides nothing; an eviction is the
 * deletion of one pod that its budgets may forbid.
 */
const asExecuted = ({ path }: ObjectRequest, written: CommandEffects, body: Json): CommandEffects => ({
  ...written,
  effects: written.effects.map((effect): Effect => {
    if (effect.dryRun) return effect;
    if (effect.change.to === 'restart') {
      const { mutation: _stamped, ...restart } = effect;
      return restart;
    }
    return path.subresource === 'eviction' ? { ...effect, change: evictionOf(body) } : effect;
  }),
});
