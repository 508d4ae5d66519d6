// A command as the gate carries it out once people have agreed: read, tried by dry runs, sealed, permitted, written.
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { refusalsOf } from '../../src/core/action/runnable.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { DEFAULT_SPEC_SETTINGS, evaluate } from '../../src/core/evaluation/evaluate.ts';
import { withHiddenContent } from '../../src/core/evaluation/hidden-content.ts';
import { judge } from '../../src/core/evaluation/judge.ts';
import type { Command } from '../../src/core/model/command.ts';
import { NO_MEMORY } from '../../src/core/model/facts.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { understandCommand } from '../../src/core/request/understand-command.ts';
import { rehearsalOf } from '../../src/flow/requests/assess.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { permitFor, signal } from '../support/cluster-under-test.ts';
import { CUSTOM } from './row.ts';

/** `by`: the step at which it ended, in order; "written" when it was carried out. */
export interface GateEnd {
  readonly by: 'written' | 'refused' | 'dry run' | 'write';
  /** Codes and reasons; empty when it was carried out. */
  readonly why: string;
  /** Codes of the refusals. */
  readonly codes: readonly string[];
  /** Takes it back as the gate would; null where nothing was carried out. */
  readonly takeBack: (() => ReturnType<ClusterWriter['write']>) | null;
}

const AT = { at: '2026-11-22T19:25:14.000Z' };

/** Runs an argv (without "kubectl") to its end. */
export const runByGate = (
  ports: { readonly reader: ClusterReader; readonly writer: ClusterWriter },
  argv: readonly string[],
  files: ReadonlyMap<string, string>,
): Promise<GateEnd> => runCommandByGate(ports, { kind: 'argv', argv: ['kubectl', ...argv] }, files);

/** Runs a command, or a request, to its end; its tier is not asked: what people would decide is not what is tried here. */
export const runCommandByGate = async (
  { reader, writer }: { readonly reader: ClusterReader; readonly writer: ClusterWriter },
  command: Command,
  files: ReadonlyMap<string, string>,
): Promise<GateEnd> => {
  const surroundings = { namespace: 'default', files, customResources: CUSTOM, readDocuments };
  const understood = understandCommand(command, surroundings);
  const effects = effectsOf(understood);
  // The secrets that it sends are sealed as hashes, and put back for each request.
  const { understanding, hidden } = withHiddenContent(understood, (value) => writer.hash(value));
  const seen = { ...(await reader.readFacts(effects, signal())), ...NO_MEMORY };
  const facts = { ...seen, rehearsal: await rehearsalOf({ writer }, effects, seen, signal()) };
  const rest = { files, incident: 'INC-1', clusterName: null, settings: DEFAULT_SPEC_SETTINGS };
  const rules = { policy: DEFAULT_POLICY, flags: { blastRadiusCheck: 'on', gitopsPr: 'on' } as const };
  const { blastRadius } = judge({ ...rest, ...rules, understanding, facts });
  const refusals = refusalsOf(blastRadius);
  if (refusals.length > 0) {
    const why = refusals.map(({ code, about }) => `${code} ${about ?? ''}`).join('; ');
    return { by: 'refused', why, codes: refusals.map(({ code }) => code), takeBack: null };
  }
  const agreed = { ...blastRadius, tier: 'auto' } as const;
  const decision = { tier: 'auto', approvals: 0, reviewIssue: 'none' } as const;
  const spec = evaluate({ ...rest, understanding, blastRadius: agreed, decision, facts });
  const permit = permitFor(spec, 'forward');
  const intent = { ...AT, revealed: new Map(hidden) };
  const tried = await writer.dryRun(permit, intent, signal());
  if (tried.outcome !== 'written') return { by: 'dry run', why: JSON.stringify(tried), codes: [], takeBack: null };
  const written = await writer.write(permit, intent, signal());
  if (written.outcome !== 'written') return { by: 'write', why: JSON.stringify(written), codes: [], takeBack: null };
  const revealed = new Map([...hidden, ...(facts.rehearsal?.hidden ?? [])]);
  const takeBack = () => writer.write(permitFor(spec, 'back'), { ...AT, revealed }, signal());
  const found = await writer.wasWritten(permit, intent, signal());
  return found === 'all'
    ? { by: 'written', why: '', codes: [], takeBack }
    : { by: 'write', why: `written, and then found: ${found}`, codes: [], takeBack: null };
};
