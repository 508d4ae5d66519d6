// The client commands about proposals: each is one or two calls to a running gate.

import { requestJson } from '../../../core/model/api-request.ts';
import type { Command } from '../../../core/model/command.ts';
import type { Json, JsonObject } from '../../../core/model/json.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import type { Lang } from '../../../core/text/words/lang.ts';
import { fieldText } from '../../json-field.ts';
import { jsonLine } from '../../json-line.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { expectOk, type GateClient, gateClient, problemText } from '../../terminal/gate-client.ts';
import { painter } from '../../terminal/paint.ts';
import { languageOf } from '../language.ts';
import { filesOf } from '../local-files.ts';
import { outputFormat, proposedCommand } from '../proposed-command.ts';
import { proposalStatus, proposalStory, proposalTable, unreadableLines } from '../show-proposal.ts';
import { windowOf } from '../window.ts';
import { exitCodeOf } from './score.ts';

const OUTPUT = { output: { type: 'string', short: 'o' } } as const;

/** What every command that only asks a gate may end with. */
const CLIENT = ['done', 'broken', 'usage'] as const;

const answer = (input: CommandInput, terminal: Terminal, body: JsonObject, words: string): number => {
  terminal.out(outputFormat(input) === 'json' ? `${jsonLine(body, 2)}\n` : words);
  return EXIT.auto;
};

const idOf = ({ words }: CommandInput): string => {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0)
    throw new UsageError('name one proposal by its id, or by the incident it is open for');
  return encodeURIComponent(id);
};

const noWords = ({ words }: CommandInput, name: string): void => {
  if (words.length > 0) throw new UsageError(`${name} takes no arguments`);
};

const textOption = ({ values }: CommandInput, name: string): string | null => {
  const value = values[name];
  return typeof value === 'string' ? value : null;
};

/** States after which nothing more happens by itself; --wait ends there. */
const SETTLED = new Set([
  'blocked',
  'refused',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'stale',
  'failed',
  'succeeded',
  'handed-over',
  'rolled-back',
  'rollback-failed',
]);

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

const settled = async (client: GateClient, first: JsonObject, terminal: Terminal): Promise<JsonObject> => {
  let proposal = first;
  let said = '';
  while (!SETTLED.has(fieldText(proposal['state']))) {
    if (proposal['state'] !== said) terminal.err(`${fieldText(proposal['state'])}: ${fieldText(proposal['next'])}\n`);
    said = fieldText(proposal['state']);
    await sleep(500);
    proposal = expectOk(await client.call('GET', `/proposals/${encodeURIComponent(fieldText(proposal['id']))}`));
  }
  return proposal;
};

export const proposeCommand: CliCommand = {
  name: 'propose',
  usage:
    'blastgate propose --incident INC [--diagnosis T] [--window SECONDS] [--cluster NAME] [-n NS] [--wait] [-o text|json] (-- kubectl … | --command LINE | --request F)',
  example: 'blastgate propose --incident INC-1003 -- kubectl rollout restart deployment/web -n shop',
  exits: ['auto', 'broken', 'usage', 'human', 'dual', 'blocked', 'refused'],
  options: {
    ...OUTPUT,
    incident: { type: 'string' },
    diagnosis: { type: 'string' },
    window: { type: 'string' },
    cluster: { type: 'string' },
    namespace: { type: 'string', short: 'n' },
    command: { type: 'string' },
    request: { type: 'string' },
    wait: { type: 'boolean' },
  },
  run: async (input, terminal) => {
    const incident = textOption(input, 'incident');
    if (incident === null) throw new UsageError('--incident is missing: name the incident that this is for');
    const command = proposedCommand(input);
    const files = filesOf(command);
    const request: Record<string, Json> = {
      incident,
      ...givenAs(command),
      ...(files.size === 0 ? {} : { files: Object.fromEntries(files) }),
    };
    for (const name of ['diagnosis', 'namespace', 'cluster']) {
      const value = textOption(input, name);
      if (value !== null) request[name] = value;
    }
    const windowSeconds = windowOf(input);
    if (windowSeconds !== null) request['windowSeconds'] = windowSeconds;
    const client = gateClient(terminal);
    const { status, body } = await client.call('POST', '/proposals', request);
    if (status === 422 || status === 409 || status === 429) {
      terminal.err(`blastgate propose: ${problemText(status, body)}${keptAs(body, terminal)}\n`);
      return EXIT.refused;
    }
    const accepted = expectOk({ status, body });
    const proposal = input.values['wait'] === true ? await settled(client, accepted, terminal) : accepted;
    answer(input, terminal, proposal, proposalStatus(proposal, languageOf(terminal.env), painter(terminal)));
    if (proposal['state'] === 'refused') return EXIT.refused;
    return exitCodeOf({ tier: proposal['tier'] as 'auto', executable: true });
  },
};

/** As the gate takes it. */
const givenAs = (command: Command): JsonObject => {
  if (command.kind === 'argv') return { argv: command.argv };
  return command.kind === 'line' ? { command: command.line } : { request: requestJson(command.request) };
};

/** A refused proposal is kept, too: the problem document names it. */
const keptAs = ({ id }: JsonObject, { env }: Terminal): string =>
  typeof id === 'string' ? ` ${DICTIONARIES[languageOf(env)].terminal.proposal.keptAs(plainLine(id))}` : '';

const reading = (name: 'status' | 'show', show: (proposal: JsonObject, terminal: Terminal) => string): CliCommand => ({
  name,
  usage: `blastgate ${name} ID [-o text|json]`,
  example: `blastgate ${name} INC-1003`,
  exits: CLIENT,
  options: OUTPUT,
  run: async (input, terminal) => {
    const proposal = expectOk(await gateClient(terminal).call('GET', `/proposals/${idOf(input)}`));
    return answer(input, terminal, proposal, show(proposal, terminal));
  },
});

export const statusCommand = reading('status', (proposal, terminal) =>
  proposalStatus(proposal, languageOf(terminal.env), painter(terminal)),
);
export const showCommand = reading('show', (proposal, terminal) =>
  proposalStory(proposal, languageOf(terminal.env), painter(terminal)),
);

/** The options of these names as a query. */
const pageQuery = (input: CommandInput, names: readonly string[]): URLSearchParams =>
  new URLSearchParams(
    names.flatMap((name): [string, string][] => {
      const value = textOption(input, name);
      return value === null ? [] : [[name, value]];
    }),
  );

/** The command for the next page; nothing at the end. */
const nextPage = (command: string, query: URLSearchParams, { next }: JsonObject): string => {
  if (typeof next !== 'string') return '';
  const same = [...query].flatMap(([name, value]) => (name === 'cursor' ? [] : ` --${name} ${value}`)).join('');
  return `blastgate ${command}${same} --cursor ${next}\n`;
};

/** What stands above every list while requests are only observed. */
const noticeLine = ({ notice }: JsonObject): string =>
  typeof notice === 'string' && notice !== '' ? `${plainLine(notice)}\n` : '';

export const listCommand: CliCommand = {
  name: 'list',
  usage: 'blastgate list [--state S] [--incident INC] [--limit N] [--cursor C] [-o text|json]',
  example: 'blastgate list --state awaiting-approval',
  exits: CLIENT,
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
    const proposals = Array.isArray(body['proposals']) ? (body['proposals'] as readonly JsonObject[]) : [];
    const lang = languageOf(terminal.env);
    // A gate of one cluster names none.
    const isOfSeveral = Array.isArray(body['clusters']);
    const damaged = unreadableLines(Array.isArray(body['unreadable']) ? body['unreadable'] : [], lang);
    const words = `${noticeLine(body)}${proposalTable(proposals, { now: Date.now(), lang, isOfSeveral })}${damaged}${nextPage('list', query, body)}`;
    return answer(input, terminal, body, words);
  },
};

/** Votes with the digest that the caller named, or else the one that stands now. */
const vote = (name: 'approve' | 'reject', usage: string, example: string): CliCommand => ({
  name,
  usage,
  example,
  exits: CLIENT,
  options: { ...OUTPUT, digest: { type: 'string' }, reason: { type: 'string' } },
  run: async (input, terminal) => {
    const id = idOf(input);
    const reason = textOption(input, 'reason');
    if (name === 'reject' && reason === null) throw new UsageError('--reason is missing: say why it must not run');
    const client = gateClient(terminal);
    const digest = textOption(input, 'digest') ?? (await openDigest(client, id, name));
    const proposal = expectOk(
      await client.call('POST', `/proposals/${id}/votes`, {
        decision: name,
        digest,
        ...(reason === null ? {} : { reason }),
      }),
    );
    return answer(input, terminal, proposal, proposalStatus(proposal, languageOf(terminal.env), painter(terminal)));
  },
});

/** A denial needs no digest; a yes to an incident needs one as soon as it has had several, as in the chat (contract section 4). */
const openDigest = async (client: GateClient, id: string, name: 'approve' | 'reject'): Promise<string> => {
  const proposal = expectOk(await client.call('GET', `/proposals/${id}`));
  const { digest } = proposal;
  if (typeof digest !== 'string') throw new CommandFailed('the proposal has no digest to vote on');
  if (name === 'reject' || encodeURIComponent(fieldText(proposal['id'])) === id) return digest;
  const { proposals } = expectOk(await client.call('GET', `/proposals?limit=200&incident=${id}`));
  const digests = new Set(
    (Array.isArray(proposals) ? (proposals as readonly JsonObject[]) : []).map((one) => one['digest']),
  );
  if (digests.size <= 1) return digest;
  throw new CommandFailed(
    `digest-required: ${decodeURIComponent(id)} has had ${digests.size} digests. Read it again (blastgate show ${fieldText(proposal['id'])}) and name what you mean: --digest ${digest.slice(7, 19)}`,
  );
};

export const approveCommand = vote(
  'approve',
  'blastgate approve ID [--digest D] [--reason T] [-o text|json]',
  'blastgate approve p-1 --digest 37631635075d',
);
export const rejectCommand = vote(
  'reject',
  'blastgate reject ID --reason T [--digest D] [-o text|json]',
  "blastgate reject INC-1003 --reason 'the sale is on until noon'",
);

export const breakGlassCommand: CliCommand = {
  name: 'break-glass',
  usage: 'blastgate break-glass ID --reason T [--digest D] [-o text|json]',
  example: "blastgate break-glass INC-1003 --reason 'the shop is down and nobody else answers'",
  exits: CLIENT,
  options: { ...OUTPUT, digest: { type: 'string' }, reason: { type: 'string' } },
  run: async (input, terminal) => {
    const id = idOf(input);
    const reason = textOption(input, 'reason');
    if (reason === null) throw new UsageError('--reason is missing: say why it cannot wait for the others');
    const client = gateClient(terminal);
    const digest = textOption(input, 'digest') ?? (await openDigest(client, id, 'approve'));
    const proposal = expectOk(await client.call('POST', `/proposals/${id}/break-glass`, { digest, reason }));
    return answer(input, terminal, proposal, proposalStatus(proposal, languageOf(terminal.env), painter(terminal)));
  },
};

export const cancelCommand: CliCommand = {
  name: 'cancel',
  usage: 'blastgate cancel ID [-o text|json]',
  example: 'blastgate cancel p-1',
  exits: CLIENT,
  options: OUTPUT,
  run: async (input, terminal) => {
    const proposal = expectOk(await gateClient(terminal).call('DELETE', `/proposals/${idOf(input)}`));
    return answer(input, terminal, proposal, proposalStatus(proposal, languageOf(terminal.env), painter(terminal)));
  },
};

/** What was done, and what of it another switch still holds. */
const pauseLines = (name: 'pause' | 'resume', cluster: string | null, answered: JsonObject, lang: Lang): string => {
  const words = DICTIONARIES[lang].terminal.pause;
  const { gate, clusters } = answered;
  const byThemselves = (Array.isArray(clusters) ? clusters : []).map((one) => plainLine(fieldText(one)));
  const done = name === 'pause' ? words.paused(cluster) : words.resumed(cluster);
  const others = byThemselves.filter((one) => one !== cluster);
  const [first] = others;
  return [
    done,
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
  exits: CLIENT,
  options: { ...OUTPUT, cluster: { type: 'string' } },
  run: async (input, terminal) => {
    noWords(input, name);
    const cluster = textOption(input, 'cluster');
    const body = expectOk(await gateClient(terminal).call('POST', `/${name}`, cluster === null ? {} : { cluster }));
    return answer(input, terminal, body, pauseLines(name, cluster, body, languageOf(terminal.env)));
  },
});

export const pauseCommand = toggle('pause');
export const resumeCommand = toggle('resume');

export const outcomesCommand: CliCommand = {
  name: 'outcomes',
  usage: 'blastgate outcomes [--shadow] [--limit N] [--cursor C] [-o text|json]',
  example: 'blastgate outcomes',
  exits: CLIENT,
  options: { ...OUTPUT, shadow: { type: 'boolean' }, limit: { type: 'string' }, cursor: { type: 'string' } },
  run: async (input, terminal) => {
    noWords(input, 'outcomes');
    const query = pageQuery(input, ['limit', 'cursor']);
    if (input.values['shadow'] === true) {
      const observed = expectOk(await gateClient(terminal).call('GET', `/shadow?${query.toString()}`));
      const { shadowTable } = await import('../show-shadow.ts');
      return answer(input, terminal, observed, shadowTable(observed, languageOf(terminal.env)));
    }
    const body = expectOk(await gateClient(terminal).call('GET', `/outcomes?${query.toString()}`));
    const { outcomeTables } = await import('../show-outcomes.ts');
    const words = `${outcomeTables(body, languageOf(terminal.env))}${nextPage('outcomes', query, body)}`;
    return answer(input, terminal, body, words);
  },
};
