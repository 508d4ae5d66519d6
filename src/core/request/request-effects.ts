// A request whose parts were read → what it does: the one effect that it is, the commands in its body, and what refuses it.
import {
  type CommandEffects,
  concat,
  concatAll,
  isSecret,
  refusalsOnly,
  type WriteContext,
} from '../command/kubectl/effects/effect-builder.ts';
import { STREAMS } from '../command/kubectl/effects/subresources.ts';
import { refusedKinds, refusedName, refusedNamespace } from '../command/kubectl/effects/targets.ts';
import { isMetricsGroup } from '../model/api-path.ts';
import type { Surroundings } from '../model/command.ts';
import { isWrite } from '../model/effect.ts';
import { effectsOfDeletion } from './effects-of-deletion.ts';
import { effectsOfOtherPath } from './effects-of-other-path.ts';
import { effectsOfRead } from './effects-of-read.ts';
import { effectsOfStream } from './effects-of-stream.ts';
import { effectsOfWrite } from './effects-of-write.ts';
import { type ObjectRequest, objectRequestOf, requestedName } from './object-request.ts';
import type { RequestReading } from './read-request.ts';
import { doubtful, opaque } from './unknown-effects.ts';

/**
 * What a request does (scoring section 1): one effect for one request. `readNested`: judges what would run in containers. What
 * cannot be read for certain is said to be so, beside whatever is known of it.
 */
export function requestEffects(
  reading: RequestReading,
  surroundings: Surroundings,
  readNested: WriteContext['readNested'],
): CommandEffects {
  const { method, path } = reading;
  const doubts = concatAll(reading.doubts.map(doubtful));
  if (method === null || path.kind === 'unreadable')
    return concat(doubts, { ...opaque('the request cannot be read for certain', 'dual'), undecided: true });
  if (path.kind === 'other') return concat(effectsOfOtherPath(path.path, method), doubts);
  const asked = objectRequestOf({ ...reading, method }, path.path, surroundings, readNested);
  const done = withShownSecrets(asked, concat(ofObject(asked), refusedTargets(asked)));
  return concat(withVersion(asked, done), doubts);
}

/** Subresources decide before verbs: a GET of a stream is no read. */
const ofObject = (asked: ObjectRequest): CommandEffects => {
  const { path, reading } = asked;
  const subresource = path.prefix === 'proxy' ? 'proxy' : path.subresource;
  const stream = isMetricsGroup(path.group) ? undefined : STREAMS.get(subresource ?? '');
  if (stream !== undefined && subresource !== null) return effectsOfStream(asked, subresource, stream);
  switch (reading.method) {
    case 'GET':
    case 'HEAD':
      return effectsOfRead(asked);
    case 'DELETE':
      return effectsOfDeletion(asked);
    case 'POST':
    case 'PUT':
    case 'PATCH':
      return effectsOfWrite(asked, reading.method);
    default:
      return reading.method satisfies never;
  }
};

/** What the names of the path are refused for. */
const refusedTargets = (asked: ObjectRequest): CommandEffects => {
  const { kind, namespace, reading } = asked;
  const name = requestedName(asked);
  const isRead = reading.method === 'GET' || reading.method === 'HEAD';
  const refusals = [
    name === null ? null : refusedName(name, kind.resource),
    namespace === null ? null : refusedNamespace(namespace),
    ...(isRead || asked.dryRun !== 'none' ? [] : refusedKinds([{ ...kind, name: name ?? '*' }])),
  ].filter((one) => one !== null);
  return refusalsOnly(refusals);
};

/** The answer to a write shows the object, so that a dry run on a Secret reads it. */
const withShownSecrets = ({ kind: { resource } }: ObjectRequest, result: CommandEffects): CommandEffects =>
  isSecret(resource) && result.effects.some(({ dryRun }) => dryRun)
    ? {
        ...result,
        effects: result.effects.map((effect) =>
          effect.dryRun ? { ...effect, kind: 'sensitive-read' as const } : effect,
        ),
      }
    : result;

/** An effect speaks of the version that the cluster prefers, where it says nothing else. */
const withVersion = (
  { path: { version }, kind: { resource } }: ObjectRequest,
  result: CommandEffects,
): CommandEffects =>
  resource.versions[0] === version
    ? result
    : { ...result, effects: result.effects.map((effect) => (isWrite(effect) ? { ...effect, version } : effect)) };
