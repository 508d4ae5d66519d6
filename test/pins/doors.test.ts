// Frozen surfaces of the doors: codes, names, keys, one digest. A change here needs a line in CHANGELOG.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { understand } from '../../src/core/command/understand.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../src/core/evaluation/evaluate.ts';
import { judge } from '../../src/core/evaluation/judge.ts';
import { REASON_CODES } from '../../src/core/model/reason.ts';
import { REFUSAL_CODES } from '../../src/core/model/refusal.ts';
import { CONSTRAINT_CODES } from '../../src/core/sealed-spec/declarative-spec.ts';
import { CLI_COMMANDS } from '../../src/doors/commands.ts';
import { TOOLS } from '../../src/doors/mcp/tools.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
import { memoryLog } from '../fakes/log.ts';
import { setStage } from '../support/memory-gate.ts';

const PINNED_REFUSALS = `
  already-voted approval-raised approval-required assignment autoscaler-bounds bad-flag-value bad-incident body-refused busy calculation-failed card-changed
  cluster-required cluster-unproxied conflicting-flags digest-required drain-refused dry-run-refused empty-command expired frozen hard-rule hard-rule-undecided
  header-refused host-file identity-flag interactive invalid-name kubectl-path local-config login-again no-cluster-right no-executor
  no-own-vote no-right no-such-proposal no-targets not-done-yet not-found not-kubectl not-open nothing-to-do other-cluster other-writer
  own-proposal path-refused paused pre-image-changed program-unanswered rate-limited raw-request reason-required review-missing
  rollout-paused secret-read shell-syntax stream-refused targets-changed tier-raised too-complex too-large too-many-waiting
  uid-changed unknown-cluster unknown-command unknown-flag unknown-kind unknown-person unknown-word unreadable-line unreadable-request unseen-content
  update-on-delete usage-error way-back-gone wrapper wrong-channel wrong-digest
`;

const PINNED_REASONS = `
  hard-rule base weight multiplier all all-namespaces effectful-annotation effectful-label emptydir finalizers
  force grace-zero many membership mutable-image orphan placement privileged prune scale-to-zero scale-up selector unseen-content
  autoscaled bare-pod budget capacity endpoints gitops history last-replica no-evidence no-way-back owned pdb
  replica-drop share stateful unschedulable floor cap calculation-failed
`;

const PINNED_DIGEST = 'sha256:96e5093a7d8b70b14d5372a25e8e6ace4a9ddc679d8c9e6d1334c4f79c0a5538';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

test('the refusal codes: added to, never renamed, never reused', () => {
  assert.deepEqual([...REFUSAL_CODES].sort(), words(PINNED_REFUSALS).toSorted());
});

test('the reason codes, in the order in which they are listed', () => {
  assert.deepEqual([...REASON_CODES], words(PINNED_REASONS));
});

test('the constraint codes', () => {
  assert.deepEqual(
    [...CONSTRAINT_CODES],
    words('dry-run-passed target-unchanged approvals-complete single-writer converges-in-window way-back-exists'),
  );
});

test('the commands of the command line', () => {
  assert.deepEqual(
    Object.keys(CLI_COMMANDS),
    words(`score evaluate propose status list show approve reject break-glass cancel outcomes pause resume audit store policy replay explain doctor
      guard-executor token login kubeconfig completion serve mcp demo sandbox`),
  );
});

test('the tools of agents', () => {
  assert.deepEqual(
    TOOLS.map(({ name }) => name),
    words(`score_command propose_action get_proposal wait_for_proposal cancel_proposal list_proposals list_outcomes
      explain_code`),
  );
});

const sealed = () => {
  const surroundings = { namespace: 'default', files: new Map(), customResources: [], readDocuments: () => null };
  const understanding = understand({ kind: 'line', line: 'kubectl delete deployment web -n production' }, surroundings);
  return judge({
    understanding,
    facts: null,
    policy: DEFAULT_POLICY,
    flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
    settings: DEFAULT_SPEC_SETTINGS,
    incident: 'INC-1',
    clusterName: null,
    files: new Map(),
  }).spec;
};

test('the keys of a declarative spec', () => {
  const names = words(`schemaVersion digest incident cluster blastRadiusScore tier action command targetState namespace
    target effects facts impact dryRunRequired constraints rollbackPlan blastReason requiresReviewIssue runnable hardRule refusals evidence`);
  const keys = new Set(Object.keys(sealed()));
  assert.deepEqual(
    names.filter((name) => !keys.has(name)),
    [],
  );
});

test('the digest of a known spec', () => {
  assert.equal(sealed().digest, PINNED_DIGEST);
});

test('the keys of a proposal', async () => {
  const stage = setStage();
  const proposed = await stage.proposeText('scale production/web 5');
  assert.ok(proposed.ok);
  assert.deepEqual(
    Object.keys(proposalView(proposed.remediation, [], viewContextOf(stage.gate))),
    words(`id incident state code digest tier score proposer createdAt expiresAt diagnosis runnable spec refusals votes needed
      review verdict rollbackVerdict events why reviewNotice next`),
  );
});

test('the log events that a proposal leaves, by name and fields', async () => {
  const log = memoryLog();
  const stage = setStage();
  Object.assign(stage.gate, { log });
  await stage.proposeText('scale production/web 5');
  const pinned: Readonly<Record<string, readonly string[]>> = {
    blast_radius_evaluated: ['incident', 'proposal', 'digest', 'blast_radius'],
    declarative_spec_sealed: ['incident', 'proposal', 'digest'],
    decision_tier_applied: ['incident', 'proposal', 'digest', 'tier'],
  };
  for (const [event, fields] of Object.entries(pinned)) {
    const line = log.lines.find((one) => one.event === event);
    assert.ok(line !== undefined, `${event} was not logged`);
    for (const field of fields) assert.ok(field in line.fields, `${event} has no ${field}`);
  }
});
