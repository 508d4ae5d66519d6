// Reads a line of CEF as a collector does, and knows the keys that the extension dictionary lists: a reader of its own, which shares
// nothing with what writes them.

/**
 * Type and longest length in characters of keys that a producer may set, from the dictionary of the CEF implementation standard,
 * document version 27 (microfocus.com/documentation/arcsight/arcsight-smartconnectors-25.1/cef-implementation-standard), in parts.
 */
export const CEF_KEYS: Readonly<Record<string, number | 'timestamp' | 'integer' | 'address'>> = {
  act: 63,
  app: 31,
  cat: 1023,
  cnt: 'integer',
  destinationServiceName: 1023,
  deviceExternalId: 255,
  deviceFacility: 1023,
  dhost: 1023,
  dst: 'address',
  duser: 1023,
  dvchost: 100,
  end: 'timestamp',
  externalId: 40,
  msg: 1023,
  outcome: 63,
  reason: 1023,
  request: 1023,
  rt: 'timestamp',
  sourceServiceName: 1023,
  src: 'address',
  start: 'timestamp',
  suid: 1023,
  suser: 1023,
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].flatMap((place) => [
      [`cs${place}`, 4000],
      [`cs${place}Label`, 1023],
    ]),
  ),
};
/** Of the head, in its order behind the version: vendor, product, version, id of the kind of event, name. */
const HEAD_LENGTHS = [63, 63, 31, 1023, 512];
/** They must be names of hosts. */
const HOSTS: ReadonlySet<string> = new Set(['dhost', 'dvchost']);
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

export interface CefEvent {
  /** Seven fields, from "CEF:0" to the severity. */
  readonly head: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
}

/** Throws an Error for a line that is none. */
export const readCef = (line: string): CefEvent => {
  if (/[\r\n\u2028\u2029]/.test(line)) throw new Error('more than one line');
  const parts = [...line.matchAll(/((?:[^|\\]|\\[|\\])*)\|/gy)].slice(0, 7);
  if (parts.length < 7) throw new Error('no seven fields in the head');
  const rest = line.slice(parts.reduce((length, [whole]) => length + whole.length, 0));
  const fields = new Map<string, string>();
  // A value ends before the last space that a key and a bare equals sign follow.
  const keys = [...rest.matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)].filter(({ index }) => !isEscaped(rest, index));
  for (const [at, match] of keys.entries()) {
    const [whole, key = ''] = match;
    if (fields.has(key)) throw new Error(`${key} stands twice`);
    fields.set(key, plain(rest.slice(match.index + whole.length, keys[at + 1]?.index ?? rest.length)));
  }
  if (rest !== '' && keys[0]?.index !== 0) throw new Error('the extension begins with no key');
  return { head: parts.map(([, text = '']) => text.replace(/\\([|\\])/g, '$1')), fields };
};

/** An equals sign behind a backslash belongs to the value: the pattern of keys cannot match it, but a key may end a value. */
const isEscaped = (text: string, index: number): boolean => index > 0 && text[index] !== ' ';

const plain = (value: string): string =>
  value.replace(/\\(.)/g, (whole, char: string) => {
    if (char === 'n') return '\n';
    if (char === 'r') return '\r';
    if (char === '=' || char === '\\') return char;
    throw new Error(`${whole} is no escape`);
  });

/** What is wrong with a line, as lines; [] when nothing is. */
export const cefFaults = (line: string): readonly string[] => {
  let event: CefEvent;
  try {
    event = readCef(line);
  } catch (error) {
    return [error instanceof Error ? error.message : 'unreadable'];
  }
  const { head, fields } = event;
  return [
    ...(head[0] === 'CEF:0' ? [] : ['it does not begin with CEF:0']),
    ...HEAD_LENGTHS.flatMap((most, at) => {
      const { length } = head[at + 1] ?? '';
      return length > 0 && length <= most ? [] : [`field ${at + 1} of the head has ${length} characters`];
    }),
    ...(/^(?:\d|10)$/.test(head[6] ?? '') ? [] : [`the severity is ${head[6]}`]),
    ...[...fields].flatMap(([key, value]) => fieldFaults(key, value)),
    ...[...fields.keys()].flatMap((key) =>
      /^cs\d$/.test(key) !== fields.has(`${key}Label`) ? [`${key} is without its label`] : [],
    ),
  ];
};

const fieldFaults = (key: string, value: string): readonly string[] => {
  const kind = Object.hasOwn(CEF_KEYS, key) ? CEF_KEYS[key] : undefined;
  if (kind === undefined) return [`${key} is not in the dictionary`];
  if (HOSTS.has(key) && !HOST_NAME.test(value)) return [`${key} is no name of a host`];
  if (kind === 'timestamp' || kind === 'integer') return /^\d{1,15}$/.test(value) ? [] : [`${key} is no number`];
  if (kind === 'address') return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(value) ? [] : [`${key} is no address`];
  return value.length <= kind ? [] : [`${key} has ${value.length} characters, ${kind} at most`];
};
