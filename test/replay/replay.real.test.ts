// What the replay says of the audit log of a real API server is what the gate said of the same commands before they ran: the same
// score and tier wherever the log can tell, and never more than with the cluster before its eyes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readAuditLogFile } from '../../src/adapters/audit-log/read-audit-log.ts';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import { compareTiers } from '../../src/core/model/tier.ts';
import type { LoggedJudgement } from '../../src/core/replay/judge-logged.ts';
import { judgeLogged } from '../../src/core/replay/judge-logged.ts';
import { readLoggedEvent } from '../../src/core/replay/logged-event.ts';
import { loggedRequestOf } from '../../src/core/replay/logged-request.ts';
import { LogReplay } from '../../src/core/replay/replay-log.ts';
import { understandLogged } from '../../src/doors/cli/commands/replay.ts';
import { judgeCommand, scoreOffline } from '../../src/doors/cli/judge.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { portsOf, until } from '../support/cluster-under-test.ts';
import { ranCli } from '../support/run-cli.ts';
import { EVERYDAY, type Everyday } from './commands.ts';

const NAMESPACE = 'replayed';
const FLAGS = { blastRadiusCheck: 'on', gitopsPr: 'on' } as const;
const ONLY_POLICY = { policy: DEFAULT_POLICY, against: null };

/** Whether the cluster has added to the score what no text of a command or request can tell. */
const isAddedTo = (live: BlastRadius, offline: BlastRadius): boolean => {
  const told = new Set(offline.reasons.map(({ code }) => code));
  return live.reasons.some(({ code }) => !told.has(code));
};

const sameScore = (one: BlastRadius, other: BlastRadius): boolean =>
  one.score === other.score && one.tier === other.tier;

let plane: ControlPlane;
const folder = mkdtempSync(join(tmpdir(), 'blastgate-replayed-'));

/** Each command is run as a user of its own name: so the log tells which requests were sent for it. */
const userOf = (at: number): string => `replayed-${at}`;

const kubectl = (words: readonly string[]): Promise<string> =>
  new Promise((done) => {
    const env = {
      HOME: folder,
      KUBECONFIG: plane.kubeconfigPath('admin'),
      KUBECTL_KUBERC: 'false',
      PATH: process.env['PATH'],
    };
    execFile(plane.kubectlPath, words, { cwd: folder, env, timeout: 60_000 }, (error, out, err) =>
      done(`${error === null ? 'ok' : 'failed'} ${out}${err}`.trim()),
    ).stdin?.end();
  });

const create = async (path: string, object: JsonObject): Promise<void> => {
  const { status, body } = await plane.request('admin', 'POST', path, object);
  assert.equal(status, 201, JSON.stringify(body));
};

before(async () => {
  plane = await sharedControlPlane();
  await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
  await until('the service account', async () => (await plane.request('admin', 'GET', account)).status === 200);
  const labels = { app: 'web' };
  await create(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] } },
    },
  });
  await create(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'app' },
    data: { a: '1' },
  });
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await plane?.request('admin', 'DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  await plane?.stop();
});

/** What was said of each command just before it ran: without the cluster, and with it. */
interface Said {
  readonly offline: BlastRadius;
  readonly live: BlastRadius;
  readonly ran: string;
}

const play = async ({ argv, files = {} }: Everyday, user: string, ports: ReturnType<typeof portsOf>): Promise<Said> => {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const command = { kind: 'argv', argv: ['kubectl', ...argv, '-n', NAMESPACE] } as const;
  const asked = { command, namespace: null, files: new Map(Object.entries(files)) };
  const { blastRadius: offline } = scoreOffline(asked, DEFAULT_POLICY);
  const cluster = { ...ports, namespace: 'default', customResources: [] };
  const settings = { cluster, clusterName: null, incident: null, windowSeconds: null };
  const live = await judgeCommand({ ...asked, ...settings }, { policy: DEFAULT_POLICY, flags: FLAGS }, (text) =>
    assert.fail(text),
  );
  const ran = await kubectl([...argv, '-n', NAMESPACE, '--as', user, '--as-group', 'system:masters']);
  return { offline, live: live.blastRadius, ran };
};

/** What the replay counts of one user, request by request. */
const replayedOf = async (users: readonly string[]): Promise<ReadonlyMap<string, readonly LoggedJudgement[]>> => {
  const found = new Map<string, LoggedJudgement[]>(users.map((user) => [user, []]));
  // What counts is decided by the replay itself: each record passes through one of its own.
  const add = (record: Json): void => {
    const event = readLoggedEvent(record);
    const judgements = event === null ? undefined : found.get(event.actor);
    if (event === null || judgements === undefined) return;
    const one = new LogReplay(understandLogged, ONLY_POLICY);
    one.add(record);
    const request = loggedRequestOf(event);
    if (request === null || one.report().actors.length === 0) return;
    const judged = judgeLogged(request, understandLogged, ONLY_POLICY);
    assert.ok(judged !== null, `${event.verb} ${event.uri}: the log has every body`);
    judgements.push(judged);
  };
  const nothing = (): void => undefined;
  await readAuditLogFile(plane.auditLogPath, { add, skip: nothing, skipUnreadable: nothing });
  return found;
};

const view = ({ action, score, tier, reasons }: BlastRadius): string =>
  `${action} ${score} ${tier} (${reasons.map(({ code, points }) => `${code} ${points}`).join(', ')})`;

test('the audit log of everyday work, replayed, says what was said live', async (t) => {
  const ports = portsOf(await openCluster({ kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null }));
  writeFileSync(
    join(folder, 'e.json'),
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"app"},"data":{"a":"9"}}',
  );
  const said: Said[] = [];
  for (const [at, command] of EVERYDAY.entries()) said.push(await play(command, userOf(at), ports));
  // The server writes a line just after it has answered; the last of them is waited for.
  await kubectl([
    'annotate',
    'configmap',
    'app',
    'end=here',
    '-n',
    NAMESPACE,
    '--as',
    'replayed-end',
    '--as-group',
    'system:masters',
  ]);
  const users = [...EVERYDAY.keys()].map(userOf);
  await until(
    'the end of the log',
    async () => ((await replayedOf(['replayed-end'])).get('replayed-end') ?? []).length > 0,
  );
  const replayed = await replayedOf(users);
  let [told, same] = [0, 0];
  const wrong: string[] = [];
  for (const [at, { argv, counts }] of EVERYDAY.entries()) {
    const judged = replayed.get(userOf(at)) ?? [];
    const { offline, live, ran } = said[at] ?? assert.fail();
    const complain = (what: string): void => {
      wrong.push(`${argv.join(' ')}: ${what} [${ran.slice(0, 120)}]`);
    };
    if (counts === 'not') {
      for (const { radius } of judged) complain(`counted as ${view(radius)}`);
      continue;
    }
    if (!ran.startsWith('ok')) complain('it failed');
    if (counts === 'once' ? judged.length !== 1 : judged.length < 1) complain(`${judged.length} requests counted`);
    for (const { radius } of judged)
      if (compareTiers(radius.tier, live.tier) > 0 || (radius.score ?? 0) > (live.score ?? 0))
        complain(`${view(radius)} is above ${view(live)}`);
    const [one] = judged;
    if (counts === 'several' || one === undefined || one.cannotTell !== null) continue;
    told += 1;
    if (!sameScore(one.radius, offline)) complain(`replayed ${view(one.radius)}, scored ${view(offline)}`);
    if (isAddedTo(live, offline)) continue;
    same += 1;
    if (!sameScore(one.radius, live)) complain(`replayed ${view(one.radius)}, live ${view(live)}`);
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${told} commands that the log can tell, ${same} of them equal with the cluster, too`);
  assert.ok(told >= 30, `the log could tell only ${told}`);
  assert.ok(same >= 10, `only ${same} were compared with the cluster`);
});

test('the report counts these users, and nobody of the control plane', async () => {
  const { code, out, err } = await ranCli(['replay', '-o', 'json', plane.auditLogPath]);
  assert.deepEqual([code, err], [0, '']);
  // as: the answer of the command.
  const report = JSON.parse(out) as {
    readonly unreadable: number;
    readonly actors: readonly { readonly actor: string }[];
    readonly notCounted: { readonly controller: number };
  };
  assert.equal(report.unreadable, 0);
  assert.ok(report.notCounted.controller > 10, 'controllers were at work');
  const names = report.actors.map(({ actor }) => actor);
  assert.ok(names.includes(userOf(0)));
  assert.deepEqual(
    names.filter((name) => /^system:(?:serviceaccount:kube-system|node|kube-)/.test(name)),
    [],
  );
});
