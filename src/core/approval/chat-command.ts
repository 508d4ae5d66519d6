// Reads one chat message as a command to the gate.

import { isIncidentId } from '../model/incident.ts';
import { ownValue } from '../model/json.ts';
import { REASON_LIMIT, readBecause } from './because.ts';

export type ChatCommand =
  /** `digest`: 6 to 64 hex digits in lower case, null where none was given. */
  | {
      readonly kind: 'approve';
      readonly incident: string;
      readonly digest: string | null;
      /** Behind the word `because`; null: none was given. */
      readonly reason: string | null;
    }
  | { readonly kind: 'reject'; readonly incident: string; readonly reason: string }
  | { readonly kind: 'status'; readonly incident: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'help' }
  /** Talk between people, or a command to another bot: no answer. */
  | { readonly kind: 'not-for-us' }
  | { readonly kind: 'misread'; readonly problem: Misreading };

/** What keeps a message that begins with `/` from being a command. */
export type Misreading =
  | 'unknown-command'
  | 'no-incident'
  | 'bad-incident'
  | 'bad-digest'
  | 'too-many-words'
  | 'several-lines'
  | 'no-reason'
  | 'reason-too-long'
  | 'unseen-characters';

const DIGEST = /^(?:sha256:)?([0-9a-f]{6,64})$/i;
const UNSEEN = /(?![\n\t ])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const misread = (problem: Misreading): ChatCommand => ({ kind: 'misread', problem });

type Read = (words: readonly string[]) => ChatCommand;

const withIncident =
  (read: (incident: string, rest: readonly string[]) => ChatCommand): Read =>
  ([incident, ...rest]) => {
    if (incident === undefined) return misread('no-incident');
    return isIncidentId(incident) ? read(incident, rest) : misread('bad-incident');
  };

const COMMANDS: { readonly [name: string]: Read } = {
  approve: withIncident((incident, [digest, ...more]) => {
    const reason = readBecause(more);
    if (reason === 'words') return misread('too-many-words');
    if (reason === 'too-long') return misread('reason-too-long');
    if (digest === undefined) return { kind: 'approve', incident, digest: null, reason: null };
    const hex = DIGEST.exec(digest)?.[1];
    if (hex === undefined) return misread('bad-digest');
    return { kind: 'approve', incident, digest: hex.toLowerCase(), reason: reason?.text ?? null };
  }),
  reject: withIncident((incident, words) => {
    const reason = words.join(' ');
    if (reason === '') return misread('no-reason');
    return Array.from(reason).length > REASON_LIMIT ? misread('reason-too-long') : { kind: 'reject', incident, reason };
  }),
  status: withIncident((incident, rest) =>
    rest.length > 0 ? misread('too-many-words') : { kind: 'status', incident },
  ),
  pending: (words) => (words.length > 0 ? misread('too-many-words') : { kind: 'pending' }),
  help: () => ({ kind: 'help' }),
  start: () => ({ kind: 'help' }),
};

/**
 * `/approve INC [digest [because reason]]`, `/reject INC reason`, `/status INC`, `/pending`, `/help`, each also as
 * `/approve@botName`. The name of a command is read in either case. Only a reason may span lines.
 */
export function readChatCommand(text: string, botName: string): ChatCommand {
  const match = /^\/([^\s@]*)(?:@(\S*))?(?:\s+([\s\S]*))?$/.exec(text.trim());
  if (match === null) return { kind: 'not-for-us' };
  const [, name = '', addressee, rest = ''] = match;
  if (addressee !== undefined && addressee.toLowerCase() !== botName.toLowerCase()) return { kind: 'not-for-us' };
  const command = name.toLowerCase();
  const read = ownValue(COMMANDS, command);
  if (read === undefined) return misread('unknown-command');
  if (UNSEEN.test(rest)) return misread('unseen-characters');
  if (command !== 'reject' && /\n/.test(rest.trim())) return misread('several-lines');
  return read(rest.split(/\s+/).filter((word) => word !== ''));
}
