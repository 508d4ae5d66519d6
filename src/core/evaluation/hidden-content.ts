// A command that was understood, with secrets in what it sends → the same without them, as it may be judged, sealed and shown.
import { hideContent } from '../action/hidden-content.ts';
import type { Json } from '../model/json.ts';
import type { Rehearsal } from '../model/object-change.ts';
import { MASK } from '../model/span.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';
import { hiddenTextsOf } from '../text/mask.ts';

/** The understanding with `hash` in the place of each secret of what it sends, and the values by their hashes. */
export function withHiddenContent(
  understanding: Understanding,
  hash: (value: Json) => string,
): { readonly understanding: Understanding; readonly hidden: Rehearsal['hidden'] } {
  if (effectsOf(understanding).every(({ mutation }) => mutation === undefined)) return { understanding, hidden: [] };
  const texts = hiddenTextsOf(understanding);
  const parts = understanding.parts.map((part) => ({ part, ...hideContent(part.effects, texts, hash) }));
  return {
    understanding: { ...understanding, parts: parts.map(({ part, effects }) => ({ ...part, effects })) },
    hidden: parts.flatMap(({ hidden }) => hidden),
  };
}

const HASHED = /^hmac-sha256:[0-9a-f]{64}$/;

/** The same where nobody keeps the values, such as a judgement without a gate: a mask in the place of each. */
export function withMaskedContent(understanding: Understanding): Understanding {
  const mask = (found: Json): string => (typeof found === 'string' && HASHED.test(found) ? found : MASK);
  return withHiddenContent(understanding, mask).understanding;
}
