// The chat where people are told and answer.
import type { AccountService } from '../core/approval/vote.ts';
import type { Channel } from '../core/model/channel.ts';

/** An update as received; judging it (people, digests, quorum) is done above. */
export interface ChatUpdate {
  readonly id: number;
  /** RFC 3339 of the message. */
  readonly at: string;
  readonly chat: string;
  /** Numeric account id; null for anonymous admins and channels. */
  readonly from: string | null;
  readonly nature: 'message' | 'edited' | 'forwarded' | 'anonymous' | 'bot' | 'other-chat';
  readonly text: string;
}

export interface Chat {
  /** The service whose accounts are mapped to people. */
  readonly channel: AccountService & Channel;
  /** Its name, as texts for people write it. */
  readonly brand: string;
  /** The name by which people address the gate ("blastgate_bot" in "/approve@blastgate_bot"). Throws AdapterError. */
  readName(signal: AbortSignal): Promise<string>;
  /**
   * Sends plain text to every configured chat. Throws AdapterError (retryAfterSeconds on 429) when one of them did not
   * get it; the others did, and a repeated send of the same text goes only where it has not arrived.
   */
  send(text: string, signal: AbortSignal): Promise<void>;
  /** Answers in the chat where somebody asked. Throws AdapterError. */
  answer(chat: string, text: string, signal: AbortSignal): Promise<void>;
  /** Long poll for updates with id ≥ `offset` (null: where the server stands); empty after the poll's time. */
  receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]>;
}
