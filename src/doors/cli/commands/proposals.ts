// `blastgate status`, `show`, `list` and `cancel`: what a running gate knows of proposals, and taking one back.
import type { JsonObject } from '../../../core/model/json.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { fieldList } from '../../json-field.ts';
import { type CliCommand, noWords } from '../../terminal/command.ts';
import { expectOk, gateClient } from '../../terminal/gate-client.ts';
import { painter } from '../../terminal/paint.ts';
import { CLIENT_EXITS, namedProposal, OUTPUT, printAnswer, printStatus } from '../client-command.ts';
import { languageOf } from '../language.ts';
import { nextPage, pageQuery } from '../pages.ts';
import { proposalStory, proposalTable, unreadableLines } from '../show-proposal.ts';

export const statusCommand: CliCommand = {
  name: 'status',
  usage: 'blastgate status ID [-o text|json]',
  example: 'blastgate status INC-1003',
  exits: CLIENT_EXITS,
  options: OUTPUT,
  run: async (input, terminal) => {
    const proposal = expectOk(await gateClient(terminal).call('GET', `/proposals/${namedProposal(input)}`));
    return printStatus(input, terminal, proposal);
  },
};

export const showCommand: CliCommand = {
  name: 'show',
  usage: 'blastgate show ID [-o text|json]',
  example: 'blastgate show INC-1003',
  exits: CLIENT_EXITS,
  options: OUTPUT,
  run: async (input, terminal) => {
    const proposal = expectOk(await gateClient(terminal).call('GET', `/proposals/${namedProposal(input)}`));
    const words = proposalStory(proposal, languageOf(terminal.env), painter(terminal));
    return printAnswer(input, terminal, proposal, words);
  },
};

export const cancelCommand: CliCommand = {
  name: 'cancel',
  usage: 'blastgate cancel ID [-o text|json]',
  example: 'blastgate cancel p-1',
  exits: CLIENT_EXITS,
  options: OUTPUT,
  run: async (input, terminal) => {
    const proposal = expectOk(await gateClient(terminal).call('DELETE', `/proposals/${namedProposal(input)}`));
    return printStatus(input, terminal, proposal);
  },
};

/** What stands above every list while requests are only observed. */
const noticeLine = ({ notice }: JsonObject): string =>
  typeof notice === 'string' && notice !== '' ? `${plainLine(notice)}\n` : '';

export const listCommand: CliCommand = {
  name: 'list',
  usage: 'blastgate list [--state S] [--incident INC] [--limit N] [--cursor C] [-o text|json]',
  example: 'blastgate list --state awaiting-approval',
  exits: CLIENT_EXITS,
  options: {
    ...OUTPUT,
    state: { type: 'string' },
    incident: { type: 'string' },
    limit: { type: 'string' },
    cursor: { type: 'string' },
  },
  run: async (input, terminal) => {
    noWords(input, 'list');
    const query = pageQuery(input, ['state', 'incident', 'limit', 'cursor']);
    const body = expectOk(await gateClient(terminal).call('GET', `/proposals?${query.toString()}`));
    const proposals = fieldList(body['proposals']);
    const lang = languageOf(terminal.env);
    // A gate of one cluster names none.
    const isOfSeveral = Array.isArray(body['clusters']);
    const damaged = unreadableLines(Array.isArray(body['unreadable']) ? body['unreadable'] : [], lang);
    const words = `${noticeLine(body)}${proposalTable(proposals, { now: Date.now(), lang, isOfSeveral })}${damaged}${nextPage('list', query, body)}`;
    return printAnswer(input, terminal, body, words);
  },
};
