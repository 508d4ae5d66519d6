// A body of server-sent events, piece by piece → its events. Pure; a piece may end anywhere, within a character's line too.

export interface ServerEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Takes text as it comes; gives the events that are whole. Comments and unknown fields are left out (HTML standard, 9.2). */
export function createSseReader(): (piece: string) => readonly ServerEvent[] {
  let rest = '';
  return (piece) => {
    rest = (rest + piece).replace(/\r\n/g, '\n');
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const event = eventOf(block);
      return event === null ? [] : [event];
    });
  };
}

const eventOf = (block: string): ServerEvent | null => {
  let id: string | null = null;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, value] = /^([a-z]+):? ?(.*)$/.exec(line) ?? [];
    if (name === 'id') id = value ?? '';
    else if (name === 'event') event = value ?? '';
    else if (name === 'data') data.push(value ?? '');
  }
  return data.length === 0 ? null : { id, event, data: data.join('\n') };
};
