// The chat that the settings name becomes the port where people are told and answer; the brands are named here.
import type { Chat } from '../ports/chat.ts';
import type { WebhookSource } from '../ports/webhook.ts';
import type { ChatSettings } from './settings/chats.ts';

/** A chat, and where it sends by itself; absent: it is polled, or listened to by a connection of the gate's. */
export type OpenedChat = Chat & {
  readonly hook?: WebhookSource;
  /** What it may not do and should, and what to do about it; null: nothing. Throws AdapterError. */
  lacks?(signal: AbortSignal): Promise<string | null>;
};

/** Nothing is sent yet; `warn` hears once what the operator should set right; the code of one chat alone is loaded. Throws an Error that names the setting that is wrong. */
export async function openChat(settings: ChatSettings, warn: (what: string) => void = () => {}): Promise<OpenedChat> {
  switch (settings.channel) {
    case 'telegram': {
      const { TelegramChat } = await import('../adapters/chat/telegram/chat.ts');
      return new TelegramChat(settings);
    }
    case 'slack': {
      const { SlackChat } = await import('../adapters/chat/slack/chat.ts');
      return new SlackChat({ ...settings, warn });
    }
    default:
      return settings satisfies never;
  }
}
