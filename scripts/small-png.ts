// A screenshot (PNG of 8 bits a channel, not interlaced) → the same picture in at most 128 colours: a quarter of the bytes.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 128;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row; a screenshot lets nothing shine through. */
  readonly colours: Uint32Array;
}

/** The three filters of PNG that look at neighbours, and none, by their numbers (PNG, third edition, 9.2). */
const predicted = (filter: number, left: number, up: number, corner: number): number => {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
};

const decoded = (png: Buffer): Pixels => {
  const [width, height, bits, kind] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
  if (bits !== 8 || (kind !== 2 && kind !== 6)) throw new Error(`a PNG of ${bits} bits and kind ${kind} is not read`);
  const size = kind === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const data = inflateSync(Buffer.concat(parts));
  const line = width * size;
  const rows = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x += 1) {
      const at = y * line + x;
      const left = x >= size ? (rows[at - size] ?? 0) : 0;
      const up = y > 0 ? (rows[at - line] ?? 0) : 0;
      const corner = x >= size && y > 0 ? (rows[at - line - size] ?? 0) : 0;
      rows[at] = (data[y * (line + 1) + 1 + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  const colours = Uint32Array.from({ length: width * height }, (_, at) => rows.readUIntBE(at * size, 3));
  return { width, height, colours };
};

const distance = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);

/** The most frequent colours, and for each colour the nearest of them. */
const paletteOf = (
  colours: Uint32Array,
): { readonly palette: readonly number[]; readonly indexOf: ReadonlyMap<number, number> } => {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = sorted.slice(0, MOST_COLOURS);
  const nearest = (colour: number): number =>
    palette.reduce((best, one, at) => (distance(one, colour) < distance(palette[best] ?? 0, colour) ? at : best), 0);
  return { palette, indexOf: new Map(sorted.map((colour, at) => [colour, at < MOST_COLOURS ? at : nearest(colour)])) };
};

const chunk = (name: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
};

/** Throws for a PNG that no browser takes as a screenshot. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, colours } = decoded(png);
  const { palette, indexOf } = paletteOf(colours);
  const head = Buffer.from(png.subarray(16, 29));
  // Eight bits, by palette.
  head[8] = 8;
  head[9] = 3;
  const rows = Buffer.alloc((width + 1) * height);
  for (const [at, colour] of colours.entries())
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexOf.get(colour) ?? 0;
  const table = Buffer.from(palette.flatMap((colour) => [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
