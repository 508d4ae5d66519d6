// Who is behind an account: Slack is asked, so that bots, guests, people of other workspaces and people who left do not count.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ChatUpdate } from '../../../ports/chat.ts';

/** What an account may be; null: Slack does not say, since the app lacks the scope users:read. */
export type Membership = Extract<ChatUpdate['nature'], 'message' | 'bot' | 'guest'> | null;

/** Somebody who leaves or becomes a guest counts for at most so long. */
const VALID_MS = 5 * 60_000;
const REMEMBERED = 5000;
/** Slack's errors that say that there is no such member. */
const NOBODY = new Set(['user_not_found', 'users_not_found', 'user_not_visible']);

/** Where the app is installed: a workspace, and the organisation that it belongs to. */
export interface SlackWorkspace {
  readonly team: string;
  readonly enterprise: string | null;
}

/** The part of `user` that users.info tells. */
export const member = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().optional(),
    enterprise_user: z.looseObject({ enterprise_id: z.string().optional() }).optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_workflow_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_invited_user: z.boolean().optional(),
  }),
});
type Member = z.infer<typeof member>;

/** Asks users.info about one account. Throws AdapterError. */
export type AskMember = (account: string, signal: AbortSignal) => Promise<Member>;

/** `is_stranger` is false of whoever shares a channel with us (Slack Connect), so that the workspace is looked at too. */
const isOfHome = ({ user }: Member, { team, enterprise }: SlackWorkspace): boolean =>
  user.team_id === undefined ||
  user.team_id === team ||
  (enterprise !== null && [user.team_id, user.enterprise_user?.enterprise_id].includes(enterprise));

const membershipOf = (account: string, told: Member, home: SlackWorkspace): Membership => {
  const { user } = told;
  if (user.is_bot === true || user.is_workflow_bot === true) return 'bot';
  const marks = [user.deleted, user.is_restricted, user.is_ultra_restricted, user.is_stranger, user.is_invited_user];
  return user.id !== account || !isOfHome(told, home) || marks.includes(true) ? 'guest' : 'message';
};

/** Asked anew after five minutes; throws AdapterError where Slack gives no answer, and then nobody knows. */
export function createAccounts(
  ask: AskMember,
  now: () => number,
): (account: string, home: SlackWorkspace, signal: AbortSignal) => Promise<Membership> {
  const known = new Map<string, { readonly until: number; readonly membership: Promise<Membership> }>();
  const find = async (account: string, home: SlackWorkspace, signal: AbortSignal): Promise<Membership> => {
    try {
      return membershipOf(account, await ask(account, signal), home);
    } catch (thrown) {
      const reason = thrown instanceof AdapterError ? (thrown.reason ?? '') : '';
      if (reason === 'missing_scope') return null;
      if (NOBODY.has(reason)) return 'guest';
      known.delete(account);
      throw thrown;
    }
  };
  return (account, home, signal) => {
    const kept = known.get(account);
    if (kept !== undefined && kept.until > now()) return kept.membership;
    const membership = find(account, home, signal);
    known.delete(account);
    known.set(account, { until: now() + VALID_MS, membership });
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return membership;
  };
}
