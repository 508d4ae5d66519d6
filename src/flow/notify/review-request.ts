// What a review issue is written from, by the people and settings of now.
import { approvers, type Person, type Proposer, responsiblePerson } from '../../core/approval/people.ts';
import { requirementOf } from '../../core/decision/approval-rules.ts';
import type { AuditHead } from '../../core/remediation/audit-line.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { headMark } from '../../core/text/head-mark.ts';
import type { ReviewRequest } from '../../core/text/review-issue.ts';
import { answerDoorsOf, type Gate } from '../gate.ts';

/** `head`: the newest audit line that the issue is to show. */
export function reviewRequestOf(gate: Gate, remediation: Remediation, head: AuditHead): ReviewRequest {
  const { id, incident, spec, diagnosis, proposer, decision, createdAt, expiresAt } = remediation;
  const { headProof } = gate;
  return {
    proposal: id,
    incident,
    spec,
    diagnosis,
    proposer,
    approvers: approversOf(gate, proposer),
    requirement: requirementOf(decision),
    doors: answerDoorsOf(gate),
    auditHead: `${head.seq}:${head.hash}`,
    ...(headProof === undefined
      ? {}
      : { headMark: headMark(head, headProof.prove(head)), proveBody: headProof.proveBody }),
    createdAt,
    expiresAt,
    lang: gate.lang,
  };
}

/** Who may approve what this proposer proposed, by the people of now. */
export function approversOf(gate: Pick<Gate, 'people'>, proposer: Proposer): readonly Person[] {
  const own: readonly string[] = [proposer.id, responsiblePerson(proposer)];
  return approvers(gate.people()).filter(({ id }) => !own.includes(id));
}
