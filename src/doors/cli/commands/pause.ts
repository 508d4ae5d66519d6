// `blastgate pause` and `resume`: the switches of a running gate and of its clusters.
import type { JsonObject } from '../../../core/model/json.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import type { Lang } from '../../../core/text/words/lang.ts';
import { fieldText } from '../../json-field.ts';
import { type CliCommand, noWords, textOption } from '../../terminal/command.ts';
import { expectOk, gateClient } from '../../terminal/gate-client.ts';
import { CLIENT_EXITS, OUTPUT, printAnswer } from '../client-command.ts';
import { languageOf } from '../language.ts';

/** What was done, and what of it another switch still holds. */
const pauseLines = (name: 'pause' | 'resume', cluster: string | null, answered: JsonObject, lang: Lang): string => {
  const words = DICTIONARIES[lang].terminal.pause;
  const { gate, clusters, changed } = answered;
  const byThemselves = (Array.isArray(clusters) ? clusters : []).map((one) => plainLine(fieldText(one)));
  const [done, stood] = name === 'pause' ? [words.paused, words.pausedBefore] : [words.resumed, words.notPaused];
  const others = byThemselves.filter((one) => one !== cluster);
  const [first] = others;
  return [
    // A gate of an older version does not say whether: it turned the switch each time.
    (changed === false ? stood : done)(cluster),
    ...(name === 'resume' && cluster !== null && gate === true ? [words.gatePaused] : []),
    ...(first === undefined || (name === 'pause' && cluster === null)
      ? []
      : [words.stillPaused(others.join(', '), first)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
};

const toggle = (name: 'pause' | 'resume'): CliCommand => ({
  name,
  usage: `blastgate ${name} [--cluster NAME] [-o text|json]`,
  example: `blastgate ${name}`,
  exits: CLIENT_EXITS,
  options: { ...OUTPUT, cluster: { type: 'string' } },
  run: async (input, terminal) => {
    noWords(input, name);
    const cluster = textOption(input, 'cluster');
    const body = expectOk(await gateClient(terminal).call('POST', `/${name}`, cluster === null ? {} : { cluster }));
    return printAnswer(input, terminal, body, pauseLines(name, cluster, body, languageOf(terminal.env)));
  },
});

export const pauseCommand = toggle('pause');
export const resumeCommand = toggle('resume');
