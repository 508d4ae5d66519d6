// `blastgate doctor --agent KUBECONFIG`: what that identity can change past the gate, and the exit code that says so.
import type { AgentPower, AgentProof } from '../../../core/model/agent-proof.ts';
import { plainLine } from '../../../core/text/escape.ts';
import type { AgentProofWords } from '../../../core/text/words/agent-proof.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';
import { CommandFailed, EXIT, type Terminal } from '../../terminal/command.ts';
import { columns, painter } from '../../terminal/paint.ts';
import { languageOf } from '../language.ts';

const PATIENCE_MS = 300_000;
const EXIT_OF = { proven: EXIT.auto, 'not-proven': EXIT['not-proven'], disproven: EXIT.disproven } as const;

/**
 * Prints the proof, and answers with its exit code. KUBECONFIG, where it is set, reads what the agent may not. Throws CommandFailed
 * where the agent's kubeconfig cannot be used: that proves nothing.
 */
export async function doctorAgent(kubeconfig: string, format: 'text' | 'json', terminal: Terminal): Promise<number> {
  const proof = await proofOf(kubeconfig, terminal);
  terminal.out(format === 'json' ? `${jsonLine({ ...proof }, 2)}\n` : proofInWords(proof, terminal));
  return EXIT_OF[proof.verdict];
}

const proofOf = async (kubeconfig: string, { env }: Terminal): Promise<AgentProof> => {
  const own = env['KUBECONFIG'] ?? '';
  const observer = own === '' || own === kubeconfig ? null : { kubeconfig: own, serviceHost: null };
  try {
    return await OPEN.agentProof({ kubeconfig, serviceHost: null }, observer, AbortSignal.timeout(PATIENCE_MS));
  } catch (error) {
    if (error instanceof AdapterError || error instanceof Error) throw new CommandFailed(error.message);
    throw error;
  }
};

/** So many of each kind are printed; `-o json` has all. */
const MOST_LINES = 40;

const rowOf = (words: AgentProofWords, power: AgentPower): readonly string[] => {
  const { verb, resource, namespace, names, disguise, role, binding } = power;
  const where = namespace === null ? words.everywhere : words.inNamespace(namespace);
  const what = names.length === 0 ? resource : `${resource} (${words.onlyNames(names.join(', '))})`;
  return [verb, what, where, words.by(role, binding), disguise === null ? '' : words.disguises[disguise]];
};

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line.trimEnd()}\n`).join('')}`;

const table = (words: AgentProofWords, powers: readonly AgentPower[]): readonly string[] => {
  const rows = columns(powers.slice(0, MOST_LINES).map((power) => rowOf(words, power).map(plainLine)));
  return powers.length > MOST_LINES ? [...rows, words.more(powers.length - MOST_LINES)] : rows;
};

const VERDICT_COLOUR = { proven: 'green', 'not-proven': 'yellow', disproven: 'red' } as const;

const proofInWords = (proof: AgentProof, terminal: Terminal): string => {
  const words = DICTIONARIES[languageOf(terminal.env)].agentProof;
  const { verdict, user, groups, powers, gaps, guard, server } = proof;
  const who = user ?? words.unknownUser;
  const unique = [...new Set(gaps.map(({ code, about }) => plainLine(`${words.gapCodes[code]}: ${about}`)))];
  const open = powers.filter(({ guarded }) => !guarded);
  const held = powers.filter(({ guarded }) => guarded);
  return [
    `${painter(terminal)(words.verdicts[verdict], VERDICT_COLOUR[verdict])}\n`,
    `${plainLine(who)} @ ${server}${groups.length === 0 ? '' : ` (${words.groups}: ${plainLine(groups.join(', '))})`}\n`,
    section(words.powers, table(words, open)),
    section(words.guarded(guard ?? ''), table(words, held)),
    section(
      words.gaps,
      unique.length > MOST_LINES ? [...unique.slice(0, MOST_LINES), words.more(unique.length - MOST_LINES)] : unique,
    ),
    `\n→ ${words.remedies[verdict]}\n`,
  ].join('');
};
