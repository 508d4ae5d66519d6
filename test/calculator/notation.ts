// Deeds as golden cases write them by hand, for commands that the small reader does not read:
// "delete-pod pods shop/x force grace-zero, read nodes n1; opaque human". It imports nothing of src.
import type { Piece } from './calculator.ts';
import type { Deed } from './seen.ts';

/** "kind resource[.group] [namespace/]name mark …"; "?" is a name that the server gives, or a namespace that is not known. */
const deedOf = (text: string): Deed => {
  const [kind, what, place, ...marks] = text.trim().split(/\s+/);
  if (kind === undefined || what === undefined || place === undefined) throw new Error(`no deed: "${text}"`);
  const slash = place.indexOf('/');
  const name = place.slice(slash + 1);
  return { kind, what, where: slash < 0 ? null : place.slice(0, slash), who: name === '?' ? null : name, marks };
};

/** One simple command: deeds and "opaque FLOOR", "destroys", "undecided", "steers-away", "nothing", joined by commas. */
const pieceOf = (text: string): Piece => {
  const words = text.split(',').map((word) => word.trim());
  const plain = new Set(['destroys', 'undecided', 'steers-away', 'nothing']);
  const opaque = words.map((word) => /^opaque (auto|human|dual)$/.exec(word)?.[1]).find((floor) => floor !== undefined);
  return {
    deeds: words.filter((word) => !plain.has(word) && !word.startsWith('opaque ')).map(deedOf),
    opaque: opaque === 'auto' || opaque === 'human' || opaque === 'dual' ? opaque : null,
    destroys: words.includes('destroys'),
    marks: words.filter((word) => word === 'undecided' || word === 'steers-away'),
  };
};

/** The simple commands of a line, joined by semicolons. */
export const readMeans = (text: string): readonly Piece[] => text.split(';').map(pieceOf);
