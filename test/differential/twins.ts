// One command by kubectl and by the gate, each in a namespace of its own with the same objects → what differs afterwards.
import { setTimeout as pause } from 'node:timers/promises';
import { auditLogEnd } from '../servers/audit-log.ts';
import { type GateEnd, runByGate } from './by-gate.ts';
import type { Command } from './commands.ts';
import { differencesOf, nameOf } from './snapshot.ts';
import { inside, kindsOf, type Ran, requestName, type Side, type Stage } from './stage.ts';

/** Milliseconds that the garbage collector, or the audit log, may take until both sides look the same. */
const PATIENCE_MS = 30_000;

let made = 0;

/** Lines that say why the two sides are not the same; none: they are. */
export const playTwins = async (
  stage: Stage,
  command: Command,
  kubectl = stage.plane.kubectlPath,
): Promise<readonly string[]> => {
  made += 1;
  const logged = auditLogEnd(stage.plane.auditLogPath);
  const [ours, theirs] = await Promise.all([stage.settle(`g-${made}x`, command), stage.settle(`k-${made}x`, command)]);
  try {
    const [gate, real] = await Promise.all([byGate(stage, ours, command), stage.byKubectl(theirs, command, kubectl)]);
    return await compareTwins(stage, command, { ours, theirs, gate, real, logged });
  } finally {
    await Promise.all([stage.clear(ours, command), stage.clear(theirs, command)]);
  }
};

const byGate = (stage: Stage, { namespace }: Side, { argv, files }: Command): Promise<GateEnd> =>
  runByGate(
    stage.ports,
    argv.map((word) => inside(word, namespace)),
    new Map([...files].map(([path, text]) => [path, inside(text, namespace)])),
  );

export interface Ended {
  readonly ours: Side;
  readonly theirs: Side;
  readonly gate: GateEnd;
  readonly real: Ran;
  /** Bytes in the audit log before. */
  readonly logged: number;
}

/** Lines that say why the two sides are not the same; none: they are. */
export const compareTwins = async (stage: Stage, command: Command, ended: Ended): Promise<readonly string[]> => {
  const { wants } = command;
  const { gate, real } = ended;
  if (real.ok !== (wants !== 'fails')) return [`kubectl ${real.ok ? 'ended well' : 'failed'}: ${real.says}`];
  const isDone = gate.by === 'written';
  if (wants === 'changes' && !isDone) return [`the gate did not carry it out (${gate.by}): ${gate.why}`];
  if (wants === 'fails' && isDone) return [`the gate carried out what kubectl refuses: ${real.says}`];
  const look = wants === 'changes' ? lookAtBoth : lookAtNone;
  let found = await look(stage, command, ended);
  for (const end = Date.now() + PATIENCE_MS; found.length > 0 && Date.now() < end; ) {
    await pause(150);
    found = await look(stage, command, ended);
  }
  return found;
};

/** Both have sent the same, and have left the same. */
const lookAtBoth = async (
  stage: Stage,
  command: Command,
  { ours, theirs, logged }: Ended,
): Promise<readonly string[]> => {
  const [byUs, byKubectl] = [stage.written(ours, logged, 'gate'), stage.written(theirs, logged, 'admin')];
  const kinds = kindsOf([...byUs, ...byKubectl]);
  const [now, then] = await Promise.all([
    stage.snapshot(ours.namespace, command, kinds),
    stage.snapshot(theirs.namespace, command, kinds),
  ]);
  const [sent, wanted] = [
    byUs.map((event) => requestName(event, ours.namespace)).toSorted(),
    byKubectl.map((event) => requestName(event, theirs.namespace)).toSorted(),
  ];
  return [
    ...(wanted.length === 0 ? ['kubectl has written nothing'] : []),
    ...(sent.join() === wanted.join() ? [] : [`the gate sent ${sent.join(', ')}; kubectl ${wanted.join(', ')}`]),
    ...differencesOf(now, then),
  ];
};

/** The gate has written nothing, and everything is as it was. */
const lookAtNone = async (stage: Stage, command: Command, { ours, logged }: Ended): Promise<readonly string[]> => {
  const sent = stage.written(ours, logged, 'gate');
  const now = await stage.snapshot(ours.namespace, command, kindsOf(sent));
  return [
    ...sent.map((event) => `the gate sent ${requestName(event, ours.namespace)}`),
    ...differencesOf(now, ours.before),
  ];
};

/** For a person who reads why two differ. */
export const lineOf = ({ argv, stands, files }: Command): string => {
  const quoted = argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  const there = stands.map(({ resource, object }) => `${resource} ${nameOf(object)}`).join(', ');
  const brought = [...files].map(([path, text]) => `; ${path}: ${text.slice(0, 200)}`).join('');
  return `kubectl ${quoted}${there === '' ? '' : ` (there: ${there})`}${brought}`;
};
