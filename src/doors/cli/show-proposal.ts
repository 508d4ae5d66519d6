// A proposal of the gate as a person reads it in a terminal.

import { type ImpactEdge, type ImpactNode, RELATIONS, ROLES } from '../../core/impact/impact.ts';
import { toTheSecond } from '../../core/model/instant.ts';
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import type { ObjectChange } from '../../core/model/object-change.ts';
import { changeDiff } from '../../core/text/change-diff.ts';
import { plainLine, visible } from '../../core/text/escape.ts';
import { impactTree } from '../../core/text/impact-tree.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fieldList, fieldObject, fieldText } from '../json-field.ts';
import { columns, type Paint } from '../terminal/paint.ts';
import { eventLines } from './show-events.ts';
import { ageOf } from './times.ts';

const text = (value: Json | undefined): string => plainLine(fieldText(value)) || '-';

/** `now`: milliseconds since the epoch, from which ages are counted; `isOfSeveral`: the gate looks after several clusters. */
interface TableContext {
  readonly now: number;
  readonly lang: Lang;
  readonly isOfSeveral: boolean;
}

/** One line for each damaged row. */
export function unreadableLines(ids: readonly Json[], lang: Lang): string {
  return ids.map((id) => `${text(id)}  ${DICTIONARIES[lang].terminal.proposal.unreadable}\n`).join('');
}

/** One line a proposal. */
export function proposalTable(proposals: readonly JsonObject[], { now, lang, isOfSeveral }: TableContext): string {
  const words = DICTIONARIES[lang].terminal.proposal;
  if (proposals.length === 0) return `${words.noProposals}\n`;
  const rows = proposals.map((proposal) => {
    const spec = fieldObject(proposal['spec']);
    return [
      text(proposal['id']),
      text(proposal['incident']),
      text(proposal['state']),
      ageOf(fieldText(proposal['createdAt']), now),
      text(proposal['score']),
      text(proposal['tier']),
      text(proposal['proposer']),
      text(spec['action']),
      text(spec['target']),
      text(spec['namespace']),
      ...(isOfSeveral ? [text(fieldObject(spec['cluster'])['name'])] : []),
    ];
  });
  const { id, incident, state, age, score, tier, proposer, action, target, namespace, cluster } = words.columns;
  const own = isOfSeveral ? [cluster] : [];
  const head = [id, incident, state, age, score, tier, proposer, action, target, namespace, ...own];
  return `${columns([head, ...rows]).join('\n')}\n${glassNotes(proposals, lang)}${hastyNotes(proposals, lang)}${reviewNotes(proposals)}`;
}

/** Who broke the glass, and why. */
const glassText = (proposal: JsonObject): string => {
  const { by, reason } = fieldObject(proposal['breakGlass']);
  return `${text(by)}: ${text(reason)}`;
};

/** Below the table: whose yes came within seconds of being shown. */
const hastyNotes = (proposals: readonly JsonObject[], lang: Lang): string =>
  proposals
    .flatMap(({ id, votes }) => fieldList(votes).flatMap((vote) => (vote['hasty'] === true ? [{ id, vote }] : [])))
    .map(({ id, vote }) => `${text(id)}: ${text(vote['person'])} ${DICTIONARIES[lang].terminal.proposal.hasty}\n`)
    .join('');

/** Below the table: where one person stood for all missing votes. */
const glassNotes = (proposals: readonly JsonObject[], lang: Lang): string =>
  proposals
    .filter((one) => 'breakGlass' in one)
    .map((one) => `${text(one['id'])}: ${DICTIONARIES[lang].terminal.proposal.breakGlass} ${glassText(one)}\n`)
    .join('');

/** Below the table: which of them lack their review issue. */
const reviewNotes = (proposals: readonly JsonObject[]): string =>
  proposals
    .filter(({ reviewNotice }) => typeof reviewNotice === 'string')
    .map(({ id, reviewNotice }) => `${text(id)}: ${text(reviewNotice)}\n`)
    .join('');

/** What became of it and what it waits for: the first lines that `propose` and `status` print. */
export function proposalStatus(proposal: JsonObject, lang: Lang, paint: Paint): string {
  return `${columns(statusRows(proposal, lang, paint)).join('\n')}\n`;
}

const statusRows = (proposal: JsonObject, lang: Lang, paint: Paint): readonly (readonly string[])[] => {
  const words = DICTIONARIES[lang].terminal.proposal;
  const needed = fieldObject(proposal['needed']);
  return [
    [words.id, text(proposal['id'])],
    [words.incident, text(proposal['incident'])],
    [words.state, paint(text(proposal['state']), 'bold')],
    [words.score, `${text(proposal['score'])} / 100, ${text(proposal['tier'])}`],
    [words.digest, text(proposal['digest'])],
    [words.approvals, words.approvalsOf(text(needed['have']), text(needed['approvals']))],
    ...('breakGlass' in proposal ? [[words.breakGlass, glassText(proposal)]] : []),
    ...(typeof proposal['why'] === 'string' ? [[words.why, text(proposal['why'])]] : []),
    ...(typeof proposal['reviewNotice'] === 'string' ? [[words.reviewIssue, text(proposal['reviewNotice'])]] : []),
    [words.next, text(proposal['next'])],
  ];
};

/** Who, where and when, and both verdicts: that of the change stays when the rollback has one of its own. */
const recordRows = (proposal: JsonObject, lang: Lang): readonly (readonly string[])[] => {
  const { proposal: words, score } = DICTIONARIES[lang].terminal;
  const { is } = fieldObject(proposal['runnable']);
  const { name, uid } = fieldObject(fieldObject(proposal['spec'])['cluster']);
  const newest = fieldList(proposal['events']).findLast(({ from, to }) => from !== to);
  const verdicts = [
    [words.verdict, fieldObject(proposal['verdict'])['message']],
    [words.rollbackVerdict, fieldObject(proposal['rollbackVerdict'])['message']],
  ] as const;
  return [
    ...(typeof is === 'boolean' ? [[score.runnable, is ? score.yes : score.notRunnable(null)]] : []),
    [words.proposer, text(proposal['proposer'])],
    [words.cluster, text(name ?? uid)],
    [words.created, toTheSecond(text(proposal['createdAt']))],
    [words.expires, toTheSecond(text(proposal['expiresAt']))],
    ...(newest === undefined ? [] : [[words.since, `${toTheSecond(text(newest['at']))} (${text(newest['to'])})`]]),
    ...verdicts.flatMap(([title, message]) => (typeof message === 'string' ? [[title, text(message)]] : [])),
  ];
};

/** Where the review issue is; [] where there is none: the notice among the first lines says why. */
const reviewLines = (review: JsonObject, lang: Lang): readonly string[] =>
  typeof review['issueUrl'] === 'string'
    ? ['', `${DICTIONARIES[lang].terminal.proposal.reviewIssue}  ${text(review['issueUrl'])}`]
    : [];

/** What is touched and what depends on it; nothing where no cluster was asked. */
const impactLines = (impact: JsonObject, lang: Lang, paint: Paint): readonly string[] => {
  const nodes = fieldList(impact['nodes']).map(({ id, role, count, going }): ImpactNode => {
    const known = ROLES.find((one) => one === role);
    return {
      id: fieldText(id),
      uid: null,
      role: known ?? 'near',
      count: typeof count === 'number' ? count : 1,
      ...(typeof going === 'number' ? { going } : {}),
    };
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

const voteLines = (votes: readonly JsonObject[], lang: Lang): readonly string[] =>
  votes.length === 0
    ? [`  ${DICTIONARIES[lang].terminal.spec.none}`]
    : votes.map(({ at, person, decision, channel, reason, hasty }) => {
        const said = `${toTheSecond(text(at))}  ${text(person)} ${text(decision)} (${text(channel)})`;
        const mark = hasty === true ? ` [${DICTIONARIES[lang].terminal.proposal.hasty}]` : '';
        return `  ${said}${mark}${reason === null ? '' : `: ${text(reason)}`}`;
      });

/** What a dry run has shown; what is no change as the gate writes it is left out. */
const changeLines = (spec: JsonObject): readonly string[] => {
  const changes = fieldList(spec['changes']).filter(
    ({ object, fields }) => typeof object === 'string' && Array.isArray(fields) && fields.every(isObject),
  );
  // as: a change as the gate's own spec has it.
  const lines = changeDiff(changes as unknown as readonly ObjectChange[]);
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `  ${line}`)];
};

/** A command a line, so that each can be copied and run by itself. */
const rollbackLines = (plan: JsonObject, lang: Lang): readonly string[] => {
  const { rollback } = DICTIONARIES[lang].terminal.proposal;
  const [first = '', ...more] = fieldText(plan['command'] ?? plan['none'])
    .split('\n')
    .map(plainLine);
  const indent = ' '.repeat(rollback('').length);
  return [rollback(first), ...more.map((line) => `${indent}${line}`)];
};

const printedLines = (printed: Json | undefined): readonly string[] => {
  const lines = visible(fieldText(printed)).replace(/\n$/, '').split('\n');
  return lines.map((line) => `  ${line}`);
};

/** What a program printed; nothing where none was run, or it has not ended. */
const outputLines = (proposal: JsonObject, lang: Lang, paint: Paint): readonly string[] => {
  if (!('output' in proposal)) return [];
  const words = DICTIONARIES[lang].terminal.proposal.output;
  const { stdout, stderr, exitCode, truncated } = fieldObject(proposal['output']);
  const title = paint(words.title(text(exitCode)), 'bold');
  if (proposal['output'] === null) return ['', title, `  ${words.lost}`];
  return [
    '',
    title,
    ...(stdout === '' ? [`  ${words.nothing}`] : printedLines(stdout)),
    ...(stderr === '' ? [] : [`  ${words.stderr}`, ...printedLines(stderr)]),
    ...(truncated === true ? [`  ${words.truncated}`] : []),
  ];
};

/** Everything: the plan, why, who agreed, what happened. */
export function proposalStory(proposal: JsonObject, lang: Lang, paint: Paint): string {
  const words = DICTIONARIES[lang].terminal.proposal;
  const spec = fieldObject(proposal['spec']);
  const plan = fieldObject(spec['rollbackPlan']);
  const lines = [
    ...columns([...statusRows(proposal, lang, paint), ...recordRows(proposal, lang)]),
    '',
    paint(words.plan, 'bold'),
    `  ${text(spec['command'])}`,
    `  ${text(spec['targetState'])}`,
    ...rollbackLines(plan, lang).map((line) => `  ${line}`),
    ...changeLines(spec),
    '',
    paint(words.blastRadius, 'bold'),
    ...(Array.isArray(spec['blastReason']) ? spec['blastReason'].map((reason) => `  ${text(reason)}`) : []),
    ...fieldList(proposal['refusals']).map((refusal) => `  ${text(refusal['code'])}: ${text(refusal['message'])}`),
    ...impactLines(fieldObject(spec['impact']), lang, paint),
    ...outputLines(proposal, lang, paint),
    '',
    paint(words.votes, 'bold'),
    ...voteLines(fieldList(proposal['votes']), lang),
    ...reviewLines(fieldObject(proposal['review']), lang),
    '',
    paint(words.events, 'bold'),
    ...eventLines(fieldList(proposal['events']), lang).map((line) => `  ${line}`),
    ...(proposal['diagnosis'] === null || proposal['diagnosis'] === undefined
      ? []
      : ['', paint(words.diagnosis, 'bold'), `  ${text(proposal['diagnosis'])}`]),
  ];
  return `${lines.join('\n')}\n`;
}
