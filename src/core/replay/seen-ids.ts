// Ids, one after another → whether each has been there before, in eight bytes an id.

/** Slots of the table; always a power of two. At most half of them are filled. */
const FIRST_SLOTS = 1 << 14;

/** More ids than this are not remembered: 128 MiB. */
export const MOST_IDS = 1 << 23;

/** Two 32-bit hashes of one text, apart by their seeds (FNV-1a). Neither is zero, which marks a free slot. */
const hashOf = (text: string, seed: number): number => {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0 || 1;
};

/** A set that only grows. Two ids are taken for one with a chance of one in 2^64 for each pair. */
export class SeenIds {
  #table = new Uint32Array(FIRST_SLOTS * 2);
  #count = 0;
  readonly #most: number;

  constructor(most = MOST_IDS) {
    this.#most = most;
  }

  /** Whether ids have come that could not be remembered: then a repetition of them is not found. */
  get isFull(): boolean {
    return this.#count >= this.#most;
  }

  /** True the first time that an id comes. */
  add(id: string): boolean {
    const [low, high] = [hashOf(id, 0x811c9dc5), hashOf(id, 0x9747b28c)];
    if (!this.#insert(low, high)) return false;
    if (this.#count * 4 > this.#table.length) this.#grow();
    return true;
  }

  #insert(low: number, high: number): boolean {
    const table = this.#table;
    const mask = table.length / 2 - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2;
      if (table[at] === 0) {
        if (this.isFull) return true;
        table[at] = low;
        table[at + 1] = high;
        this.#count += 1;
        return true;
      }
      if (table[at] === low && table[at + 1] === high) return false;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#count = 0;
    for (let at = 0; at < old.length; at += 2) {
      const [low, high] = [old[at] ?? 0, old[at + 1] ?? 0];
      if (low !== 0) this.#insert(low, high);
    }
  }
}
