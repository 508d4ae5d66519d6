// A record of the trail → one line of ArcSight's Common Event Format, CEF:0.
import { visible } from './escape.ts';
import type { TrailRecord, Weight } from './trail-record.ts';

/** CEF counts from 0 to 10: 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high. */
const SEVERITY: Record<Weight, number> = { routine: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** In the head a pipe ends a field and a backslash escapes; a line break is not allowed there. */
const headField = (text: string): string => visible(text.replace(/[\r\n]+/g, ' ')).replace(/[\\|]/g, String.raw`\$&`);

/** In the extension an equals sign parts name and value; line breaks stand as \n and \r. Unseen characters are shown. */
const extensionValue = (text: string): string =>
  text
    .split(/(\r|\n)/)
    .map((part) => LINE_BREAKS.get(part) ?? visible(part).replace(/[\\=]/g, String.raw`\$&`))
    .join('');

const LINE_BREAKS: ReadonlyMap<string, string> = new Map([
  ['\r', String.raw`\r`],
  ['\n', String.raw`\n`],
]);

/** One line without its end. Of what the line does not say there is no field. `version` is that of the product. */
export function cefLine(record: TrailRecord, version: string): string {
  const { event, weight, timeMs, seq, result, who, about, state, tier, proposal, incident, command } = record;
  const head = ['CEF:0', 'Blastgate', 'Blastgate', version, event, event, String(SEVERITY[weight])];
  const fields: readonly (readonly [name: string, value: string | null])[] = [
    ['rt', timeMs === null ? null : String(timeMs)],
    ['externalId', String(seq)],
    ['act', event],
    ['outcome', result],
    ['suser', who],
    ...custom(1, 'proposal', proposal),
    ...custom(2, 'incident', incident),
    ...custom(3, 'command', command),
    ...custom(4, 'digest', record.digest),
    ...custom(5, 'tier and state', [tier, state].filter((one) => one !== null).join(' ') || null),
    ...custom(6, 'line hash', record.hash),
    ['dhost', record.cluster],
    ['msg', about],
  ];
  const said = fields.flatMap(([name, value]) => (value === null ? [] : [`${name}=${extensionValue(value)}`]));
  return `${head.map((field, i) => (i === 0 ? field : headField(field))).join('|')}|${said.join(' ')}`;
}

const custom = (place: number, label: string, value: string | null): readonly (readonly [string, string])[] =>
  value === null
    ? []
    : [
        [`cs${place}Label`, label],
        [`cs${place}`, value],
      ];
