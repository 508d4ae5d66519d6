// Plain text and buttons → Slack's blocks: text is plain_text, in which nothing of Slack's markup means anything.
import type { ButtonPress, ChatCard } from '../../../ports/chat.ts';

/** Block Kit: characters of a section's text, of a button's value, blocks of a message. */
const SECTION_LIMIT = 3000;
const MOST_SECTIONS = 45;
/** Characters of the text beside the blocks, which notifications show (chat.postMessage cuts longer ones at 40,000). */
const FALLBACK_LIMIT = 3000;

export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}

/** Slack reads markup in `text`: these three are all of it (api.slack.com, "Escaping text"). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });

/** At most so many code units each, cut between lines where that is possible, never within a character. */
const chunks = (text: string): readonly string[] => {
  const found: string[] = [];
  let rest = text;
  while (rest.length > SECTION_LIMIT) {
    const line = rest.lastIndexOf('\n', SECTION_LIMIT);
    const at =
      line > SECTION_LIMIT / 2 ? line : SECTION_LIMIT - (/[\uD800-\uDBFF]$/.test(rest.slice(0, SECTION_LIMIT)) ? 1 : 0);
    found.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n/, '');
  }
  return [...found, rest].slice(0, MOST_SECTIONS);
};

/** A message of text alone. */
export function textMessage(text: string): SlackMessage {
  return {
    text: escaped(text.slice(0, FALLBACK_LIMIT).toWellFormed()),
    blocks: chunks(text).map((chunk) => ({ type: 'section', text: plain(chunk) })),
  };
}

/** A card with its buttons. */
export function cardMessage({ text, buttons }: ChatCard): SlackMessage {
  const { blocks, ...message } = textMessage(text);
  if (buttons === null) return { ...message, blocks };
  const { proposal, digits } = buttons;
  const button = (decision: ButtonPress['decision'], style: 'primary' | 'danger') => ({
    type: 'button',
    action_id: decision,
    text: plain(buttons[decision]),
    style,
    value: JSON.stringify({ proposal, digits }),
  });
  const actions = {
    type: 'actions',
    block_id: 'decide',
    elements: [button('approve', 'primary'), button('reject', 'danger')],
  };
  return { ...message, blocks: [...blocks, actions] };
}
