// The HTTP door over a whole gate in memory, whose people may change while it runs; everyone's token is their id.
import { createHash } from 'node:crypto';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { People } from '../../src/core/approval/people.ts';
import type { LoginLink } from '../../src/core/approval/session.ts';
import type { DoorState } from '../../src/doors/http/app.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import type { LoginLinkFolder } from '../../src/ports/sessions.ts';
import { CAST, setStage } from './memory-gate.ts';

const hash = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

const PEOPLE: People = {
  people: CAST.people.map((person) => ({ ...person, tokens: [hash(person.id)] })),
  agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hash('healer')] }],
};

/** One-time links that a machine made, in memory. */
export const memoryLinks = (): LoginLinkFolder => {
  const links = new Map<string, LoginLink>();
  return {
    keep: async (link) => {
      links.set(link.id, link);
    },
    take: async (id) => {
      const link = links.get(id) ?? null;
      links.delete(id);
      return link;
    },
  };
};

export const openDoor = (
  streams: DoorState['streams'] = { perToken: 50, inAll: 1000 },
  change: Partial<Gate> = {},
  login: Partial<DoorState['login']> = {},
) => {
  const stage = setStage();
  let people = PEOPLE;
  const gate: Gate = {
    ...stage.gate,
    clock: systemClock,
    wakeSignal: createWakeSignal(systemClock),
    people: () => people,
    ...change,
  };
  const ending = new AbortController();
  const links = memoryLinks();
  const app = httpApp(gate, {
    version: '1.2.3',
    ready: async () => ({ ok: true }),
    metrics: async () => '',
    streams,
    ending: ending.signal,
    login: {
      hosts: ['gate.example.org'],
      links,
      oidc: null,
      demo: false,
      folder: '/nonexistent',
      ...login,
    },
  });
  const ask = (who: string, method: string, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${who}`);
    return app.request(path, { ...init, method, headers });
  };
  return {
    stage,
    gate,
    app,
    links,
    ask,
    /** From now on these are the people. */
    setPeople: (now: People): void => {
      people = now;
    },
    people: () => people,
    ending,
    /** The token of somebody counts no more: another hash stands in its place. */
    revoke: (who: string): void => {
      const without = <P extends { readonly id: string }>(one: P): P =>
        one.id === who ? { ...one, tokens: [hash(`new token of ${who}`)] } : one;
      people = { people: people.people.map(without), agents: people.agents.map(without) };
    },
    /** A line of the trail of at least so many bytes. */
    note: async (about: string): Promise<void> => {
      const entry = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'x', who: null, about } as const;
      await stage.store.trail.append(entry, stage.never);
      gate.wakeSignal.notify();
    },
  };
};
