// A text → its bytes in UTF-8 as base64, as Secrets hold them.

/** Base64 with padding (RFC 4648, section 4). */
export function base64Of(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
