// The files that an operator writes: people.yaml, the policy, clusters.yaml → what they say now, and what is wrong with them at the start.
import type { People } from '../../core/approval/people.ts';
import type { PolicyDocument } from '../../core/blast-radius/policy.ts';
import { type Instant, instant } from '../../core/model/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { loadClusters, type NamedCluster } from '../clusters-file.ts';
import { exposures } from '../exposure.ts';
import { type GuardedClusters, guardedClusters } from '../guarded-clusters.ts';
import { type Notebook, noteFiles } from '../note-files.ts';
import { loadPeople, watchPeople } from '../people-file.ts';
import { loadPolicy, watchPolicy } from '../policy-file.ts';
import type { Settings } from '../settings.ts';
import { policyProblems, ruleWarnings, startProblems, startWarnings, tokenWarnings } from '../start-checks.ts';
import type { WatchedFile } from '../watched-file.ts';
import { CannotStart } from './cannot-start.ts';
import type { Tuning } from './tuning.ts';

export interface RuleFiles {
  /** Read again whenever they change. */
  readonly watched: { readonly people: WatchedFile<People>; readonly policy: WatchedFile<PolicyDocument> };
  /** Read once. */
  readonly clusters: readonly NamedCluster[];
  /** Of clusters.yaml; null: there is none. */
  readonly clustersDigest: string | null;
  /** Before which of them proxy and admission stand. */
  readonly guarded: GuardedClusters;
  /** Where the digest of each file that is taken is put down, those of the start included. */
  noteIn(notebook: Notebook): void;
}

/** Before there is a store, there is the machine's clock. */
interface Start {
  readonly clock: Clock;
  readonly log: Log;
}

/** Throws CannotStart, or PolicyUnusable. */
export async function openRuleFiles(settings: Settings, tuning: Tuning, { clock, log }: Start): Promise<RuleFiles> {
  const found = loadPeople(settings.peopleFile);
  const problems = found.problems.length > 0 ? found.problems : startProblems(settings, found.people);
  if (problems.length > 0 || settings.peopleFile === null) throw new CannotStart(problems);
  const named = loadClusters(settings, tuning.clusterName);
  if (named.problems.length > 0) throw new CannotStart(named.problems);
  const { guarded, problems: unguardable } = guardedClusters(named.clusters, settings);
  if (unguardable.length > 0) throw new CannotStart(unguardable);
  const mayObserve = guarded.accounts.some((one) => one !== null && one.shadow !== null);
  const unholdable = ({ review, shadow = [] }: PolicyDocument): readonly string[] =>
    policyProblems(
      settings,
      mayObserve,
      { review, shadow: { everything: tuning.observesEverything, rules: shadow } },
      nowBy(clock),
    );
  const unusable = unholdable((await loadPolicy(settings.policyFile, {}, null)).document);
  if (unusable.length > 0) throw new CannotStart(unusable);
  const notebook = Promise.withResolvers<Notebook>();
  const people = watchPeople(settings.peopleFile, log, noteFiles(notebook.promise, log, 'people'));
  people.now();
  const notePolicy = noteFiles(notebook.promise, log, 'policy');
  const policy = await watchPolicy(settings.policyFile, log, unholdable, (document, digest) => {
    notePolicy(digest);
    for (const warning of ruleWarnings(settings, people.now(), document)) log.warn('policy_warning', { warning });
  });
  const { clusters, digest: clustersDigest } = named;
  const noteIn: RuleFiles['noteIn'] = (opened) => notebook.resolve(opened);
  return { watched: { people, policy }, clusters, clustersDigest, guarded, noteIn };
}

/** What a gate starts with all the same, and somebody should know. */
export function warnOfStart(settings: Settings, people: People, { clock, log }: Start): void {
  for (const warning of [...startWarnings(settings, people), ...tokenWarnings(people, nowBy(clock))])
    log.warn('people_warning', { warning });
  for (const { message, remedy } of exposures(settings)) log.warn('exposure_warning', { warning: message, remedy });
}

const nowBy = (clock: Clock): Instant => instant(clock.now());
