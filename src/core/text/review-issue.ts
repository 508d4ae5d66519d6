// What two people read before a dual action runs: title and body of the review issue.

import type { Person, Proposer } from '../approval/people.ts';
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import { changesOf, type DeclarativeSpec, sealedImpact } from '../sealed-spec/declarative-spec.ts';
import { type AnswerDoors, answerWays } from './answer-doors.ts';
import { sealBody } from './body-mark.ts';
import { changeDiff } from './change-diff.ts';
import { describeBlastReason, describeConstraints, describeNoRollback, describeTargetState } from './describe.ts';
import { codeBlock, codeSpan, cut, markdownSentence, plainLine } from './escape.ts';
import { impactMermaid } from './impact-drawings.ts';
import { peopleList } from './people-list.ts';
import { describeConditions } from './requirement.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';
import type { ReviewWords } from './words/review.ts';

/** What the issue is written from; the same input gives the same text. */
export interface ReviewRequest {
  /** The proposal's id: with the digest it makes the marker. */
  readonly proposal: string;
  readonly incident: string;
  readonly spec: DeclarativeSpec;
  /** The proposer's words, shown as such; null where none were given. */
  readonly diagnosis: string | null;
  readonly proposer: Proposer;
  /** Who may approve it, and what an approval must have. */
  readonly approvers: readonly Pick<Person, 'id' | 'name'>[];
  readonly requirement: ApprovalRequirement;
  readonly doors: AnswerDoors;
  /** "SEQ:HASH" of the newest audit line when the spec was sealed: what `audit verify --head` takes. */
  readonly auditHead: string;
  /** The same for programs, with the gate's proof (head-mark.ts); absent: nobody compares it by itself. */
  readonly headMark?: string;
  /** The gate's proof of a body (body-mark.ts); absent: the body has no mark. */
  readonly proveBody?: ((body: string) => string) | undefined;
  /** RFC 3339: when the proposal was made, and until when approvals count. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lang: Lang;
}

/** Title (≤ 255 code points), Markdown body and the marker in it, as contract section 6 pins them. */
export interface ReviewIssueText {
  readonly title: string;
  readonly body: string;
  readonly marker: string;
  readonly notBefore: string;
}

const TITLE_LIMIT = 255;
const DIAGNOSIS_LIMIT = 1000;

/** By which an issue is found again; ends no HTML comment, whatever an id holds. */
export function reviewMarkerOf({ proposal, spec }: Pick<ReviewRequest, 'proposal' | 'spec'>): string {
  return `blastgate-review ${`${proposal} ${spec.digest}`.replace(/[^A-Za-z0-9:._ ]/g, '_')}`;
}

const proposerOf = (proposer: Proposer, words: ReviewWords): string =>
  proposer.kind === 'agent' ? words.agentOf(codeSpan(proposer.id), codeSpan(proposer.owner)) : codeSpan(proposer.id);

const clusterOf = ({ name, uid }: DeclarativeSpec['cluster'], words: ReviewWords): string => {
  const known = name ?? uid;
  return known === null ? words.clusterUnknown : codeSpan(known);
};

const requestSection = (request: ReviewRequest, words: ReviewWords, score: string): string => {
  const { incident, spec, proposer, approvers, requirement, lang } = request;
  const conditions = describeConditions(requirement, lang);
  return [
    `# ${words.headings.request}`,
    '',
    `- ${words.incident}: ${codeSpan(incident)}`,
    `- ${words.blastRadius}: **${score} / 100**`,
    `- ${words.tier}: **${words.tiers[spec.tier]}**`,
    `- ${words.proposer}: ${proposerOf(proposer, words)}`,
    `- ${words.cluster}: ${clusterOf(spec.cluster, words)}`,
    `- ${words.approvers(requirement.needed, approvers.length)}: ${[peopleList(approvers, lang), ...(conditions === '' ? [] : [markdownSentence(conditions)])].join(' ')}`,
    '',
    `**${words.mustApprove(requirement.needed, '')}**`,
  ].join('\n');
};

/** More lines than people read in an issue: all of it stands in the spec. */
const SHOWN_CHANGES = 200;

const changeLines = (spec: DeclarativeSpec, words: ReviewWords): readonly string[] => {
  const lines = changeDiff(changesOf(spec));
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN_CHANGES ? [`… ${lines.length - SHOWN_CHANGES}`] : [];
  const shown = [...lines.slice(0, SHOWN_CHANGES), ...more].join('\n');
  return ['', `**${words.changes}**`, '', codeBlock('diff', shown)];
};

const planSection = ({ spec, lang }: ReviewRequest, words: ReviewWords): string =>
  [
    `## ${words.headings.plan}`,
    '',
    `- ${words.targetState}: ${markdownSentence(describeTargetState(spec, lang))}`,
    `- ${words.namespace}: ${spec.namespace === null ? words.clusterScoped : codeSpan(spec.namespace)}`,
    `- ${words.target}: ${codeSpan(spec.target)}`,
    `- ${words.dryRun}: ${spec.dryRunRequired ? words.yes : words.no}`,
    `- ${words.command}:`,
    '',
    codeBlock('bash', spec.command),
    ...changeLines(spec, words),
  ].join('\n');

const constraintsSection = ({ spec, lang }: ReviewRequest, words: ReviewWords): string => {
  const lines = describeConstraints(spec, lang).map((text) => `- ${markdownSentence(text)}`);
  return [`## ${words.headings.constraints}`, '', ...(lines.length === 0 ? [words.noConstraints] : lines)].join('\n');
};

const rollbackSection = ({ spec, lang }: ReviewRequest, words: ReviewWords): string => {
  const { command } = spec.rollbackPlan;
  const way =
    command === null
      ? `${words.noRollback} ${markdownSentence(describeNoRollback(spec, lang) ?? '')}`
      : codeBlock('bash', command);
  return [`## ${words.headings.rollback}`, '', way].join('\n');
};

/** Drawn below the reasons, in their section: what is touched and what depends on it. */
const impactLines = ({ spec, lang }: ReviewRequest, words: ReviewWords): readonly string[] => {
  const drawing = impactMermaid(sealedImpact(spec), lang);
  return drawing === null ? [] : ['', `**${words.impact}**`, '', codeBlock('mermaid', drawing)];
};

const reasonsSection = (request: ReviewRequest, words: ReviewWords): string =>
  [
    `## ${words.headings.reasons}`,
    '',
    ...describeBlastReason(request.spec, request.lang).map((line) => `- ${markdownSentence(line)}`),
    ...impactLines(request, words),
  ].join('\n');

const diagnosisSection = ({ diagnosis }: ReviewRequest, words: ReviewWords): string => {
  const given = (diagnosis ?? '').trim();
  const text =
    given === '' ? words.noDiagnosis : `${words.proposersWords}\n\n${codeBlock('text', cut(given, DIAGNOSIS_LIMIT))}`;
  return [`## ${words.headings.diagnosis}`, '', text].join('\n');
};

const stepsSection = ({ incident, proposal, spec, doors, lang }: ReviewRequest, words: ReviewWords): string => {
  const subject = { incident, proposal, digest: spec.digest, issue: 'here' } as const;
  const steps = words.steps(answerWays(subject, doors, lang, codeSpan));
  return [`## ${words.headings.steps}`, '', ...steps.map((step, at) => `${at + 1}. ${step}`)].join('\n');
};

/** Writes the issue in the language asked for; sections, order and title are pinned by contract section 6. Pure. */
export function writeReviewIssue(request: ReviewRequest): ReviewIssueText {
  const words = DICTIONARIES[request.lang].review;
  const { spec } = request;
  const score = spec.blastRadiusScore === null ? '?' : String(spec.blastRadiusScore);
  const marker = reviewMarkerOf(request);
  const closing = words.closing(codeSpan(spec.digest), codeSpan(request.expiresAt), codeSpan(request.auditHead));
  const sections = [
    requestSection(request, words, score),
    planSection(request, words),
    constraintsSection(request, words),
    rollbackSection(request, words),
    reasonsSection(request, words),
    diagnosisSection(request, words),
    stepsSection(request, words),
    closing,
  ];
  const body = `${sections.join('\n\n---\n\n')}\n\n${request.headMark === undefined ? '' : `${request.headMark}\n`}<!-- ${marker} -->\n`;
  return {
    title: cut(words.title(score, plainLine(request.incident)), TITLE_LIMIT),
    body: request.proveBody === undefined ? body : sealBody(body, request.proveBody),
    marker,
    notBefore: request.createdAt,
  };
}
