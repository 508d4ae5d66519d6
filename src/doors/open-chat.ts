// The chat that the settings name becomes the port where people are told and answer; the brand is named here.
import { TelegramChat } from '../adapters/chat/telegram/chat.ts';
import type { Chat } from '../ports/chat.ts';
import type { ChatSettings } from './settings.ts';

/** Nothing is sent yet. Throws an Error that names the setting that is wrong. */
export function openChat({ token, chatIds, apiRoot }: ChatSettings): Chat {
  return new TelegramChat({ token, chats: chatIds, apiRoot });
}
