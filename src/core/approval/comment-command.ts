// Reads one comment in a review issue as a vote: a command that stands alone, outside of quotes and code.
import { REASON_LIMIT, readBecause } from './because.ts';
import { paragraphsOf } from './comment-paragraphs.ts';

export type CommentCommand =
  /** `digest`: 6 to 64 hex digits in lower case. */
  | { readonly kind: 'approve'; readonly digest: string; readonly reason: string | null }
  | { readonly kind: 'reject'; readonly digest: string; readonly reason: string }
  /** Talk between people, or a command to another program: no answer. */
  | { readonly kind: 'not-for-us' }
  | { readonly kind: 'misread'; readonly problem: CommentMisreading };

/** What keeps a comment with a command in it from being a vote. */
export type CommentMisreading =
  | 'digest-missing'
  | 'not-alone'
  /** Behind what may be a quoted mail, an open block of code or an open tag. */
  | 'place-unclear'
  | 'several-commands'
  | 'words-behind'
  | 'reason-missing'
  | 'reason-long'
  | 'unseen';

/** GitLab takes `/approve` for a quick action of its own and keeps nothing of it, so the gate's name may stand before it. */
const COMMAND = /^\/(?:blastgate[ \t]+)?(approve|reject)(?:[ \t]+(.*))?$/i;
const DIGEST = /^(?:sha256:)?([0-9a-f]{6,64})$/i;
const UNSEEN = /(?![\t ])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** Longer comments are not read: a forge's own limit lies below. */
const LENGTH_LIMIT = 65_536;

const misread = (problem: CommentMisreading): CommentCommand => ({ kind: 'misread', problem });

const readOne = (line: string): CommentCommand => {
  if (UNSEEN.test(line)) return misread('unseen');
  const [, verb = '', rest = ''] = COMMAND.exec(line.trimEnd()) ?? [];
  const [word = '', ...more] = rest.split(/[ \t]+/).filter((part) => part !== '');
  const digest = DIGEST.exec(word)?.[1]?.toLowerCase();
  if (digest === undefined) return misread('digest-missing');
  if (verb.toLowerCase() === 'approve') {
    const because = readBecause(more);
    if (because === 'words') return misread('words-behind');
    return because === 'too-long' ? misread('reason-long') : { kind: 'approve', digest, reason: because?.text ?? null };
  }
  const reason = more.join(' ');
  if (reason === '') return misread('reason-missing');
  return Array.from(reason).length > REASON_LIMIT ? misread('reason-long') : { kind: 'reject', digest, reason };
};

/**
 * `/approve DIGEST`, with `because reason` behind it or not, or `/reject DIGEST reason` (contract-2 section 10), the digest's first 6 or more digits. It counts when it
 * is a paragraph of its own that begins its line: so neither a quote, nor code, nor a list, nor a sentence around it can be
 * taken for it, however a forge shows them. One command a comment.
 */
export function readCommentCommand(text: string): CommentCommand {
  if (text.length > LENGTH_LIMIT) return { kind: 'not-for-us' };
  const commands = paragraphsOf(text).flatMap(({ lines, place }) =>
    lines.filter((line) => COMMAND.test(line.trimEnd())).map((line) => ({ line, isAlone: lines.length === 1, place })),
  );
  // What somebody else wrote may stand behind a vote, and is none.
  const own = commands.filter(({ place }) => place === 'own');
  const [only, ...others] = own;
  if (only === undefined) return commands.length === 0 ? { kind: 'not-for-us' } : misread('place-unclear');
  if (others.length > 0) return misread('several-commands');
  return only.isAlone ? readOne(only.line) : misread('not-alone');
}
