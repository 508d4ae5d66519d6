// `blastgate outcomes`: how actions went, or what was only observed, a page at a time.
import { type CliCommand, noWords } from '../../terminal/command.ts';
import { expectOk, gateClient } from '../../terminal/gate-client.ts';
import { CLIENT_EXITS, OUTPUT, printAnswer } from '../client-command.ts';
import { languageOf } from '../language.ts';
import { nextPage, pageQuery } from '../pages.ts';

export const outcomesCommand: CliCommand = {
  name: 'outcomes',
  usage: 'blastgate outcomes [--shadow] [--limit N] [--cursor C] [-o text|json]',
  example: 'blastgate outcomes',
  exits: CLIENT_EXITS,
  options: { ...OUTPUT, shadow: { type: 'boolean' }, limit: { type: 'string' }, cursor: { type: 'string' } },
  run: async (input, terminal) => {
    noWords(input, 'outcomes');
    const query = pageQuery(input, ['limit', 'cursor']);
    if (input.values['shadow'] === true) {
      const observed = expectOk(await gateClient(terminal).call('GET', `/shadow?${query.toString()}`));
      const { shadowTable } = await import('../show-shadow.ts');
      return printAnswer(input, terminal, observed, shadowTable(observed, languageOf(terminal.env)));
    }
    const body = expectOk(await gateClient(terminal).call('GET', `/outcomes?${query.toString()}`));
    const { outcomeTables } = await import('../show-outcomes.ts');
    const words = `${outcomeTables(body, languageOf(terminal.env))}${nextPage('outcomes', query, body)}`;
    return printAnswer(input, terminal, body, words);
  },
};
