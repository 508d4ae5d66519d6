// Reads Telegram's updates: who wrote where, and whether it is their own fresh word.
import { z } from 'zod';
import type { ButtonPress, ChatUpdate } from '../../../ports/chat.ts';

/** The Bot API's server counts updates in 32 bits; a larger id would move the cursor beyond every update to come. */
export const MAX_UPDATE_ID = 2 ** 31 - 1;
/** The last second of the year 9999: what is later has no RFC 3339. */
const MAX_DATE = 253_402_300_799;

const there = z.unknown().optional();
const date = z.int().nonnegative().max(MAX_DATE);

const message = z.looseObject({
  date,
  edit_date: date.optional(),
  chat: z.object({ id: z.int() }),
  from: z.object({ id: z.int(), is_bot: z.boolean() }).optional(),
  /** Anonymous admins, channels, and people who write in the name of a channel. */
  sender_chat: there,
  is_automatic_forward: there,
  via_bot: there,
  sender_business_bot: there,
  /** Sent by the account without its owner: scheduled, away or greeting messages. */
  is_from_offline: there,
  text: z.string().optional(),
});
type Message = z.infer<typeof message>;

/** What is asked for: posts of a channel too, so that they get an answer that says why they do not count. */
export const ALLOWED_UPDATES = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'callback_query',
] as const;
const WRITTEN = ALLOWED_UPDATES.slice(0, -1) as readonly Exclude<(typeof ALLOWED_UPDATES)[number], 'callback_query'>[];

const update = z.object({
  update_id: z.int().nonnegative().max(MAX_UPDATE_ID),
  message: there,
  edited_message: there,
  channel_post: there,
  edited_channel_post: there,
  callback_query: there,
});

/** A button was pressed: by whom is told, also where a group hides its admins. */
const callback = z.object({
  id: z.string().min(1).max(64),
  from: z.object({ id: z.int(), is_bot: z.boolean() }),
  /** Without its text where the bot cannot read it any more. */
  message: z.object({ chat: z.object({ id: z.int() }), text: z.string().optional() }).optional(),
  data: z.string().max(64).optional(),
});

const PRESS = /^([ar]) (\S{1,40}) ([0-9a-f]{6,64})$/;

/** At most 64 bytes (Bot API, InlineKeyboardButton). */
export function pressData({ decision, proposal, digits }: Omit<ButtonPress, 'shown'>): string {
  return `${decision.slice(0, 1)} ${proposal} ${digits}`;
}

const readPress = (data: string): ButtonPress | null => {
  const [, decision, proposal = '', digits = ''] = PRESS.exec(data) ?? [];
  return decision === undefined ? null : { decision: decision === 'a' ? 'approve' : 'reject', proposal, digits };
};

/** `now`: presses carry no time of their own. */
const convertPress = (id: number, raw: unknown, chats: ReadonlySet<string>, now: number): ChatUpdate | null => {
  const parsed = callback.safeParse(raw);
  if (!parsed.success) return null;
  const { from, message: about, data = '', id: query } = parsed.data;
  const press = readPress(data);
  const chat = String(about?.chat.id ?? '');
  if (press === null) return null;
  return {
    id,
    key: `callback ${query}`,
    at: new Date(now).toISOString(),
    chat,
    from: String(from.id),
    nature: !chats.has(chat) ? 'other-chat' : from.is_bot ? 'bot' : 'message',
    text: '',
    press: about?.text === undefined ? press : { ...press, shown: about.text },
    replyTo: query,
  };
};

/** `forward_origin`, and every mark of older servers (`forward_from`, `forward_sender_name`, `forward_date`, …), alone too. */
const isForwarded = (data: Message): boolean =>
  data.is_automatic_forward !== undefined ||
  Object.entries(data).some(([key, value]) => key.startsWith('forward_') && value !== undefined);

/** The first that holds names the nature; the order is from the least to the most trusted. */
const natureOf = (data: Message, kind: (typeof WRITTEN)[number], chats: ReadonlySet<string>): ChatUpdate['nature'] => {
  const { chat, edit_date, from } = data;
  if (!chats.has(String(chat.id))) return 'other-chat';
  if (kind === 'edited_message' || kind === 'edited_channel_post' || edit_date !== undefined) return 'edited';
  if (from === undefined || data.sender_chat !== undefined || kind === 'channel_post') return 'anonymous';
  if (isForwarded(data)) return 'forwarded';
  const byProgram = [data.via_bot, data.sender_business_bot, data.is_from_offline].some((mark) => mark !== undefined);
  return from.is_bot || byProgram ? 'bot' : 'message';
};

const convert = (raw: z.infer<typeof update>, chats: ReadonlySet<string>, now: number): ChatUpdate | null => {
  const pressed = convertPress(raw.update_id, raw.callback_query, chats, now);
  if (pressed !== null) return pressed;
  for (const kind of WRITTEN) {
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
  return null;
};

/**
 * One update in our words. What cannot be read still comes back, as a message from nobody in another chat: its id must be
 * counted, or it would be heard for ever. null: it has no id that can be counted.
 */
export function readUpdate(raw: unknown, chats: ReadonlySet<string>, now: number = Date.now()): ChatUpdate | null {
  const known = update.safeParse(raw);
  if (!known.success) return null;
  const id = known.data.update_id;
  const unreadable = {
    id,
    at: new Date(0).toISOString(),
    chat: '',
    from: null,
    nature: 'other-chat',
    text: '',
  } as const;
  try {
    return convert(known.data, chats, now) ?? unreadable;
  } catch {
    return unreadable;
  }
}

/** Each update by itself, in the order of their ids. null: no list of updates, or a list in which none can be counted. */
export function readUpdates(answer: unknown, chats: ReadonlySet<string>): readonly ChatUpdate[] | null {
  if (!Array.isArray(answer)) return null;
  const updates = answer.flatMap((raw: unknown) => readUpdate(raw, chats) ?? []);
  return answer.length > 0 && updates.length === 0 ? null : updates.toSorted((a, b) => a.id - b.id);
}
