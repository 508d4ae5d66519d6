// How a gate proves the audit heads and the review issues that it shows outside: the key lies in its store, beside what it vouches for.
import { hashOfLine } from '../adapters/store/chain.ts';
import { keyedHash, newHashKey } from '../adapters/system/keyed-hash.ts';
import { bodyStatement } from '../core/text/body-mark.ts';
import { headStatement } from '../core/text/head-mark.ts';
import { within } from '../flow/deadline.ts';
import type { HeadProof } from '../flow/notify/compare-heads.ts';
import type { GateControls } from '../ports/store.ts';

const HEAD_KEY = 'head-key';

/** Of a running gate: the key is made at its first start. Throws AdapterError. */
export async function openHeadProof(controls: Pick<GateControls, 'keepCursor'>): Promise<HeadProof> {
  const signal = within('store', new AbortController().signal);
  return proofOf(await controls.keepCursor(HEAD_KEY, newHashKey(), signal));
}

/** For reading beside a gate; null: no gate that proves its heads ever ran here. Throws AdapterError. */
export async function readHeadProof(
  controls: Pick<GateControls, 'readCursor'>,
  signal: AbortSignal,
): Promise<HeadProof | null> {
  const key = await controls.readCursor(HEAD_KEY, signal);
  return key === null ? null : proofOf(key);
}

const proofOf = (key: string): HeadProof => {
  const hash = keyedHash(key);
  return {
    prove: (head) => hash(headStatement(head)),
    proveBody: (body) => hash(bodyStatement(body)),
    hashOf: hashOfLine,
  };
};
