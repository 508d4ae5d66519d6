// A client of the real gate that outlives its death: asks again until it was heard, brings a dead gate back.
import { setTimeout as pause } from 'node:timers/promises';
import { GateDied, type GateProcess } from './gate-process.ts';

const PATIENCE_MS = 180_000;

/** What the HTTP door says of a proposal, as far as these tests read it. */
export interface Seen {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly code?: string | null;
  readonly refusals?: unknown;
  readonly events: readonly { readonly seq: number }[];
  /** Why it did not go on; null: it did. */
  readonly refusal?: unknown;
}

type Body = { readonly [field: string]: unknown };

/** `next` starts the gate again after its death; with an incident only its proposals are seen. */
export const clientOf = (
  gate: Pick<GateProcess, 'ask' | 'gone' | 'noise'>,
  next: () => Promise<void>,
  incident: string | null = null,
) => {
  const list = incident === null ? '/proposals' : `/proposals?incident=${incident}`;
  const insist = async <T>(act: () => Promise<T>): Promise<T> => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof GateDied)) throw error;
        await gate.gone();
        await next();
      }
    }
    throw new Error(`no answer in time; the gate last said:\n${gate.noise().slice(-4000)}`);
  };

  const proposals = async (): Promise<readonly Seen[]> => {
    const { json } = await gate.ask('GET', list, 'ana');
    return (json as { readonly proposals: readonly Seen[] }).proposals;
  };

  /** The proposal that the case is about: the first of its incident. */
  const seen = (): Promise<Seen> =>
    insist(async () => {
      const oldest = (await proposals()).at(-1);
      if (oldest === undefined) throw new Error('the proposal is lost');
      const { json } = await gate.ask('GET', `/proposals/${oldest.id}`, 'ana');
      return json as Seen;
    });

  /** As a careful client does: before it asks again, it looks whether it was heard. */
  const post = (body: Body, known: number): Promise<void> =>
    insist(async () => {
      if ((await proposals()).length > known) return;
      const { status, json } = await gate.ask('POST', '/proposals', 'healer', body);
      if (status !== 201 && status !== 200)
        throw new Error(`${JSON.stringify(body)}: ${status} ${JSON.stringify(json)}`);
    });

  const until = async (fits: (state: string) => boolean): Promise<Seen> => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const one = await seen();
      if (fits(one.state)) return one;
      await pause(25);
    }
    const { state } = await seen();
    throw new Error(`it stays ${state}; the gate last said:\n${gate.noise().slice(-4000)}`);
  };

  const vote = async (who: string, decision: 'approve' | 'reject'): Promise<void> => {
    const { id, digest } = await seen();
    await insist(async () => {
      const { status, json } = await gate.ask('POST', `/proposals/${id}/votes`, who, { decision, digest });
      const code = (json as { readonly code?: string }).code;
      if (status >= 300 && code !== 'already-voted' && code !== 'not-open')
        throw new Error(`vote of ${who}: ${status} ${JSON.stringify(json)}`);
    });
  };

  const takeBack = async (who: string): Promise<void> => {
    const { id } = await seen();
    await insist(async () => {
      const { status, json } = await gate.ask('DELETE', `/proposals/${id}/votes`, who);
      if (status >= 300 && (json as { readonly code?: string }).code !== 'no-own-vote')
        throw new Error(`${who} takes the vote back: ${status} ${JSON.stringify(json)}`);
    });
  };

  return { insist, seen, post, until, vote, takeBack };
};
