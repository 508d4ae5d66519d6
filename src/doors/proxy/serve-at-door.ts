// A request of somebody who is known, at the door of one cluster → read through, tried, observed, decided by the gate, or refused.

import type { Right } from '../../core/approval/people.ts';
import type { RefusalCode } from '../../core/model/refusal.ts';
import type { Identity } from '../identity.ts';
import type { UpstreamRequest } from '../upstream.ts';
import { type ArrivedWrite, arrivedWrite } from './arrived-write.ts';
import { dryRunOfDeletion } from './deletion-options.ts';
import type { ProxyDoor } from './door-of.ts';
import type { Exchange } from './exchange.ts';
import { passedHeaders, wantsUpgrade } from './headers.ts';
import { inCluster } from './in-cluster.ts';
import type { PassedStreams } from './passed-streams.ts';
import { BODY_STATUS, dropRest, readRequestBody } from './read-request-body.ts';
import { refusedReading } from './readable-first.ts';
import { type RequestTarget, writeTarget } from './request-target.ts';
import { routeOf } from './route.ts';
import { UNHEARD_WRITE } from './shadow.ts';

/** A request that has been read so far that its door is known. */
export interface DoorRequest {
  readonly exchange: Exchange;
  readonly door: ProxyDoor;
  readonly target: RequestTarget;
  readonly identity: Identity;
  /** Whether the token is by now still that of somebody with this right. */
  readonly mayStill: (right: Right) => boolean;
  readonly refuse: (status: number, code: RefusalCode, about: string) => Promise<void>;
  readonly gone: AbortSignal;
}

/** The first refusal counts; a body is read only of somebody who may send it. */
export async function serveAtDoor(asked: DoorRequest, streams: PassedStreams): Promise<void> {
  const { exchange, target, identity, mayStill, refuse } = asked;
  const { request } = exchange;
  const { method = '', headers } = request;
  const route = routeOf(method, target);
  if (route.kind === 'refused') return refuse(route.status, route.code, route.about);
  if (wantsUpgrade(headers)) return refuse(403, 'stream-refused', headers.upgrade ?? 'upgrade');
  const right = route.kind === 'write' || route.kind === 'dry-run' ? 'propose' : 'read';
  if (!identity.rights.includes(right)) return refuse(403, 'no-right', `${identity.proposer.id}, ${right}`);
  const read = await readRequestBody(request);
  if (!read.ok) return refuse(BODY_STATUS[read.why], 'body-refused', read.why).finally(() => dropRest(request));
  const { body } = read;
  const path = writeTarget(target);
  const passed = { method, path, headers: passedHeaders(headers), body: body.length === 0 ? null : body };
  if (route.kind === 'read' && body.length > 0) return refuse(400, 'body-refused', method);
  if (route.kind === 'read' || route.kind === 'self-review') return passRead(asked, streams, route.kind, passed);
  const tried = dryRunOfDeletion(method, target, headers['content-type'] ?? null, body);
  if (tried === 'two-ways') return refuse(400, 'path-refused', `${path}, dryRun`);
  const { resource } = route;
  const isTried = route.kind === 'dry-run' || tried !== null;
  if (isTried && resource.resource === 'secrets') return refuse(403, 'secret-read', path);
  if (isTried) return passDryRun(asked, streams, { ...passed, ...tried });
  const arrived = arrivedWrite(request, { target, resource, body, identity, mayStill: () => mayStill('propose') });
  return serveWrite(asked, streams, arrived, passed);
}

const passRead = (
  { exchange, door, identity, mayStill, gone }: DoorRequest,
  streams: PassedStreams,
  kind: 'read' | 'self-review',
  passed: UpstreamRequest,
): Promise<void> =>
  streams.pass(exchange, {
    kind,
    door,
    identity,
    mayGoOn: () => mayStill('read'),
    ask: () => door.upstream.read(passed, inCluster(identity), gone),
  });

const passDryRun = (
  { exchange, door, identity, gone }: DoorRequest,
  streams: PassedStreams,
  sent: UpstreamRequest,
): Promise<void> =>
  streams.pass(exchange, {
    kind: 'dry-run',
    door,
    identity,
    mayGoOn: () => true,
    ask: async () =>
      (await refusedReading(door.upstream, sent, inCluster(identity), gone)) ?? door.upstream.dryRun(sent, gone),
  });

/** Observed where it may be, else decided by the gate. `passed`: the write as it goes on. */
const serveWrite = async (
  { exchange, door, identity, gone }: DoorRequest,
  streams: PassedStreams,
  arrived: ArrivedWrite,
  passed: UpstreamRequest,
): Promise<void> => {
  const close = door.counts.open('held');
  try {
    const shadowed = (await door.shadow?.(arrived, passed, gone)) ?? { kind: 'enforced' };
    if (shadowed.kind === 'observed') {
      const { ask } = shadowed;
      const mayGoOn = () => true;
      return await streams.pass(exchange, { kind: 'write', door, identity, mayGoOn, ask, unheard: UNHEARD_WRITE });
    }
    const answer = shadowed.kind === 'answered' ? shadowed.answer : await door.write(arrived, gone);
    await exchange.say('write', answer);
  } finally {
    close();
  }
};
