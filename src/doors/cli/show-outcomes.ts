// What became of actions that reached the cluster, as tables: one by one, and per action and target.

import { toTheSecond } from '../../core/model/instant.ts';
import { type JsonObject, ownValue } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fieldList, fieldObject, fieldText } from '../json-field.ts';
import { columns } from '../terminal/paint.ts';
import { shortSpan } from './times.ts';

/** So many are shown one by one; all of them are in the JSON. */
const SHOWN = 20;
const SHOWN_OBJECTS = 3;

const text = (row: JsonObject, name: string): string => plainLine(fieldText(ownValue(row, name))) || '-';

const endedAt = (outcome: JsonObject): string => fieldText(fieldObject(outcome['times'])['ended']);

/** What was hit, by name: "deployments.apps shop/web, deployments.apps shop/api and 2 more". */
const objectsOf = ({ objects }: JsonObject): string => {
  const names = Array.isArray(objects) ? objects.map((one) => plainLine(fieldText(one))) : [];
  const more = names.length - SHOWN_OBJECTS;
  return `${names.slice(0, SHOWN_OBJECTS).join(', ')}${more > 0 ? `, +${more}` : ''}` || '-';
};

/** Reads the answer of GET /outcomes: the newest outcomes, then one row per action and target. */
export function outcomeTables(body: JsonObject, lang: Lang): string {
  const words = DICTIONARIES[lang].terminal.outcomes;
  const [outcomes, summary] = [fieldList(body['outcomes']), fieldList(body['summary'])];
  if (summary.length === 0 && outcomes.length === 0) return `${words.none}\n`;
  const shown = outcomes.slice(0, SHOWN);
  const each = shown.map((outcome) => [
    toTheSecond(plainLine(endedAt(outcome))),
    text(outcome, 'incident'),
    text(outcome, 'proposal'),
    `${text(outcome, 'state')}${'breakGlass' in outcome ? ` (${DICTIONARIES[lang].terminal.proposal.breakGlass})` : ''}${'hasty' in outcome ? ` (${DICTIONARIES[lang].terminal.proposal.hasty})` : ''}`,
    text(outcome, 'blast_radius_score'),
    text(outcome, 'action'),
    objectsOf(outcome),
  ]);
  const { ended, incident, proposal, state, score, action, objects, target, ...rest } = words.columns;
  const sums = summary.map((row) => [
    text(row, 'action'),
    text(row, 'target'),
    text(row, 'runs'),
    text(row, 'succeeded'),
    text(row, 'rolledBack'),
    text(row, 'failed'),
    typeof row['secondsToApprove'] === 'number' ? shortSpan(row['secondsToApprove']) : '-',
    toTheSecond(plainLine(fieldText(row['lastEnded']))),
  ]);
  const head = [action, target, rest.runs, rest.succeeded, rest.rolledBack, rest.failed, rest.medianWait, rest.lastRun];
  return [
    words.each(shown.length, outcomes.length),
    ...columns([[ended, incident, proposal, state, score, action, objects], ...each]),
    '',
    words.summary,
    ...columns([head, ...sums]),
    '',
  ].join('\n');
}
