// Two texts → which comes first, by code units: the same on every machine, whatever its language.

/** As `toSorted()` orders texts: below 0 where `one` comes first, 0 where they are equal. */
export function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
