// `blastgate doctor`: asks every peer that the settings name, a line each with the remedy.

import type { PolicyDocument } from '../../../core/blast-radius/policy.ts';
import { freezeStatusOf } from '../../../core/decision/freeze.ts';
import { type Instant, instant } from '../../../core/model/instant.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { twinsOf } from '../../cluster-twins.ts';
import { loadClusters, type NamedCluster } from '../../clusters-file.ts';
import { exposures } from '../../exposure.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';

import { loadPeople } from '../../people-file.ts';
import { loadPolicy } from '../../policy-file.ts';
import type { ChatSettings } from '../../settings/chats.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { ruleWarnings, startProblems, startWarnings, tokenWarnings } from '../../start-checks.ts';
import { type CliCommand, EXIT, noWords, type Terminal, UsageError } from '../../terminal/command.ts';
import { columns, painter } from '../../terminal/paint.ts';
import { outputFormat } from '../proposed-command.ts';
import { actionFindings, askedOnce } from './doctor-actions.ts';
import { doctorAgent } from './doctor-agent.ts';
import { forgeFindings } from './doctor-forge.ts';
import { headFindings } from './doctor-heads.ts';
import { proxyFindings } from './doctor-proxy.ts';
import { rightsFindings } from './doctor-rights.ts';
import { storeFindings } from './doctor-store.ts';
import { type Finding, finding } from './finding.ts';

const PATIENCE_MS = 10_000;
const CLOCK_TOLERANCE_MS = 5_000;

export const doctorCommand: CliCommand = {
  name: 'doctor',
  usage: 'blastgate doctor [-o text|json]\nblastgate doctor --agent KUBECONFIG [-o text|json]',
  example: 'blastgate doctor',
  exits: ['done', 'broken', 'usage', 'not-proven', 'disproven'],
  options: { output: { type: 'string', short: 'o' }, agent: { type: 'string' } },
  run: async (input, terminal) => {
    noWords(input, 'doctor');
    const { agent } = input.values;
    if (agent === '') throw new UsageError('--agent names the kubeconfig of the agent');
    if (typeof agent === 'string') return doctorAgent(agent, outputFormat(input), terminal);
    const findings = await examine(terminal);
    terminal.out(outputFormat(input) === 'json' ? `${jsonLine(findings, 2)}\n` : inWords(findings, terminal));
    return findings.some(({ state }) => state === 'fail') ? EXIT.broken : EXIT.auto;
  },
};

const examine = async (terminal: Terminal): Promise<readonly Finding[]> => {
  const read = readSettings(terminal.env);
  if (!read.ok)
    return read.problems.map((problem) =>
      finding('settings', 'fail', problem, 'set the variable as it says (docs/operate.md)'),
    );
  const { settings } = read;
  const loaded = loadPeople(settings.peopleFile);
  const checks = [
    policy(settings, loaded),
    people(settings, loaded),
    storeFindings(settings),
    clusterFindings(settings),
    forgeFindings(settings),
    headFindings(settings),
    proxyFindings(settings, Date.now()),
    chat(settings),
  ];
  const found = await Promise.all(checks);
  const exposed = exposures(settings).map(({ check, message, remedy }) => finding(check, 'warn', message, remedy));
  return [finding('settings', 'ok', 'every variable can be read'), ...exposed, ...found.flat()];
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type LoadedPeople = ReturnType<typeof loadPeople>;

const policy = async (settings: Settings, { people, problems }: LoadedPeople): Promise<readonly Finding[]> => {
  const { policyFile } = settings;
  try {
    const { document } = await loadPolicy(policyFile, {}, null);
    // Of people who are not known nothing can be said.
    const warnings = problems.length > 0 ? [] : ruleWarnings(settings, people, document);
    return [
      finding('policy', 'ok', policyFile ?? 'the built-in default'),
      ...warnings.map((warning) => finding('policy', 'warn', warning)),
      ...freezeFindings(document, instant(Date.now())),
    ];
  } catch (error) {
    return [finding('policy', 'fail', messageOf(error), 'fix the file; `blastgate policy check FILE` checks it')];
  }
};

/** Each freeze: on until then, next on from then, or over. */
export function freezeFindings({ freezes = [] }: Pick<PolicyDocument, 'freezes'>, now: Instant): readonly Finding[] {
  return freezeStatusOf(freezes, now).map((status) => {
    switch (status.kind) {
      case 'on':
        return finding('freezes', 'warn', `${status.name} is on until ${status.until}`, 'new writes wait until then');
      case 'next':
        return finding('freezes', 'ok', `${status.name} is next on from ${status.from} until ${status.until}`);
      case 'over':
        return finding('freezes', 'warn', `${status.name} is over for good`, 'take it out of the policy');
      default:
        return status satisfies never;
    }
  });
}

const people = async (settings: Settings, loaded: LoadedPeople): Promise<readonly Finding[]> => {
  const problems = loaded.problems.length > 0 ? loaded.problems : startProblems(settings, loaded.people);
  if (problems.length > 0)
    return problems.map((problem) => finding('people', 'fail', problem, 'fix people.yaml (docs/operate.md)'));
  const { people: known, agents } = loaded.people;
  return [
    finding('people', 'ok', `${known.length} people, ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}`),
    ...[...startWarnings(settings, loaded.people), ...tokenWarnings(loaded.people, instant(Date.now()))].map(
      (warning) => finding('people', 'warn', warning),
    ),
  ];
};

/** Those that `serve` would open: each of BLASTGATE_CLUSTERS by its name, or the only one. */
export async function clusterFindings(
  settings: Pick<Settings, 'clustersFile' | 'kubeconfig'>,
): Promise<readonly Finding[]> {
  const { clusters, problems } = loadClusters(settings, null);
  if (problems.length > 0)
    return problems.map((problem) => finding('clusters', 'fail', problem, 'fix the file (docs/operate.md)'));
  const all = await Promise.all(clusters.map(async (one) => ({ one, ...(await oneCluster(one)) })));
  const twins = twinsOf(all.map(({ one, key }) => ({ name: one.name, key }))).map(({ names, key }) =>
    finding(
      'clusters',
      'fail',
      `${names} are one cluster (uid of kube-system ${key}): each name has its own class, budgets, breaker and pause`,
      'keep one of the names; what was restored from the etcd of another cluster needs a gate of its own',
    ),
  );
  const found = all.flatMap(({ one, findings }) => {
    const lines = [...findings, ...freezeFindings(one, instant(Date.now()))];
    if (settings.clustersFile === null) return lines;
    return lines.map((line) => ({ ...line, message: `${one.name}: ${line.message}` }));
  });
  return [...found, ...twins];
}

/** `key`: its uid; null: not known. */
const oneCluster = async (
  named: NamedCluster,
): Promise<{ readonly key: string | null; readonly findings: readonly Finding[] }> => {
  try {
    const opened = await OPEN.namedCluster(named);
    const warnings = opened.warnings.map((warning) => finding('cluster', 'warn', warning));
    const uid = await opened.uid(AbortSignal.timeout(PATIENCE_MS)).catch(nullIfForbidden);
    const asked = askedOnce(opened.rights);
    const rights = await rightsFindings(asked, AbortSignal.timeout(PATIENCE_MS));
    const actions = await actionFindings(asked, AbortSignal.timeout(PATIENCE_MS));
    const findings = [
      finding('cluster', 'ok', `${opened.server}, uid of kube-system ${uid ?? 'unknown'}`),
      ...warnings,
      ...rights,
      ...actions,
      await clock(opened),
    ];
    return { key: uid, findings };
  } catch (error) {
    const why = finding('cluster', 'fail', messageOf(error), 'check KUBECONFIG, the network and the credentials');
    return { key: null, findings: [why] };
  }
};

/** Who may not ask for the uid is told so among the rights. */
const nullIfForbidden = (error: unknown): null => {
  if (error instanceof AdapterError && error.status === 403) return null;
  throw error;
};

/** Asked through the client that everything else is asked through, so that any certificate authority and any login will do. */
const clock = async (opened: { readClock(signal: AbortSignal): Promise<number | null> }): Promise<Finding> => {
  const before = Date.now();
  const theirs = await opened.readClock(AbortSignal.timeout(PATIENCE_MS));
  if (theirs === null) return finding('clock', 'off', 'the API server tells no time');
  const apart = Math.abs(theirs - (before + Date.now()) / 2);
  return apart <= CLOCK_TOLERANCE_MS
    ? finding('clock', 'ok', `within ${CLOCK_TOLERANCE_MS / 1000} s of the API server's`)
    : finding(
        'clock',
        'warn',
        `${Math.round(apart / 1000)} s apart from the API server's`,
        'run a time service: approvals expire by this clock',
      );
};

const chat = async ({ chats }: Settings): Promise<readonly Finding[]> => {
  if (chats.length === 0)
    return [
      finding(
        'chat',
        'off',
        'no chat is set: people hear nothing by themselves',
        'set TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID, or SLACK_BOT_TOKEN and SLACK_CHANNEL (docs/operate.md)',
      ),
    ];
  return (await Promise.all(chats.map(oneChat))).flat();
};

const oneChat = async (named: ChatSettings): Promise<readonly Finding[]> => {
  try {
    const opened = await OPEN.chat(named);
    const name = await opened.readName(AbortSignal.timeout(PATIENCE_MS));
    const lack = (await opened.lacks?.(AbortSignal.timeout(PATIENCE_MS))) ?? null;
    return [
      finding(
        'chat',
        'ok',
        `@${name} on ${named.channel}, ${named.chats.length} ${named.chats.length === 1 ? 'chat' : 'chats'}`,
      ),
      ...(lack === null ? [] : [finding('chat', 'warn', lack)]),
    ];
  } catch (error) {
    return [finding('chat', 'fail', messageOf(error), `check the settings of ${named.channel} (docs/operate.md)`)];
  }
};

const MARK = { ok: ['ok', 'green'], warn: ['warn', 'yellow'], fail: ['FAIL', 'red'], off: ['off', 'dim'] } as const;

const inWords = (findings: readonly Finding[], terminal: Terminal): string => {
  const paint = painter(terminal);
  const rows = columns(findings.map(({ check, state, message }) => [MARK[state][0], check, message]));
  return findings
    .map(
      ({ state, remedy }, i) =>
        `${paint(rows[i] ?? '', MARK[state][1])}\n${remedy === null ? '' : `        → ${remedy}\n`}`,
    )
    .join('');
};
