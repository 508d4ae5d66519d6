// `blastgate propose`: a command to a running gate, with the manifests that it names.

import { requestJson } from '../../../core/model/api-request.ts';
import type { Command } from '../../../core/model/command.ts';
import type { Json, JsonObject } from '../../../core/model/json.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import { fieldText } from '../../json-field.ts';
import { isSettled } from '../../settled.ts';
import {
  type CliCommand,
  type CommandInput,
  EXIT,
  type Terminal,
  textOption,
  UsageError,
} from '../../terminal/command.ts';
import { expectOk, type GateClient, gateClient, problemText } from '../../terminal/gate-client.ts';
import { OUTPUT, printStatus } from '../client-command.ts';
import { languageOf } from '../language.ts';
import { filesOf } from '../local-files.ts';
import { proposedCommand } from '../proposed-command.ts';
import { windowOf } from '../window.ts';
import { exitCodeOf } from './score.ts';

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
    const request = requestFrom(input);
    const client = gateClient(terminal);
    const { status, body } = await client.call('POST', '/proposals', request);
    if (status === 422 || status === 409 || status === 429) {
      terminal.err(`blastgate propose: ${problemText(status, body)}${keptAs(body, terminal)}\n`);
      return EXIT.refused;
    }
    const accepted = expectOk({ status, body });
    const proposal = input.values['wait'] === true ? await settled(client, accepted, terminal) : accepted;
    printStatus(input, terminal, proposal);
    if (proposal['state'] === 'refused') return EXIT.refused;
    return exitCodeOf({ tier: proposal['tier'] as 'auto', executable: true });
  },
};

/** Throws UsageError. */
const requestFrom = (input: CommandInput): JsonObject => {
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
  return request;
};

/** As the gate takes it. */
const givenAs = (command: Command): JsonObject => {
  if (command.kind === 'argv') return { argv: command.argv };
  return command.kind === 'line' ? { command: command.line } : { request: requestJson(command.request) };
};

/** A refused proposal is kept, too: the problem document names it. */
const keptAs = ({ id }: JsonObject, { env }: Terminal): string =>
  typeof id === 'string' ? ` ${DICTIONARIES[languageOf(env)].terminal.proposal.keptAs(plainLine(id))}` : '';

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Waits until nothing more happens to it by itself, and tells each state on stderr. */
const settled = async (client: GateClient, first: JsonObject, terminal: Terminal): Promise<JsonObject> => {
  let proposal = first;
  let said = '';
  while (!isSettled(proposal)) {
    if (proposal['state'] !== said) terminal.err(`${fieldText(proposal['state'])}: ${fieldText(proposal['next'])}\n`);
    said = fieldText(proposal['state']);
    await sleep(500);
    proposal = expectOk(await client.call('GET', `/proposals/${encodeURIComponent(fieldText(proposal['id']))}`));
  }
  return proposal;
};
