// The settings of the chats → those where people are told and answer.
import { Secret } from '../../ports/secret.ts';
import { checkUrl } from './addresses.ts';
import type { ReadVariable } from './environment.ts';

/** A chat where people are told and answer. */
export type ChatSettings =
  /** `webhook`: where Telegram sends, and the secret that proves it; null: the gate polls. */
  | {
      readonly channel: 'telegram';
      readonly token: Secret;
      readonly chats: readonly string[];
      readonly apiRoot: string;
      readonly webhook: { readonly url: string; readonly secret: Secret } | null;
    }
  /** `hears`: by a connection of the gate's own (socket mode), or at /hooks/slack. */
  | {
      readonly channel: 'slack';
      readonly token: Secret;
      readonly chats: readonly string[];
      readonly apiUrl: string;
      readonly hears:
        | { readonly kind: 'socket'; readonly appToken: Secret }
        | { readonly kind: 'http'; readonly signingSecret: Secret };
    };

/** Every chat that is set; none: people hear nothing by themselves. */
export function readChats(read: ReadVariable, problems: string[]): readonly ChatSettings[] {
  return [readTelegram(read, problems), readSlack(read, problems)].filter((one) => one !== null);
}

const readTelegram = (read: ReadVariable, problems: string[]): ChatSettings | null => {
  const [token, chats] = [read('TELEGRAM_BOT_TOKEN'), read('TELEGRAM_CHAT_ID')];
  const apiRoot = (read('TELEGRAM_API_ROOT') ?? 'https://api.telegram.org').replace(/\/+$/, '');
  if (token === null && chats === null) return null;
  if (token === null || chats === null) {
    problems.push(
      `the chat is only half set: ${token === null ? 'TELEGRAM_BOT_TOKEN' : 'TELEGRAM_CHAT_ID'} is missing`,
    );
    return null;
  }
  const named = chats.split(/[\s,]+/).filter((id) => id !== '');
  for (const id of named) {
    if (!/^-?\d+$/.test(id)) problems.push(`TELEGRAM_CHAT_ID holds "${id}"; chat ids are whole numbers`);
  }
  checkUrl('TELEGRAM_API_ROOT', apiRoot, problems);
  return {
    channel: 'telegram',
    token: new Secret(token),
    chats: named,
    apiRoot,
    webhook: readTelegramHook(read, problems),
  };
};

const readTelegramHook = (
  read: ReadVariable,
  problems: string[],
): { readonly url: string; readonly secret: Secret } | null => {
  const [url, secret] = [read('TELEGRAM_WEBHOOK_URL'), read('BLASTGATE_HOOK_SECRET')];
  if (url === null) return null;
  checkUrl('TELEGRAM_WEBHOOK_URL', url, problems);
  if (!url.endsWith('/hooks/telegram'))
    problems.push(`TELEGRAM_WEBHOOK_URL is "${url}"; write the address of this gate, ending in /hooks/telegram`);
  if (secret === null || !/^[A-Za-z0-9_-]{1,256}$/.test(secret)) {
    problems.push('TELEGRAM_WEBHOOK_URL needs BLASTGATE_HOOK_SECRET: 1 to 256 letters, digits, "_" and "-"');
    return null;
  }
  return { url, secret: new Secret(secret) };
};

/** Names alone would not do: a channel may be renamed, its ID stays. */
const SLACK_CHANNEL_ID = /^[CG][A-Z0-9]{2,30}$/;

const readSlack = (read: ReadVariable, problems: string[]): ChatSettings | null => {
  const [token, channels] = [read('SLACK_BOT_TOKEN'), read('SLACK_CHANNEL')];
  const [appToken, signingSecret] = [read('SLACK_APP_TOKEN'), read('SLACK_SIGNING_SECRET')];
  const apiUrl = (read('SLACK_API_URL') ?? 'https://slack.com/api').replace(/\/+$/, '');
  if ([token, channels, appToken, signingSecret].every((one) => one === null)) return null;
  const missing = [
    ...(token === null ? ['SLACK_BOT_TOKEN'] : []),
    ...(channels === null ? ['SLACK_CHANNEL'] : []),
    ...(appToken === null && signingSecret === null ? ['SLACK_APP_TOKEN (socket mode) or SLACK_SIGNING_SECRET'] : []),
  ];
  if (missing.length > 0 || token === null || channels === null) {
    problems.push(`Slack is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
    return null;
  }
  if (appToken !== null && signingSecret !== null)
    problems.push('SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: the gate listens in one way, keep one');
  const named = channels.split(/[\s,]+/).filter((id) => id !== '');
  for (const id of named)
    if (!SLACK_CHANNEL_ID.test(id))
      problems.push(`SLACK_CHANNEL holds "${id}"; write the channel's ID, as in C02AB3CDE ("Copy link" ends in it)`);
  checkUrl('SLACK_API_URL', apiUrl, problems);
  const hears =
    appToken !== null
      ? ({ kind: 'socket', appToken: new Secret(appToken) } as const)
      : ({ kind: 'http', signingSecret: new Secret(signingSecret ?? '') } as const);
  return { channel: 'slack', token: new Secret(token), chats: named, apiUrl, hears };
};
