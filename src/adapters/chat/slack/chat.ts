// The chat on Slack: our verbs.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { CardPlaces, Chat, ChatCard, ChatUpdate } from '../../../ports/chat.ts';
import type { Secret } from '../../../ports/secret.ts';
import type { WebhookSource } from '../../../ports/webhook.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createUpdateQueue } from '../update-queue.ts';
import { createAccounts, type Membership, member } from './accounts.ts';
import { cardMessage, type SlackMessage, textMessage } from './blocks.ts';
import { type Heard, readCommand, readInteraction, type SlackHome } from './payloads.ts';
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
  /** Hears once what the operator should set right; absent: nobody does. */
  readonly warn?: (what: string) => void;
}

const tested = z.looseObject({
  user: z.string().min(1),
  user_id: z.string().min(1),
  team_id: z.string().min(1),
  enterprise_id: z.string().nullish(),
});
const posted = z.looseObject({ channel: z.string().min(1), ts: z.string().min(1) });

/** It says that already, or nobody can change it any more: the next news tells it all the same. */
const NO_EDIT = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'no_text']);
/** An answer to whoever pressed must come within three seconds. */
const MEMBER_WITHIN_MS = 2000;
const NO_USERS_READ =
  'the Slack app lacks the scope users:read, so that guests and closed accounts of people.yaml are not turned away: install it again from deploy/slack-manifest.yaml';
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
  readonly #accounts = createAccounts(
    (user, signal) => this.#ask('users.info', new URLSearchParams({ user }), member, signal),
    () => Date.now(),
  );
  /** null: it was said. */
  #warn: ((what: string) => void) | null;
  readonly #socket: SlackSocket | null;
  #home: SlackHome | null = null;
  /** The signal that closes the socket: each poll brings the same. */
  #endsWith: AbortSignal | null = null;
  readonly #unfinished = new Map<string, Map<string, string>>();

  /** Throws an Error that names the setting that is wrong. */
  constructor({ apiUrl, token, chats, hears, pollSeconds, warn }: SlackOptions) {
    if (!/^[\x21-\x7e]+$/.test(token.reveal()))
      throw new Error('SLACK_BOT_TOKEN is not a token: it begins with xoxb-.');
    if (chats.length === 0) throw new Error('SLACK_CHANNEL names no channel.');
    this.#apiUrl = readPeerUrl('SLACK_API_URL', apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '');
    this.#token = token;
    this.#channels = new Set(chats);
    this.#pollMs = (pollSeconds ?? 25) * 1000;
    this.#warn = warn ?? null;
    const hear: Hear = (kind, payload, sent) => this.#hear(kind, payload, sent);
    const server = (secret: Secret) => ({ apiUrl: this.#apiUrl, token: secret });
    this.#socket =
      hears.kind === 'socket' ? slackSocket(server(hears.appToken), hear, () => this.#queue.nudge()) : null;
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
    return this.#inEach(`card ${card.buttons?.proposal ?? card.text}`, cardMessage(card), signal);
  }

  async edit(places: CardPlaces, card: ChatCard, signal: AbortSignal): Promise<void> {
    const failures: AdapterError[] = [];
    for (const [channel, ts] of Object.entries(places)) {
      try {
        await this.#ask('chat.update', { channel, ts, ...cardMessage(card), ...LITERAL }, posted, signal);
      } catch (thrown) {
        if (!(thrown instanceof AdapterError)) throw thrown;
        if (!NO_EDIT.has(thrown.reason ?? '')) failures.push(thrown);
      }
    }
    if (failures.length > 0) throw worstOf(failures);
  }

  async answer(chat: string, text: string, replyTo: string | null, signal: AbortSignal): Promise<void> {
    const message = { channel: chat, ...textMessage(text) };
    if (replyTo === null) await this.#ask('chat.postMessage', { ...message, ...SILENT }, z.unknown(), signal);
    else await this.#ask('chat.postEphemeral', { ...message, user: replyTo }, z.unknown(), signal);
  }

  async receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]> {
    if (this.#home === null) await this.readName(signal);
    const socket = this.#socket;
    if (socket === null || signal.aborted) return this.#queue.receive(offset, this.#pollMs, signal);
    if (this.#endsWith !== signal) signal.addEventListener('abort', () => socket.close(), { once: true });
    this.#endsWith = signal;
    await socket.ensure(signal);
    const heard = await this.#queue.receive(offset, this.#pollMs, signal);
    if (heard.length > 0 || socket.isOpen()) return heard;
    // The line was lost while nothing came: another is opened at once, and only one, lest Slack be asked without a pause.
    await socket.ensure(signal);
    return this.#queue.receive(offset, this.#pollMs, signal);
  }

  /** What the app may not do and should, and what to do about it; null: nothing. Throws AdapterError. */
  async lacks(signal: AbortSignal): Promise<string | null> {
    const { user_id: self, ...told } = await this.#ask('auth.test', {}, tested, signal);
    const home = { team: told.team_id, enterprise: told.enterprise_id ?? null };
    return (await this.#accounts(self, home, signal)) === null ? NO_USERS_READ : null;
  }

  /** null: nothing that the gate hears. */
  #hear(kind: Parameters<Hear>[0], payload: unknown, sent: number): Promise<boolean> | null {
    const home = this.#home;
    if (home === null) return null;
    const read = kind === 'interactive' ? readInteraction : readCommand;
    const update = read(payload, home, sent);
    return update === null ? null : this.#admit(update, home);
  }

  /** Where Slack does not say who it is, nothing is heard: it sends the same again, or whoever pressed sees that it failed. */
  async #admit(update: Heard, home: SlackHome): Promise<boolean> {
    if (update.nature !== 'message' || update.from === null) return this.#queue.put(update);
    let membership: Membership;
    try {
      membership = await this.#accounts(update.from, home, AbortSignal.timeout(MEMBER_WITHIN_MS));
    } catch (thrown) {
      if (thrown instanceof AdapterError) return false;
      throw thrown;
    }
    if (membership === null) {
      this.#warn?.(NO_USERS_READ);
      this.#warn = null;
    }
    return this.#queue.put({ ...update, nature: membership ?? 'message' });
  }

  /** Where it stands, by channel. Throws AdapterError when one of them did not get it; the others did. */
  async #inEach(key: string, message: SlackMessage, signal: AbortSignal): Promise<CardPlaces> {
    const arrived = this.#unfinished.get(key) ?? new Map<string, string>();
    const failures: AdapterError[] = [];
    for (const channel of this.#channels) {
      if (arrived.has(channel)) continue;
      try {
        const { ts } = await this.#ask('chat.postMessage', { channel, ...message, ...SILENT }, posted, signal);
        arrived.set(channel, ts);
      } catch (thrown) {
        if (!(thrown instanceof AdapterError)) throw thrown;
        failures.push(thrown);
      }
    }
    this.#unfinished.delete(key);
    if (failures.length === 0) return Object.fromEntries(arrived);
    this.#unfinished.set(key, arrived);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > REMEMBERED && oldest !== undefined) this.#unfinished.delete(oldest);
    throw worstOf(failures);
  }

  #ask<S extends z.ZodType>(
    method: string,
    body: object | URLSearchParams,
    shape: S,
    signal: AbortSignal,
  ): Promise<z.infer<S>> {
    return askSlack({ apiUrl: this.#apiUrl, token: this.#token }, method, body, shape, signal);
  }
}

/** One that may work later is worth another try. */
const worstOf = (failures: readonly AdapterError[]): AdapterError => {
  const worst = failures.find(({ kind, status }) => kind !== 'refused' || status === 429) ?? failures[0];
  if (worst === undefined) throw new Error('nothing failed (this is a bug)');
  return worst;
};

/** Names in it are not looked up, addresses not linked; nothing is shown as a picture. */
const LITERAL = { parse: 'none', link_names: false } as const;
const SILENT = { ...LITERAL, unfurl_links: false, unfurl_media: false } as const;
