// What Slack sends of a pressed button or of /blastgate → an update: who, in which channel of which workspace, what.

import { z } from 'zod';
import type { ButtonPress, ChatUpdate } from '../../../ports/chat.ts';
import { jsonOf } from '../../answer-text.ts';
import type { SlackWorkspace } from './accounts.ts';

/** Who the app is: accounts of other workspaces (Slack Connect) are strangers. */
export interface SlackHome extends SlackWorkspace {
  readonly channels: ReadonlySet<string>;
}

/** As the gate hears it; `key` is the same however often Slack sends it. */
export type Heard = Omit<ChatUpdate, 'id'> & { readonly key: string };

const interaction = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string().optional(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  channel: z.object({ id: z.string() }).nullish(),
  actions: z
    .array(
      z.object({ action_id: z.string(), value: z.string().max(2000).optional(), action_ts: z.string().optional() }),
    )
    .min(1),
});

const command = z.object({
  command: z.string(),
  text: z.string().max(10_000).default(''),
  user_id: z.string(),
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  channel_id: z.string(),
  trigger_id: z.string().optional(),
});

const carried = z.object({ proposal: z.string().min(1).max(64), digits: z.string().regex(/^[0-9a-f]{6,64}$/) });

const pressOf = ({
  action_id,
  value = '',
}: {
  readonly action_id: string;
  readonly value?: string | undefined;
}): ButtonPress | null => {
  if (action_id !== 'approve' && action_id !== 'reject') return null;
  const read = carried.safeParse(jsonOf(value));
  return read.success ? { decision: action_id, ...read.data } : null;
};

/** A stranger's account could bear the ID of one of ours in another workspace; whose workspace is not told is a stranger. */
const natureOf = (home: SlackHome, team: string | undefined, channel: string): ChatUpdate['nature'] => {
  const isOurs = team === home.team || (home.enterprise !== null && team === home.enterprise);
  return isOurs && home.channels.has(channel) ? 'message' : 'other-chat';
};

/** When it was pressed, by Slack's clock, in milliseconds; never later than it was sent. */
const pressedAt = (stamp: string | undefined, sent: number): number =>
  Math.min(sent, /^\d{10}(?:\.\d{1,6})?$/.test(stamp ?? '') ? Number(stamp) * 1000 : sent);

/** null: nothing that the gate hears. `sent`: when Slack sent it, in milliseconds. */
export function readInteraction(raw: unknown, home: SlackHome, sent: number): Heard | null {
  const read = interaction.safeParse(raw);
  if (!read.success) return null;
  const { user, channel, actions, trigger_id: trigger } = read.data;
  const [action] = actions;
  const press = action === undefined ? null : pressOf(action);
  if (press === null) return null;
  const where = channel?.id ?? '';
  return {
    key: `press ${trigger ?? `${user.id} ${action?.action_ts ?? sent}`}`,
    at: new Date(pressedAt(action?.action_ts, sent)).toISOString(),
    chat: where,
    from: user.id,
    nature: natureOf(home, user.team_id, where),
    text: '',
    press,
    replyTo: user.id,
  };
}

/** `/blastgate approve INC …` is read as `/approve INC …` in the chat. `sent`: when Slack sent it, in milliseconds. */
export function readCommand(raw: unknown, home: SlackHome, sent: number): Heard | null {
  const read = command.safeParse(raw);
  if (!read.success) return null;
  const { text, user_id: user, team_id: team, channel_id: channel, trigger_id: trigger } = read.data;
  const words = unescaped(text).trim();
  return {
    key: `command ${trigger ?? `${user} ${sent}`}`,
    at: new Date(sent).toISOString(),
    chat: channel,
    from: user,
    nature: natureOf(home, team, channel),
    text: `/${words === '' ? 'help' : words.replace(/^\//, '')}`,
    replyTo: user,
  };
}

/** Slack escapes what people type. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
