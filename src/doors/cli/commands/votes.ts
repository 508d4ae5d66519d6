// `blastgate approve`, `reject` and `break-glass`: what a person says of one digest of a proposal.
import type { JsonObject } from '../../../core/model/json.ts';
import { fieldList, fieldText } from '../../json-field.ts';
import { type CliCommand, CommandFailed, textOption, UsageError } from '../../terminal/command.ts';
import { expectOk, type GateClient, gateClient } from '../../terminal/gate-client.ts';
import { CLIENT_EXITS, namedProposal, OUTPUT, printStatus } from '../client-command.ts';

interface DecisionCommand extends Pick<CliCommand, 'usage' | 'example'> {
  readonly name: 'approve' | 'reject' | 'break-glass';
  /** Behind the proposal. */
  readonly path: 'votes' | 'break-glass';
  /** What is sent besides digest and reason. */
  readonly says: JsonObject;
  /** What whoever gives no reason is told to say; null: none is needed. */
  readonly reasonFor: string | null;
}

/** With the digest that the caller named, or else the one that stands now. */
const deciding = ({ name, usage, example, path, says, reasonFor }: DecisionCommand): CliCommand => ({
  name,
  usage,
  example,
  exits: CLIENT_EXITS,
  options: { ...OUTPUT, digest: { type: 'string' }, reason: { type: 'string' } },
  run: async (input, terminal) => {
    const id = namedProposal(input);
    const reason = textOption(input, 'reason');
    if (reason === null && reasonFor !== null) throw new UsageError(`--reason is missing: say why ${reasonFor}`);
    const client = gateClient(terminal);
    const digest = textOption(input, 'digest') ?? (await openDigest(client, id, name));
    const body = { ...says, digest, ...(reason === null ? {} : { reason }) };
    return printStatus(input, terminal, expectOk(await client.call('POST', `/proposals/${id}/${path}`, body)));
  },
});

/** A denial needs no digest; a yes to an incident needs one as soon as it has had several, as in the chat (contract section 4). */
const openDigest = async (client: GateClient, id: string, name: DecisionCommand['name']): Promise<string> => {
  const proposal = expectOk(await client.call('GET', `/proposals/${id}`));
  const { digest } = proposal;
  if (typeof digest !== 'string') throw new CommandFailed('the proposal has no digest to vote on');
  if (name === 'reject' || encodeURIComponent(fieldText(proposal['id'])) === id) return digest;
  const { proposals } = expectOk(await client.call('GET', `/proposals?limit=200&incident=${id}`));
  const digests = new Set(fieldList(proposals).map((one) => one['digest']));
  if (digests.size <= 1) return digest;
  throw new CommandFailed(
    `digest-required: ${decodeURIComponent(id)} has had ${digests.size} digests. Read it again (blastgate show ${fieldText(proposal['id'])}) and name what you mean: --digest ${digest.slice(7, 19)}`,
  );
};

export const approveCommand = deciding({
  name: 'approve',
  usage: 'blastgate approve ID [--digest D] [--reason T] [-o text|json]',
  example: 'blastgate approve p-1 --digest 37631635075d',
  path: 'votes',
  says: { decision: 'approve' },
  reasonFor: null,
});
export const rejectCommand = deciding({
  name: 'reject',
  usage: 'blastgate reject ID --reason T [--digest D] [-o text|json]',
  example: "blastgate reject INC-1003 --reason 'the sale is on until noon'",
  path: 'votes',
  says: { decision: 'reject' },
  reasonFor: 'it must not run',
});
export const breakGlassCommand = deciding({
  name: 'break-glass',
  usage: 'blastgate break-glass ID --reason T [--digest D] [-o text|json]',
  example: "blastgate break-glass INC-1003 --reason 'the shop is down and nobody else answers'",
  path: 'break-glass',
  says: {},
  reasonFor: 'it cannot wait for the others',
});
