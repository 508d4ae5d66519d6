// Colour and plain layout for a terminal, and nothing a stranger's text could steer it with.
import type { Tier } from '../../core/model/tier.ts';
import type { Terminal } from './command.ts';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

export type Paint = (text: string, ...colours: readonly Colour[]) => string;

/** Paints when the terminal takes colour, else leaves the text alone. */
export function painter({ colour }: Pick<Terminal, 'colour'>): Paint {
  return (text, ...colours) =>
    colour && colours.length > 0 ? `\u001b[${colours.map((name) => CODES[name]).join(';')}m${text}\u001b[0m` : text;
}

export const TIER_COLOUR: { readonly [T in Tier]: Colour } = {
  auto: 'green',
  human: 'yellow',
  dual: 'magenta',
  blocked: 'red',
};

/** Characters that a terminal draws two columns wide: Chinese, Japanese, Korean with their punctuation. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/gu;

const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

/** Blanks behind the text until it is `width` columns wide. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Rows as columns, two spaces apart, without trailing blanks. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => padTo(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
