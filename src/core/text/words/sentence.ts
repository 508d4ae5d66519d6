// A sentence with places becomes the text that a reader sees.
import { ownValue } from '../../model/json.ts';

/** "{subject}" is filled; a part in brackets, "[: {subject}]", is left out where its value is null or not given. */
export type Sentence = string;

/** Fills the places of a sentence; what a value holds is never read as a place. */
export function fill(sentence: Sentence, values: { readonly [place: string]: string | number | null }): string {
  return sentence
    .replace(/\[([^\]]*?\{(\w+)\}[^\]]*)\]/g, (_, part: string, place: string) =>
      ownValue(values, place) == null ? '' : part,
    )
    .replace(/\{(\w+)\}/g, (_, place: string) => String(ownValue(values, place) ?? '?'));
}
