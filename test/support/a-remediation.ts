// Remediations for store tests, made by the real transition function.

import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../src/core/evaluation/evaluate.ts';
import { judge } from '../../src/core/evaluation/judge.ts';
import { type Facts, NO_MEMORY } from '../../src/core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../src/core/model/neighbourhood.ts';
import type { Event } from '../../src/core/remediation/event.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import { applyEvents, toStoreChange } from '../../src/flow/transition.ts';
import type { Claim, RemediationChange } from '../../src/ports/store.ts';
import { HEALER, scaling } from './memory-gate.ts';

const FLAGS = { blastRadiusCheck: 'on', gitopsPr: 'on' } as const;

/** A scale of a deployment that exists with 3 replicas. */
export const specOf = (
  text: string,
  incident: string,
): { readonly spec: DeclarativeSpec; readonly events: readonly Event[]; readonly id: string } => {
  const understanding = scaling(text);
  const [effect] = understanding.parts[0]?.effects ?? [];
  if (effect === undefined) throw new Error(`not a scale: ${text}`);
  const facts: Facts = {
    cluster: 'cluster-1',
    targets: [
      {
        group: 'apps',
        resource: 'deployments',
        kind: 'Deployment',
        namespace: effect.namespace,
        name: effect.name ?? '',
        uid: 'uid-1',
        preImage: { replicas: 3 },
        revision: 1,
        revisions: [1],
        replicas: 3,
        controller: null,
        protected: false,
      },
    ],
    neighbourhood: NO_NEIGHBOURS,
    missing: [],
    ...NO_MEMORY,
  };
  const { spec, decision } = judge({
    understanding,
    facts,
    policy: DEFAULT_POLICY,
    flags: FLAGS,
    settings: DEFAULT_SPEC_SETTINGS,
    incident,
    clusterName: null,
    files: new Map(),
  });
  const id = `p-${incident}-${text.replaceAll(/\W+/g, '-')}`;
  return {
    spec,
    id,
    events: [
      { event: 'proposed', id, incident, proposer: HEALER, diagnosis: null, spec },
      { event: 'decided', decision },
    ],
  };
};

export const START = '2026-01-01T00:00:00.000Z';

/** A new proposal as a change. */
export const proposed = (text: string, incident = 'INC-1', at = START): RemediationChange => {
  const step = applyEvents(null, specOf(text, incident).events, at);
  if (!step.ok) throw new Error(step.refusal.code);
  return toStoreChange(step, null, 'release-claim');
};

/** What follows from events on a remediation, as a change. */
export const following = (
  before: Remediation,
  events: readonly Event[],
  at: string,
  claim: Claim | null = null,
): RemediationChange => {
  const step = applyEvents(before, events, at);
  if (!step.ok) throw new Error(step.refusal.code);
  return toStoreChange(step, claim, 'release-claim');
};
