// The chat on Slack: our verbs.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { CardPlaces, Chat, ChatCard, ChatUpdate } from '../../../ports/chat.ts';
import type { Secret } from '../../../ports/secret.ts';
import type { WebhookSource } from '../../../ports/webhook.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createUpdateQueue } from '../update-queue.ts';
import { cardMessage, type SlackMessage, textMessage } from './blocks.ts';
import { readCommand, readInteraction, type SlackHome } from './payloads.ts';
import { type Hear, slackHook } from './signed-hook.ts';
import { type SlackSocket, slackSocket } from './socket.ts';
import { askSlack } from './web-api.ts';

export interface SlackOptions {
  /** SLACK_API_URL; https://slack.com/api when left out. */
  readonly apiUrl?: string;
  readonly token: Secret;
  /** SLACK_CHANNEL: IDs of the channels that are told, and in which votes count. */
  readonly chats: readonly string[];
  readonly hears:
    | { readonly kind: 'socket'; readonly appToken: Secret }
    | { readonly kind: 'http'; readonly signingSecret: Secret };
  /** How long a poll waits for something; 25 s when left out. */
  readonly pollSeconds?: number;
}

const tested = z.looseObject({
  user: z.string().min(1),
  team_id: z.string().min(1),
  enterprise_id: z.string().nullish(),
});
const posted = z.looseObject({ channel: z.string().min(1), ts: z.string().min(1) });

/** It says that already, or nobody can change it any more: the next news tells it all the same. */
const NO_EDIT = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'no_text']);
/** Unfinished sends that are remembered, so that a repeated send goes only where it has not arrived. */
const REMEMBERED = 500;

export class SlackChat implements Chat {
  readonly channel = 'slack';
  readonly brand = 'Slack';
  readonly commandPrefix = '/blastgate ';
  readonly hook?: WebhookSource;
  readonly #apiUrl: string;
  readonly #token: Secret;
  readonly #channels: ReadonlySet<string>;
  readonly #pollMs: number;
  readonly #queue = createUpdateQueue(Date.now());
  readonly #socket: SlackSocket | null;
  #home: SlackHome | null = null;
  /** The signal that closes the socket: each poll brings the same. */
  #endsWith: AbortSignal | null = null;
  readonly #unfinished = new Map<string, Map<string, string>>();

  /** Throws an Error that names the setting that is wrong. */
  constructor({ apiUrl, token, chats, hears, pollSeconds }: SlackOptions) {
    if (!/^[\x21-\x7e]+$/.test(token.reveal()))
      throw new Error('SLACK_BOT_TOKEN is not a token: it begins with xoxb-.');
    if (chats.length === 0) throw new Error('SLACK_CHANNEL names no channel.');
    this.#apiUrl = readPeerUrl('SLACK_API_URL', apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '');
    this.#token = token;
    this.#channels = new Set(chats);
    this.#pollMs = (pollSeconds ?? 25) * 1000;
    const hear: Hear = (kind, payload) => this.#hear(kind, payload);
    this.#socket = hears.kind === 'socket' ? slackSocket({ apiUrl: this.#apiUrl, token: hears.appToken }, hear) : null;
    if (hears.kind === 'http') this.hook = slackHook(hears.signingSecret, hear, () => Date.now());
  }

  async readName(signal: AbortSignal): Promise<string> {
    const { user, team_id: team, enterprise_id: enterprise } = await this.#ask('auth.test', {}, tested, signal);
    this.#home = { team, enterprise: enterprise ?? null, channels: this.#channels };
    return user;
  }

  async send(text: string, signal: AbortSignal): Promise<void> {
    await this.#inEach(text, textMessage(text), signal);
  }

  async post(card: ChatCard, signal: AbortSignal): Promise<CardPlaces> {
    return this.#inEach(`card ${card.text}`, cardMessage(card), signal);
  }

  async edit(places: CardPlaces, card: ChatCard, signal: AbortSignal): Promise<void> {
    const failures: AdapterError[] = [];
    for (const [channel, ts] of Object.entries(places)) {
      try {
        await this.#ask('chat.update', { channel, ts, ...cardMessage(card) }, posted, signal);
      } catch (thrown) {
        if (!(thrown instanceof AdapterError)) throw thrown;
        if (!NO_EDIT.has(thrown.reason ?? '')) failures.push(thrown);
      }
    }
    // The others are edited all the same; one that may work later is worth another try.
    const worst = failures.find(({ kind, status }) => kind !== 'refused' || status === 429) ?? failures[0];
    if (worst !== undefined) throw worst;
  }

  async answer(chat: string, text: string, replyTo: string | null, signal: AbortSignal): Promise<void> {
    const message = { channel: chat, ...textMessage(text) };
    if (replyTo === null) await this.#ask('chat.postMessage', { ...message, ...SILENT }, z.unknown(), signal);
    else await this.#ask('chat.postEphemeral', { ...message, user: replyTo }, z.unknown(), signal);
  }

  async receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]> {
    if (this.#home === null) await this.readName(signal);
    if (this.#socket !== null && !signal.aborted) {
      await this.#socket.ensure(signal);
      if (this.#endsWith !== signal) signal.addEventListener('abort', () => this.#socket?.close(), { once: true });
      this.#endsWith = signal;
    }
    return this.#queue.receive(offset, this.#pollMs, signal);
  }

  /** null: nothing that the gate hears. */
  #hear(kind: Parameters<Hear>[0], payload: unknown): Promise<boolean> | null {
    const home = this.#home;
    if (home === null) return null;
    const read = kind === 'interactive' ? readInteraction : readCommand;
    const update = read(payload, home, Date.now(), null);
    return update === null ? null : this.#queue.put(update);
  }

  /** Where it stands, by channel. Throws AdapterError when one of them did not get it; the others did. */
  async #inEach(key: string, message: SlackMessage, signal: AbortSignal): Promise<CardPlaces> {
    const arrived = this.#unfinished.get(key) ?? new Map<string, string>();
    try {
      for (const channel of this.#channels) {
        if (arrived.has(channel)) continue;
        const { ts } = await this.#ask('chat.postMessage', { channel, ...message, ...SILENT }, posted, signal);
        arrived.set(channel, ts);
      }
      this.#unfinished.delete(key);
      return Object.fromEntries(arrived);
    } catch (thrown) {
      this.#unfinished.set(key, arrived);
      const [oldest] = this.#unfinished.keys();
      if (this.#unfinished.size > REMEMBERED && oldest !== undefined) this.#unfinished.delete(oldest);
      throw thrown;
    }
  }

  #ask<S extends z.ZodType>(method: string, body: object, shape: S, signal: AbortSignal): Promise<z.infer<S>> {
    return askSlack({ apiUrl: this.#apiUrl, token: this.#token }, method, body, shape, signal);
  }
}

/** Nothing in it is looked up, linked or shown as a picture. */
const SILENT = { unfurl_links: false, unfurl_media: false, parse: 'none', link_names: false } as const;
