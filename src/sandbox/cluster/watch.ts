// Watches: what has changed since a resourceVersion, then what changes, then bookmarks, until the time is up.
// A watch sees selectors as they change: an object that stops matching is DELETED to it. It never misses or repeats.
import { toServed } from './conversion.ts';
import { askedVersion, selected, selectorOf } from './list.ts';
import type { KubeObject } from './model.ts';
import { representEvent } from './representation.ts';
import type { Answer, ApiRequest, Stream } from './request.ts';
import { expired } from './status-error.ts';
import type { Change } from './storage.ts';
import type { World } from './world.ts';

/** How often a quiet watch that allows bookmarks gets one, in milliseconds. */
const BOOKMARK_EVERY = 10_000;
const LONGEST_WATCH = 30 * 60;

/** Answers a watch as a stream of events; a version that is forgotten is one ERROR event with 410 in it. */
export function answerWatch(world: World, request: ApiRequest): Answer {
  const { query } = request.http;
  const matches = selectorOf(request);
  const asked = askedVersion(world, request);
  const initial = query.get('sendInitialEvents') === 'true' || asked === null || asked === 0;
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  return {
    type: 'stream',
    open: (stream) => {
      const send = eventSender(world, request, stream);
      const backlog = initial ? [] : world.storage.since(asked);
      if (backlog === null) {
        const error = expired(`too old resource version: ${asked} (${world.storage.version})`);
        stream.send({ type: 'ERROR', object: error.body });
        stream.end();
        return () => undefined;
      }
      if (initial) for (const object of selected(world, request)) send('ADDED', object);
      if (query.get('sendInitialEvents') === 'true') stream.send(bookmark(world, request, 'initial'));
      const show = (change: Change): void => {
        const event = seen(change, request, matches);
        if (event !== null) send(event.type, event.object);
      };
      for (const change of backlog) show(change);
      return follow(world, request, stream, show, bookmarks);
    },
  };
}

function follow(
  world: World,
  request: ApiRequest,
  stream: Stream,
  show: (change: Change) => void,
  bookmarks: boolean,
): () => void {
  const seconds = Number(request.http.query.get('timeoutSeconds') ?? 0);
  const unlisten = world.storage.listen(show);
  const remind = (): void => stream.send(bookmark(world, request, 'plain'));
  let cancelReminder = (): void => undefined;
  const arm = (): void => {
    cancelReminder = world.clock.after(BOOKMARK_EVERY, () => {
      remind();
      arm();
    });
  };
  if (bookmarks) arm();
  const limit = Math.min(seconds > 0 ? seconds : LONGEST_WATCH, LONGEST_WATCH) * 1000;
  const cancelEnd = world.clock.after(limit, () => {
    if (bookmarks) remind();
    stream.end();
  });
  return () => {
    unlisten();
    cancelReminder();
    cancelEnd();
  };
}

function eventSender(world: World, request: ApiRequest, stream: Stream): (type: string, object: KubeObject) => void {
  let first = true;
  return (type, object) => {
    stream.send({ type, object: representEvent(world, request, toServed(request, object), first ? 'first' : 'later') });
    first = false;
  };
}

/** A change as this watch sees it, or null when it concerns nothing that the watch asks for. */
function seen(
  change: Change,
  request: ApiRequest,
  matches: (object: KubeObject) => boolean,
): { readonly type: string; readonly object: KubeObject } | null {
  if (change.kind !== request.kind) return null;
  if (request.namespace !== null && change.object.metadata.namespace !== request.namespace) return null;
  const now = change.type !== 'DELETED' && matches(change.object);
  const before = change.previous !== null && matches(change.previous);
  if (!now && !before) return null;
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  const last = change.previous ?? change.object;
  const metadata = { ...last.metadata, resourceVersion: String(change.version) };
  return { type: 'DELETED', object: { ...last, metadata } };
}

function bookmark(world: World, request: ApiRequest, purpose: 'plain' | 'initial'): unknown {
  const metadata = {
    resourceVersion: String(world.storage.version),
    ...(purpose === 'initial' ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    creationTimestamp: null,
  };
  return { type: 'BOOKMARK', object: { kind: request.kind.kind, apiVersion: request.apiVersion, metadata } };
}
