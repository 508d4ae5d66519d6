// The events of a proposal, as a gate answers them, become lines: looks that led nowhere else are folded into one.
import { toTheSecond } from '../../core/model/instant.ts';
import { type Json, type JsonObject, ownValue } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fill, type Sentence } from '../../core/text/words/sentence.ts';
import { fieldObject, fieldText } from '../json-field.ts';

const text = (value: Json | undefined): string => plainLine(fieldText(value));

/** The sentence of an event's verdict; the code alone where this command line does not know it. */
const verdictText = ({ direction, verdict: told }: JsonObject, lang: Lang): string => {
  const { verdicts, asBefore } = DICTIONARIES[lang];
  const sentences: Readonly<Record<string, Sentence>> = direction === 'back' ? { ...verdicts, ...asBefore } : verdicts;
  const verdict = fieldObject(told);
  const code = fieldText(verdict['code']);
  const sentence = ownValue<(typeof sentences)[keyof typeof sentences]>(sentences, code);
  const subject = verdict['subject'] == null ? null : fieldText(verdict['subject']);
  return plainLine(sentence === undefined ? code : fill(sentence, { subject }));
};

const directionOf = ({ direction }: JsonObject, lang: Lang): string => {
  const { directions } = DICTIONARIES[lang].terminal.proposal;
  return direction === 'forward' || direction === 'back' ? directions[direction] : text(direction);
};

const progressText = ({ done, of, subject }: JsonObject, lang: Lang): string =>
  `${DICTIONARIES[lang].terminal.proposal.progress(text(done), text(of))}: ${text(subject)}`;

/** What an event says besides its name, by the fields that it has. */
const detailOf = (event: JsonObject, lang: Lang): readonly string[] => {
  const [vote, answer, review] = [event['vote'], event['answer'], event['review']].map(fieldObject);
  const glass = fieldObject(event['breakGlass']);
  const refusal = fieldObject(event['refusal']);
  return [
    'direction' in event ? directionOf(event, lang) : '',
    'proposer' in event ? text(event['proposer']) : '',
    'vote' in event ? `${text(vote?.['person'])} ${text(vote?.['decision'])} (${text(vote?.['channel'])})` : '',
    'breakGlass' in event ? `${text(glass['by'])}: ${text(glass['reason'])}` : '',
    'person' in event ? text(event['person']) : '',
    'by' in event ? text(event['by']) : '',
    'done' in event ? progressText(event, lang) : '',
    'answer' in event ? `${text(answer?.['outcome'])} ${text(answer?.['why'])}`.trim() : '',
    'found' in event ? text(event['found']) : '',
    'verdict' in event && event['verdict'] !== null ? verdictText(event, lang) : '',
    'refusal' in event ? `${text(refusal['code'])} ${text(refusal['about'])}`.trim() : '',
    'withinMinutes' in event ? `${text(event['failures'])} / ${text(event['withinMinutes'])} min` : '',
    'review' in event ? text(review?.['issueUrl'] ?? review?.['error']) : '',
  ].filter((part) => part !== '');
};

const eventLine = (event: JsonObject, lang: Lang): string => {
  const { at, from, to } = event;
  const said = [text(event['event']), detailOf(event, lang).join(': ')].filter((part) => part !== '').join('  ');
  return `${toTheSecond(text(at))}  ${said}${from === to ? '' : ` → ${text(to)}`}`;
};

const isLook = ({ event, from, to }: JsonObject): boolean => event === 'sampled' && from === to;

/** Several looks in a row: how many, until when, and what the first and the last of them saw. */
const looksLines = (looks: readonly JsonObject[], lang: Lang): readonly string[] => {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (looks.length === 1) return [eventLine(first, lang)];
  const words = DICTIONARIES[lang].terminal.proposal;
  const [begin, end] = [first, last].map((look) => verdictText(look, lang));
  const until = toTheSecond(text(last['at']));
  const head = `${toTheSecond(text(first['at']))}  sampled  ${directionOf(first, lang)}: ${words.looks(looks.length, until)}`;
  return [begin === end ? `${head}: ${begin}` : `${head}: ${words.first}: ${begin} ${words.last}: ${end}`];
};

const isProgress = ({ event }: JsonObject): boolean => event === 'progressed';

/** Several steps of one write: where they began, and the last of them, which says all. */
const progressLines = (steps: readonly JsonObject[], lang: Lang): readonly string[] => {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const words = DICTIONARIES[lang].terminal.proposal;
  if (steps.length === 1) return [eventLine(first, lang)];
  const until = toTheSecond(text(last['at']));
  const head = `${toTheSecond(text(first['at']))}  progressed  ${words.progress(text(first['done']), text(first['of']))}`;
  return [`${head} – ${until} ${progressText(last, lang)}`];
};

/** A line for each event, oldest first; one for all looks in a row that are about the same write, and for all its steps. */
export function eventLines(events: readonly JsonObject[], lang: Lang): readonly string[] {
  const groups: JsonObject[][] = [];
  for (const event of events) {
    const [before] = groups.at(-1) ?? [];
    if (before !== undefined && isSameKind(before, event)) groups.at(-1)?.push(event);
    else groups.push([event]);
  }
  return groups.flatMap((group) => {
    const [only] = group;
    if (only !== undefined && isProgress(only)) return progressLines(group, lang);
    return only !== undefined && !isLook(only) ? [eventLine(only, lang)] : looksLines(group, lang);
  });
}

const isSameKind = (one: JsonObject, other: JsonObject): boolean =>
  (isProgress(one) && isProgress(other)) || (isLook(one) && isLook(other) && one['direction'] === other['direction']);
