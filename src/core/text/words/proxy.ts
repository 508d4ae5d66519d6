// What the proxy tells a client that waits, in both languages.
import type { Sentence } from './sentence.ts';

export interface ProxyWords {
  /** A proposal, what is known of it, and what happens next. */
  readonly about: Sentence;
  /** How to look at it. */
  readonly look: Sentence;
  /** The write is there, and the API server's answer to it is not. */
  readonly unseen: Sentence;
}

export const proxyEn = {
  about: '{proposal} (score {score}, {tier}): {next}',
  look: 'Look at it with `blastgate show {proposal}`.',
  unseen: '{proposal} has been carried out, and the object cannot be read back.',
} as const satisfies ProxyWords;

export const proxyZhTw = {
  about: '{proposal}（分數 {score}，{tier}）：{next}',
  look: '請以 `blastgate show {proposal}` 查看。',
  unseen: '{proposal} 已執行，但無法讀回該物件。',
} as const satisfies ProxyWords;
