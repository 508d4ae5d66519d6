// The chat where people are told and answer.
import type { AccountService } from '../core/approval/vote.ts';
import type { Channel } from '../core/model/channel.ts';
import type { CommandPrefix } from '../core/text/answer-doors.ts';

/** A button of a card that somebody pressed: what it carried. */
export interface ButtonPress {
  readonly decision: 'approve' | 'reject';
  readonly proposal: string;
  /** The first hex digits of the digest that the card was about. */
  readonly digits: string;
  /** What the card said when it was pressed, as the service shows it; absent: it does not say, or not as it was written. */
  readonly shown?: string;
}

/** An update as received; judging it (people, digests, quorum) is done above. */
export interface ChatUpdate {
  readonly id: number;
  /** What the service itself calls it, the same however often it comes; absent: its id. */
  readonly key?: string;
  /** RFC 3339 of the message. */
  readonly at: string;
  readonly chat: string;
  /** The account's id, which outlives a change of its name; null for anonymous admins and channels. */
  readonly from: string | null;
  /** `guest`: an account that is no full member of the workspace, or not any more. */
  readonly nature: 'message' | 'edited' | 'forwarded' | 'anonymous' | 'bot' | 'guest' | 'other-chat';
  readonly text: string;
  /** A button was pressed, and nothing written; absent: none. */
  readonly press?: ButtonPress;
  /** Where an answer to this alone goes, so that the others need not read it; absent: into the chat. */
  readonly replyTo?: string;
}

/** The one message of a proposal that waits for people, which is kept up to date. */
export interface ChatCard {
  /** Plain text, safe as it stands. */
  readonly text: string;
  /** null: nobody is asked (any more). */
  readonly buttons: {
    readonly proposal: string;
    readonly digits: string;
    readonly approve: string;
    readonly reject: string;
  } | null;
}

/** Where a card stands, by chat: the service's own name of the message. */
export type CardPlaces = Readonly<Record<string, string>>;

export interface Chat {
  /** The service whose accounts are mapped to people. */
  readonly channel: AccountService & Channel;
  /** Its name, as texts for people write it. */
  readonly brand: string;
  /** How a command begins there. */
  readonly commandPrefix: CommandPrefix;
  /** The name by which people address the gate ("blastgate_bot" in "/approve@blastgate_bot"). Throws AdapterError. */
  readName(signal: AbortSignal): Promise<string>;
  /**
   * Sends plain text to every configured chat. Throws AdapterError (retryAfterSeconds on 429) when one of them did not
   * get it; the others did, and a repeated send of the same text goes only where it has not arrived.
   */
  send(text: string, signal: AbortSignal): Promise<void>;
  /** Posts the card in every chat, as `send` does, and says where it stands. Throws AdapterError. */
  post(card: ChatCard, signal: AbortSignal): Promise<CardPlaces>;
  /** Makes the message what the card says now; one that is gone is left. Throws AdapterError. */
  edit(places: CardPlaces, card: ChatCard, signal: AbortSignal): Promise<void>;
  /** Answers in the chat where somebody asked, or to them alone. Throws AdapterError. */
  answer(chat: string, text: string, replyTo: string | null, signal: AbortSignal): Promise<void>;
  /** Long poll for updates with id ≥ `offset` (null: where the server stands); empty after the poll's time. */
  receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]>;
}
