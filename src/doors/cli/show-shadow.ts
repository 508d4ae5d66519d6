// What was observed in shadow mode → a table for a terminal: per proposer and action, by what the gate would have said.
import { type JsonObject, ownValue } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fieldList, fieldObject, fieldText } from '../json-field.ts';
import { columns } from '../terminal/paint.ts';

const text = (row: JsonObject, name: string): string => plainLine(fieldText(ownValue(row, name))) || '-';

/** Reads the answer of GET /shadow. */
export function shadowTable(body: JsonObject, lang: Lang): string {
  const words = DICTIONARIES[lang].shadow;
  const notice = plainLine(fieldText(body['notice']));
  const summary = fieldList(body['summary']);
  const head = notice === '' ? [] : [notice];
  if (summary.length === 0) return [...head, words.none, ''].join('\n');
  const rows = summary.map((row) => {
    const counts = fieldObject(row['counts']);
    return [
      text(row, 'proposer'),
      text(row, 'action'),
      ...['auto', 'human', 'dual', 'blocked'].map((tier) => text(counts, tier)),
      text(row, 'refused'),
    ];
  });
  const { proposer, action, auto, human, dual, blocked, refused } = words.columns;
  return [
    ...head,
    words.title,
    ...columns([[proposer, action, auto, human, dual, blocked, refused], ...rows]),
    '',
  ].join('\n');
}
