// A proposal of the gate as a person reads it in a terminal.

import { type ImpactEdge, type ImpactNode, RELATIONS, ROLES } from '../../core/impact/impact.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { impactTree } from '../../core/text/impact-tree.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fieldList, fieldObject, fieldText } from '../json-field.ts';
import { columns, type Paint } from '../terminal/paint.ts';

const text = (value: Json | undefined): string => plainLine(fieldText(value)) || '-';

/** One line for each damaged row. */
export function unreadableLines(ids: readonly Json[], lang: Lang): string {
  return ids.map((id) => `${text(id)}  ${DICTIONARIES[lang].terminal.proposal.unreadable}\n`).join('');
}

/** One line a proposal. */
export function proposalTable(proposals: readonly JsonObject[], lang: Lang): string {
  if (proposals.length === 0) return `${DICTIONARIES[lang].terminal.proposal.noProposals}\n`;
  const rows = proposals.map((proposal) => {
    const spec = fieldObject(proposal['spec']);
    return [
      text(proposal['id']),
      text(proposal['incident']),
      text(proposal['state']),
      text(proposal['score']),
      text(proposal['tier']),
      text(spec['action']),
      text(spec['target']),
      text(spec['namespace']),
    ];
  });
  return `${columns([['ID', 'INCIDENT', 'STATE', 'SCORE', 'TIER', 'ACTION', 'TARGET', 'NAMESPACE'], ...rows]).join('\n')}\n`;
}

/** What became of it and what it waits for: the first lines that `propose` and `status` print. */
export function proposalStatus(proposal: JsonObject, lang: Lang, paint: Paint): string {
  const words = DICTIONARIES[lang].terminal.proposal;
  const needed = fieldObject(proposal['needed']);
  const rows = [
    [words.id, text(proposal['id'])],
    [words.incident, text(proposal['incident'])],
    [words.state, paint(text(proposal['state']), 'bold')],
    [words.score, `${text(proposal['score'])} / 100, ${text(proposal['tier'])}`],
    [words.digest, text(proposal['digest'])],
    [words.approvals, words.approvalsOf(text(needed['have']), text(needed['approvals']))],
    ...(typeof proposal['why'] === 'string' ? [[words.why, text(proposal['why'])]] : []),
    [words.next, text(proposal['next'])],
  ];
  return `${columns(rows).join('\n')}\n`;
}

/** What is touched and what depends on it; nothing where no cluster was asked. */
const impactLines = (impact: JsonObject, lang: Lang, paint: Paint): readonly string[] => {
  const nodes = fieldList(impact['nodes']).map(({ id, role, count }): ImpactNode => {
    const known = ROLES.find((one) => one === role);
    return { id: fieldText(id), uid: null, role: known ?? 'near', count: typeof count === 'number' ? count : 1 };
  });
  const edges = fieldList(impact['edges']).flatMap(({ from, to, relation }): readonly ImpactEdge[] => {
    const known = RELATIONS.find((one) => one === relation);
    return known === undefined ? [] : [{ from: fieldText(from), to: fieldText(to), relation: known }];
  });
  const tree = impactTree({ nodes, edges }, lang);
  return tree.length === 0
    ? []
    : ['', paint(DICTIONARIES[lang].terminal.proposal.impact, 'bold'), ...tree.map((line) => `  ${line}`)];
};

/** A step that leads to another state names it. */
const eventLine = ({ at, event, from, to }: JsonObject): string =>
  `  ${text(at)}  ${text(event)}${from === to ? '' : ` → ${text(to)}`}`;

/** Everything: the plan, why, who agreed, what happened. */
export function proposalStory(proposal: JsonObject, lang: Lang, paint: Paint): string {
  const words = DICTIONARIES[lang].terminal.proposal;
  const spec = fieldObject(proposal['spec']);
  const plan = fieldObject(spec['rollbackPlan']);
  const review = fieldObject(proposal['review']);
  const lines = [
    proposalStatus(proposal, lang, paint).trimEnd(),
    '',
    paint(words.plan, 'bold'),
    `  ${text(spec['command'])}`,
    `  ${text(spec['targetState'])}`,
    `  ${words.rollback(text(plan['command'] ?? plan['none']))}`,
    '',
    paint(words.blastRadius, 'bold'),
    ...(Array.isArray(spec['blastReason']) ? spec['blastReason'].map((reason) => `  ${text(reason)}`) : []),
    ...fieldList(proposal['refusals']).map((refusal) => `  ${text(refusal['code'])}: ${text(refusal['message'])}`),
    ...impactLines(fieldObject(spec['impact']), lang, paint),
    '',
    paint(words.votes, 'bold'),
    ...fieldList(proposal['votes']).map(
      (vote) =>
        `  ${text(vote['at'])}  ${text(vote['person'])} ${text(vote['decision'])} (${text(vote['channel'])})${vote['reason'] === null ? '' : `: ${text(vote['reason'])}`}`,
    ),
    ...(typeof review['issueUrl'] === 'string' ? ['', `${words.reviewIssue}  ${text(review['issueUrl'])}`] : []),
    '',
    paint(words.events, 'bold'),
    ...fieldList(proposal['events']).map(eventLine),
    ...(proposal['diagnosis'] === null || proposal['diagnosis'] === undefined
      ? []
      : ['', paint(words.diagnosis, 'bold'), `  ${text(proposal['diagnosis'])}`]),
  ];
  return `${lines.join('\n')}\n`;
}
