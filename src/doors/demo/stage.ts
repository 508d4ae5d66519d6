// Where a story is played: the doors and peers as an outsider reaches them, each by its own API.
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { ProposalView } from '../proposal-view.ts';
import { expectOk, type GateAnswer, gateClient } from '../terminal/gate-client.ts';
import type { AGENT, PersonName } from './story.ts';

export type Speaker = PersonName | (typeof AGENT)['id'];

/** The addresses and secrets that a player needs. */
export interface Stage {
  readonly gateUrl: string;
  /** Bearer tokens of the gate. */
  readonly tokens: { readonly [S in Speaker]: string };
  readonly forge: { readonly apiUrl: string; readonly token: string; readonly owner: string; readonly repo: string };
  /** Of the sandbox Telegram, through which people speak as well. */
  readonly chatRoot: string;
  /** GET of a path of the Kubernetes API; throws unless the answer is 200. */
  readonly readCluster: (path: string) => Promise<unknown>;
}

/** A message of the gate's bot, oldest first. */
export interface BotMessage {
  readonly messageId: number;
  readonly text: string;
}

/** What somebody can do on a stage. */
export interface PeerClient {
  call(as: Speaker, method: 'GET' | 'POST', path: string, body?: Json): Promise<GateAnswer>;
  readProposal(id: string): Promise<ProposalView>;
  say(from: number, name: string, text: string): Promise<void>;
  heard(): Promise<readonly BotMessage[]>;
  readIssue(number: number): Promise<{ readonly title: string; readonly body: string }>;
}

const DEADLINE_MS = 10_000;

/** The body as JSON; throws with the status and the first words when it is no good answer. */
export async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

export function peerClient(stage: Stage): PeerClient {
  const clientOf = (as: Speaker) =>
    gateClient({ env: { BLASTGATE_URL: stage.gateUrl, BLASTGATE_TOKEN: stage.tokens[as] } });
  return {
    call: (as, method, path, body) => clientOf(as).call(method, path, body),
    readProposal: async (id) => asProposal(expectOk(await clientOf('ana').call('GET', `/proposals/${id}`))),
    say: async (from, name, text) => {
      const body = JSON.stringify({ from, name, text });
      await fetchJson(`${stage.chatRoot}/sandbox/say`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    },
    // as: the shape that the sandbox Telegram documents.
    heard: async () => (await fetchJson(`${stage.chatRoot}/sandbox/said`)) as readonly BotMessage[],
    readIssue: async (number) => {
      const { apiUrl, owner, repo, token } = stage.forge;
      const headers = { authorization: `token ${token}` };
      // as: an Issue of Gitea's API.
      return (await fetchJson(`${apiUrl}/repos/${owner}/${repo}/issues/${number}`, { headers })) as {
        readonly title: string;
        readonly body: string;
      };
    },
  };
}

/** The world enters: a proposal as the gate's API documents it. */
export function asProposal(body: JsonObject): ProposalView {
  return body as unknown as ProposalView;
}
