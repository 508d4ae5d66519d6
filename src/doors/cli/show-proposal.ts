// A proposal of the gate as a person reads it in a terminal.

import { type ImpactEdge, type ImpactNode, RELATIONS, ROLES } from '../../core/impact/impact.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { impactTree } from '../../core/text/impact-tree.ts';
import { fieldList, fieldObject, fieldText } from '../json-field.ts';
import { columns, type Paint } from '../terminal/paint.ts';

const text = (value: Json | undefined): string => plainLine(fieldText(value)) || '-';

/** One line a proposal. */
export function proposalTable(proposals: readonly JsonObject[]): string {
  if (proposals.length === 0) return 'no proposals\n';
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
export function proposalStatus(proposal: JsonObject, paint: Paint): string {
  const needed = fieldObject(proposal['needed']);
  const rows = [
    ['id', text(proposal['id'])],
    ['incident', text(proposal['incident'])],
    ['state', paint(text(proposal['state']), 'bold')],
    ['score', `${text(proposal['score'])} / 100, ${text(proposal['tier'])}`],
    ['digest', text(proposal['digest'])],
    ['approvals', `${text(needed['have'])} of ${text(needed['approvals'])}`],
    ...(typeof proposal['why'] === 'string' ? [['why', text(proposal['why'])]] : []),
    ['next', text(proposal['next'])],
  ];
  return `${columns(rows).join('\n')}\n`;
}

/** What is touched and what depends on it; nothing where no cluster was asked. */
const impactLines = (impact: JsonObject, paint: Paint): readonly string[] => {
  const nodes = fieldList(impact['nodes']).map(({ id, role, count }): ImpactNode => {
    const known = ROLES.find((one) => one === role);
    return { id: fieldText(id), uid: null, role: known ?? 'near', count: typeof count === 'number' ? count : 1 };
  });
  const edges = fieldList(impact['edges']).flatMap(({ from, to, relation }): readonly ImpactEdge[] => {
    const known = RELATIONS.find((one) => one === relation);
    return known === undefined ? [] : [{ from: fieldText(from), to: fieldText(to), relation: known }];
  });
  const tree = impactTree({ nodes, edges }, 'en');
  return tree.length === 0 ? [] : ['', paint('impact', 'bold'), ...tree.map((line) => `  ${line}`)];
};

/** A step that leads to another state names it. */
const eventLine = ({ at, event, from, to }: JsonObject): string =>
  `  ${text(at)}  ${text(event)}${from === to ? '' : ` → ${text(to)}`}`;

/** Everything: the plan, why, who agreed, what happened. */
export function proposalStory(proposal: JsonObject, paint: Paint): string {
  const spec = fieldObject(proposal['spec']);
  const plan = fieldObject(spec['rollbackPlan']);
  const review = fieldObject(proposal['review']);
  const lines = [
    proposalStatus(proposal, paint).trimEnd(),
    '',
    paint('plan', 'bold'),
    `  ${text(spec['command'])}`,
    `  ${text(spec['targetState'])}`,
    `  rollback: ${text(plan['command'] ?? plan['none'])}`,
    '',
    paint('blast radius', 'bold'),
    ...(Array.isArray(spec['blastReason']) ? spec['blastReason'].map((reason) => `  ${text(reason)}`) : []),
    ...fieldList(proposal['refusals']).map((refusal) => `  ${text(refusal['code'])}: ${text(refusal['message'])}`),
    ...impactLines(fieldObject(spec['impact']), paint),
    '',
    paint('votes', 'bold'),
    ...fieldList(proposal['votes']).map(
      (vote) =>
        `  ${text(vote['at'])}  ${text(vote['person'])} ${text(vote['decision'])} (${text(vote['channel'])})${vote['reason'] === null ? '' : `: ${text(vote['reason'])}`}`,
    ),
    ...(typeof review['issueUrl'] === 'string' ? ['', `review issue  ${text(review['issueUrl'])}`] : []),
    '',
    paint('events', 'bold'),
    ...fieldList(proposal['events']).map(eventLine),
    ...(proposal['diagnosis'] === null || proposal['diagnosis'] === undefined
      ? []
      : ['', paint("diagnosis (the proposer's words)", 'bold'), `  ${text(proposal['diagnosis'])}`]),
  ];
  return `${lines.join('\n')}\n`;
}
