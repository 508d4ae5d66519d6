// A login, its end, or a one-time link that was made → a note in the trail, a line of the log and, for links, a word in the chat.
import { describeLogin } from '../../core/text/login.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { nowOf } from '../transition.ts';

export interface LoginNews {
  readonly what: 'link-made' | 'logged-in' | 'logged-out';
  readonly person: string;
  /** By what: "link", "token", or the account at the issuer. */
  readonly by: string;
}

/** Fails where the trail cannot be written. A chat in trouble stops nobody: the trail has it. */
export async function tellOfLogin(gate: Gate, { what, person, by }: LoginNews, signal: AbortSignal): Promise<void> {
  const note = { kind: 'note', at: nowOf(gate), what, who: person, about: by } as const;
  await gate.store.trail.append(note, within('store', signal));
  gate.wakeSignal.notify();
  gate.log.info('login', { what, person, by });
  if (gate.chat === null || (what !== 'link-made' && !(what === 'logged-in' && by === 'link'))) return;
  const { chat, log, lang } = gate;
  // Whoever logs in does not wait for the chat.
  void chat
    .send(describeLogin(what, person, lang), within('send', new AbortController().signal))
    .catch((error: unknown) =>
      log.warn('login_not_told', { error: error instanceof Error ? error.message : 'unknown' }),
    );
}
