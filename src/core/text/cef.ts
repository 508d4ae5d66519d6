// A record of the trail → one line of ArcSight's Common Event Format, CEF:0.
import { visible } from './escape.ts';
import type { TrailRecord, Weight } from './trail-record.ts';

/** CEF counts from 0 to 10: 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high. */
const SEVERITY: Record<Weight, number> = { routine: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** In the head a pipe ends a field and a backslash escapes; a line break is not allowed there. */
const headField = (text: string): string => visible(text.replace(/[\r\n]+/g, ' ')).replace(/[\\|]/g, String.raw`\$&`);

/** In the extension an equals sign parts name and value; line breaks stand as \n and \r. Unseen characters are shown. */
const extensionValue = (text: string, longest: number): string =>
  limited(shown(text), longest)
    .split(/(\r|\n)/)
    .map((part) => LINE_BREAKS.get(part) ?? part.replace(/[\\=]/g, String.raw`\$&`))
    .join('');

const shown = (text: string): string =>
  text
    .split(/(\r|\n)/)
    .map((part) => (LINE_BREAKS.has(part) ? part : visible(part)))
    .join('');

/** Collectors count UTF-16 units, and may drop a field that is too long: it is cut where no character is parted. */
const limited = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** Characters that the extension dictionary allows (test/contracts/siem.test.ts holds them). */
const LONGEST = { externalId: 40, short: 63, text: 1023, custom: 4000 } as const;

const LINE_BREAKS: ReadonlyMap<string, string> = new Map([
  ['\r', String.raw`\r`],
  ['\n', String.raw`\n`],
]);

/** One line without its end. Of what the line does not say there is no field. `version` is that of the product. */
export function cefLine(record: TrailRecord, version: string): string {
  const { event, weight, timeMs, seq, result, who, about, state, tier, proposal, incident, command } = record;
  const head = ['CEF:0', 'Blastgate', 'Blastgate', version, event, event, String(SEVERITY[weight])];
  const fields: readonly Field[] = [
    ['rt', timeMs === null ? null : String(timeMs), LONGEST.short],
    ['externalId', String(seq), LONGEST.externalId],
    ['act', event, LONGEST.short],
    ['outcome', result, LONGEST.short],
    ['suser', who, LONGEST.text],
    ...custom(1, 'proposal', proposal),
    ...custom(2, 'incident', incident),
    ...custom(3, 'command', command),
    ...custom(4, 'digest', record.digest),
    ...custom(5, 'tier and state', [tier, state].filter((one) => one !== null).join(' ') || null),
    ...custom(6, 'line hash', record.hash),
    ['destinationServiceName', record.cluster, LONGEST.text],
    ['msg', about, LONGEST.text],
  ];
  const said = fields.flatMap(([name, value, longest]) =>
    value === null || value === '' ? [] : [`${name}=${extensionValue(value, longest)}`],
  );
  return `${head.map((field, i) => (i === 0 ? field : headField(field))).join('|')}|${said.join(' ')}`;
}

/** A name, its value (null: the line does not say), and how long that may be. */
type Field = readonly [name: string, value: string | null, longest: number];

const custom = (place: number, label: string, value: string | null): readonly Field[] =>
  value === null || value === ''
    ? []
    : [
        [`cs${place}Label`, label, LONGEST.text],
        [`cs${place}`, value, LONGEST.custom],
      ];
