// The answer of `blastgate replay` → one HTML page that loads nothing, runs nothing, and shows every text as text.
import type { ActionCounts, ActorCounts, ReplayCounts, TierChange } from '../../core/replay/replay-report.ts';
import { describeReason } from '../../core/text/describe.ts';
import { htmlText, plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import {
  askedLines,
  becauseLine,
  doubtLines,
  evidenceLine,
  grouped,
  headLines,
  type ReplayAnswer,
  scoresLine,
  skippedRows,
} from './replay-answer.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --auto: #1a7f37; --human: #9a6700; --dual: #8250df; --blocked: #cf222e; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .2rem 0; } .note { opacity: .8; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } td.zero { opacity: .35; } tr.all { font-weight: 600; }
.pairs td.n { width: 5rem; } td.name { overflow-wrap: anywhere; }
.auto { color: var(--auto); } .human { color: var(--human); } .dual { color: var(--dual); } .blocked { color: var(--blocked); }
.bar { display: flex; height: 1rem; border-radius: .25rem; overflow: hidden; margin: .75rem 0; background: var(--line); }
.bar svg { width: 100%; height: 100%; }
details { border-bottom: 1px solid var(--line); padding: .35rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { :root { --auto: #3fb950; --human: #d29922; --dual: #bc8cff; --blocked: #f85149; } }
`;

const text = (words: string): string => htmlText(plainLine(words));
const paragraph = (words: string): string => `<p>${text(words)}</p>`;
const section = (title: string, body: string): string => (body === '' ? '' : `<h2>${text(title)}</h2>${body}`);
const list = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('')}</ul>`;

const TIERS = ['auto', 'human', 'dual', 'blocked'] as const;
const COUNTED = [...TIERS, 'refused', 'noBody'] as const;

const numbers = (counts: ReplayCounts): string =>
  COUNTED.map((key) => `<td class="n ${counts[key] === 0 ? 'zero' : key}">${grouped(counts[key])}</td>`).join('');

/** Each tier's share of all, as a bar: widths are attributes of a drawing, so that no style stands in an element. */
const bar = (total: ReplayCounts): string => {
  const all = TIERS.reduce((sum, tier) => sum + total[tier], 0);
  if (all === 0) return '';
  let from = 0;
  const parts = TIERS.map((tier) => {
    const width = (100 * total[tier]) / all;
    const rect = `<rect class="${tier}" x="${from.toFixed(3)}" width="${width.toFixed(3)}" y="0" height="1" fill="currentColor"/>`;
    from += width;
    return rect;
  });
  return `<div class="bar" aria-hidden="true"><svg viewBox="0 0 100 1" preserveAspectRatio="none">${parts.join('')}</svg></div>`;
};

const actorRows = ({ actor, actions }: ActorCounts, unknown: string): string => {
  const row = (counts: ActionCounts): string =>
    `<tr><td class="name">${text(actor) || '-'}</td><td>${text(counts.action ?? unknown)}</td>${numbers(counts)}</tr>`;
  return actions.map(row).join('');
};

const countTable = ({ report }: ReplayAnswer, lang: Lang): string => {
  const { columns, all, unknownAction, refusedMeans } = DICTIONARIES[lang].replay;
  const head = COUNTED.map((key) => `<th class="n" scope="col">${text(columns[key])}</th>`).join('');
  return `<div class="scroll"><table><thead><tr><th scope="col">${text(columns.actor)}</th><th scope="col">${text(columns.action)}</th>${head}</tr></thead>
<tbody>${report.actors.map((actor) => actorRows(actor, unknownAction)).join('\n')}
<tr class="all"><td>${text(all)}</td><td></td>${numbers(report.total)}</tr></tbody></table></div><p class="note">${text(refusedMeans)}</p>`;
};

const changeOf = (change: TierChange, lang: Lang): string => {
  const words = DICTIONARIES[lang].replay;
  const { actor, action, before, after, count, example } = change;
  const tier = (name: string): string => `<strong class="${name}">${name}</strong>`;
  const reasons = example.after.reasons
    .map((reason) => `<tr><td class="n">${reason.points}</td><td>${text(describeReason(reason, lang))}</td></tr>`)
    .join('');
  return `<details><summary>${text(actor)} <strong>${text(action)}</strong>: ${tier(before)} → ${tier(after)}, ${text(words.change(grouped(count)))}</summary>
<p>${text(words.because)}: ${text(becauseLine(change, lang))}</p>
<p>${text(words.first)}: ${text(example.at)} <code>${text(`${example.method} ${example.path}`)}</code>, ${text(scoresLine(change, lang))}</p>
<table class="pairs"><tbody>${reasons}</tbody></table></details>`;
};

const changesSection = ({ report: { changes }, sources }: ReplayAnswer, lang: Lang): string => {
  const words = DICTIONARIES[lang].replay;
  if (changes === null) return '';
  const title = words.changes(sources.policy ?? words.builtIn, sources.against ?? words.builtIn);
  const rows = changes.map((change) => changeOf(change, lang)).join('\n');
  return section(title, rows === '' ? paragraph(words.noChanges) : rows);
};

const pairs = (rows: readonly (readonly [count: number, words: string])[]): string =>
  rows.length === 0
    ? ''
    : `<table class="pairs"><tbody>${rows.map(([count, words]) => `<tr><td class="n">${grouped(count)}</td><td>${text(words)}</td></tr>`).join('')}</tbody></table>`;

/** The page; the same bytes for the same answer. Its policy forbids every source but its own style. */
export function replayPage(answer: ReplayAnswer, lang: Lang): string {
  const words = DICTIONARIES[lang].replay;
  const { report } = answer;
  const body = [
    `<h1>${text(words.title)}</h1>`,
    ...headLines(answer, lang).map(paragraph),
    `<p class="note">${text(evidenceLine(answer, lang))}</p>`,
    bar(report.total),
    report.actors.length === 0 ? paragraph(words.nothing) : countTable(answer, lang),
    ...askedLines(report, lang).map(paragraph),
    section(words.reasons, pairs(report.reasons.map(({ code, count }) => [count, code]))),
    changesSection(answer, lang),
    section(words.cannotTell, list(doubtLines(answer, lang))),
    section(words.notCounted, pairs(skippedRows(report, lang))),
  ];
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${text(words.title)}</title><style>${STYLE}</style></head>
<body>
${body.filter((part) => part !== '').join('\n')}
</body></html>
`;
}
