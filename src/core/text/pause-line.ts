// A pause that holds a remediation now → the sentence that says so.
import type { Pause } from '../remediation/pause.ts';
import type { Remediation } from '../remediation/remediation.ts';
import type { State } from '../remediation/state.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** States in which a forward write is still to come: what is under way, or over, no pause holds. */
export const WAITS_FOR_WRITE: ReadonlySet<State> = new Set<State>(['awaiting-approval', 'approved']);

/** What is paused, since when, by whom, and what ends it; null: nothing holds it. `quote` makes what stands in it inert where it is shown. */
export function describePause(
  { state }: Pick<Remediation, 'state'>,
  pause: Pause | null,
  lang: Lang,
  quote: (text: string) => string,
): string | null {
  if (pause === null || !WAITS_FOR_WRITE.has(state)) return null;
  const { cluster, since, by } = pause;
  const resume = `blastgate resume${cluster === null ? '' : ` --cluster ${cluster}`}`;
  const quoted = (text: string | null): string | null => (text === null ? null : quote(text));
  return DICTIONARIES[lang].paused({
    cluster: quoted(cluster),
    since: quoted(since),
    by: quoted(by),
    resume: quote(resume),
  });
}
