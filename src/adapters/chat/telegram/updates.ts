// Reads Telegram's updates: who wrote where, and whether it is their own fresh word.
import { z } from 'zod';
import type { ChatUpdate } from '../../../ports/chat.ts';

const there = z.unknown().optional();

const message = z.object({
  date: z.int().nonnegative(),
  edit_date: z.int().nonnegative().optional(),
  chat: z.object({ id: z.int() }),
  from: z.object({ id: z.int(), is_bot: z.boolean() }).optional(),
  /** Anonymous admins, channels, and people who write in the name of a channel. */
  sender_chat: there,
  forward_origin: there,
  /** As older servers of the Bot API name it. */
  forward_date: there,
  is_automatic_forward: there,
  via_bot: there,
  sender_business_bot: there,
  /** Sent by the account without its owner: scheduled, away or greeting messages. */
  is_from_offline: there,
  text: z.string().optional(),
});
type Message = z.infer<typeof message>;

/** What is asked for: posts of a channel too, so that they get an answer that says why they do not count. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'channel_post', 'edited_channel_post'] as const;

const update = z.object({
  update_id: z.int().nonnegative(),
  message: there,
  edited_message: there,
  channel_post: there,
  edited_channel_post: there,
});

export const updateList = z.array(update);

/** The first that holds names the nature; the order is from the least to the most trusted. */
const natureOf = (
  { chat, edit_date, from, ...rest }: Message,
  kind: (typeof ALLOWED_UPDATES)[number],
  chats: ReadonlySet<string>,
): ChatUpdate['nature'] => {
  if (!chats.has(String(chat.id))) return 'other-chat';
  if (kind === 'edited_message' || kind === 'edited_channel_post' || edit_date !== undefined) return 'edited';
  if (from === undefined || rest.sender_chat !== undefined || kind === 'channel_post') return 'anonymous';
  if ([rest.forward_origin, rest.forward_date, rest.is_automatic_forward].some((mark) => mark !== undefined))
    return 'forwarded';
  const byProgram = [rest.via_bot, rest.sender_business_bot, rest.is_from_offline].some((mark) => mark !== undefined);
  return from.is_bot || byProgram ? 'bot' : 'message';
};

/**
 * One update in our words. What cannot be read still comes back, as a message from nobody in another chat: its id must be
 * counted, or it would be heard for ever.
 */
export function readUpdate(raw: z.infer<typeof update>, chats: ReadonlySet<string>): ChatUpdate {
  for (const kind of ALLOWED_UPDATES) {
    const parsed = message.safeParse(raw[kind]);
    if (!parsed.success) continue;
    const { data } = parsed;
    const nature = natureOf(data, kind, chats);
    const sender = nature === 'anonymous' ? undefined : data.from;
    return {
      id: raw.update_id,
      at: new Date((data.edit_date ?? data.date) * 1000).toISOString(),
      chat: String(data.chat.id),
      from: sender === undefined ? null : String(sender.id),
      nature,
      text: data.text ?? '',
    };
  }
  return { id: raw.update_id, at: new Date(0).toISOString(), chat: '', from: null, nature: 'other-chat', text: '' };
}
