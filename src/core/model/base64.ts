// A text → its bytes in UTF-8 as base64, as Secrets hold them.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of one character; half of a pair that stands alone is U+FFFD. */
const bytesOf = (letter: string): readonly number[] => {
  const code = letter.codePointAt(0) ?? 0;
  const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  if (point < 0x80) return [point];
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
};

/** Base64 with padding (RFC 4648, section 4). */
export function base64Of(text: string): string {
  const bytes = Array.from(text, bytesOf).flat();
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two, three] = bytes.slice(at, at + 3);
    const bits = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    const letter = (shift: number): string => LETTERS[(bits >> shift) & 0x3f] ?? '';
    encoded += `${letter(18)}${letter(12)}${two === undefined ? '=' : letter(6)}${three === undefined ? '=' : letter(0)}`;
  }
  return encoded;
}
