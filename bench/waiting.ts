// What a gate costs while nobody asks it anything: with nothing to do, with 1,000 proposals that people are asked about, and with 100 whose
// write is being verified.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients, rateOf } from './load-clients.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { approval, asPerson, humanProposal, proposalOf } from './load-requests.ts';
import { rounded, table } from './timing.ts';

const OPEN = 1_000;
const VERIFYING = 100;
const NAMESPACE = 'staging';
/** Longer than everything here takes. */
const WINDOW_SECONDS = 600;
/** Pods of these become ready so late that all writes are watched at the same time. */
const READY_AFTER_SECONDS = 150;
const REST_MS = 20_000;
const ROUND_MS = 4_000;
const PATIENCE_MS = 120_000;

const nameOf = (n: number | ''): string => `bench-${n}`;

/** The address of the Deployments of the namespace. */
const deploymentsUrl = (kubeconfig: string): string => {
  const { clusters } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
  };
  return `${clusters[0]?.cluster.server}/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
};

/** A Deployment of one pod each, for as many writes that do not hold each other's objects. */
const createDeployments = async (url: string): Promise<void> => {
  const readinessProbe = { httpGet: { path: '/', port: 80 }, initialDelaySeconds: READY_AFTER_SECONDS };
  for (let n = 0; n < VERIFYING; n += 1) {
    const labels = { app: nameOf(n) };
    const spec = { containers: [{ name: 'web', image: 'registry.example/web:1', readinessProbe }] };
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: nameOf(n), namespace: NAMESPACE },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    };
    const { status, text } = await ask({ method: 'POST', url, token: null, body });
    if (status !== 201) throw new Error(`${url}: ${status} ${text.slice(0, 300)}`);
  }
};

/** Until the pod of each is ready, so that a write meets what is healthy. */
const allReady = async (url: string): Promise<void> => {
  const until = performance.now() + READY_AFTER_SECONDS * 1000 + PATIENCE_MS;
  for (;;) {
    const { text } = await ask({ method: 'GET', url, token: null, body: null });
    const { items } = JSON.parse(text) as {
      readonly items: readonly {
        readonly metadata: { readonly name: string };
        readonly status?: { readonly readyReplicas?: number };
      }[];
    };
    const made = items.filter(({ metadata }) => metadata.name.startsWith(nameOf('')));
    const ready = made.filter(({ status }) => status?.readyReplicas === 1).length;
    if (ready === VERIFYING) return;
    if (performance.now() > until) throw new Error(`of ${VERIFYING} Deployments only ${ready} became ready`);
    await new Promise((done) => setTimeout(done, 500));
  }
};

/** Proposes a write of each Deployment, and agrees to those that people are asked about. */
const startWrites = async (gate: BenchGate): Promise<void> => {
  for (let n = 0; n < VERIFYING; n += 1) {
    const argv = ['kubectl', 'scale', 'deployment', nameOf(n), '-n', NAMESPACE, '--replicas=2'];
    const body = { incident: `INC-V${n}`, argv, windowSeconds: WINDOW_SECONDS };
    const made = await ask({ method: 'POST', url: `${gate.url}/v1/proposals`, token: gate.tokens.healer, body });
    const proposal = proposalOf(made.text);
    if (made.status !== 201) throw new Error(`a proposal was answered ${made.status} ${made.text.slice(0, 300)}`);
    if (proposal.state !== 'awaiting-approval') continue;
    const { status, text } = await ask(approval(gate, proposal));
    if (status !== 200) throw new Error(`a vote was answered ${status} ${text.slice(0, 300)}`);
  }
};

const countIn = async (gate: BenchGate, state: string): Promise<number> => {
  const { text } = await ask(asPerson(gate, `/v1/proposals?state=${state}&limit=200`));
  return (JSON.parse(text) as { readonly proposals: readonly object[] }).proposals.length;
};

/** Until every write has been sent. */
const allSent = async (gate: BenchGate): Promise<void> => {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const unsent = (await countIn(gate, 'approved')) + (await countIn(gate, 'executing'));
    if (unsent === 0) return;
    if (performance.now() > until) throw new Error(`${unsent} are not written after ${PATIENCE_MS / 1000} s`);
    await new Promise((done) => setTimeout(done, 100));
  }
};

/** A row: the processor at rest, and what a proposal meets beside it. */
const rowOf = async (name: string, gate: BenchGate, ms: number): Promise<readonly string[]> => {
  const before = await gate.usage();
  const began = performance.now();
  await new Promise((done) => setTimeout(done, ms));
  const after = await gate.usage();
  const share = ((after.cpuMs - before.cpuMs) / (performance.now() - began)) * 100;
  const { p50, p99 } = await rateOf({ clients: 1, ms: ROUND_MS, expected: 201 }, () => humanProposal(gate));
  return [name, ...[share, p50, p99, after.residentMb].map(rounded)];
};

export const run = async (): Promise<void> => {
  const { folder, done } = benchFolder('waiting');
  const sandbox = await startSandbox(folder);
  const [load] = loadavg();
  const rows: (readonly string[])[] = [];
  try {
    const deployments = deploymentsUrl(sandbox.kubeconfig);
    await createDeployments(deployments);
    const gate = await startGate(folder, sandbox.kubeconfig);
    await rateOf({ clients: 2, ms: ROUND_MS, expected: 201 }, () => humanProposal(gate));
    rows.push(await rowOf('nothing but some asked', gate, REST_MS));
    let made = 0;
    await rateOf({ clients: 10, ms: PATIENCE_MS, expected: 201 }, () => {
      made += 1;
      return made > OPEN ? null : humanProposal(gate);
    });
    rows.push(await rowOf(`${rounded(OPEN)} more asked`, gate, REST_MS));
    await allReady(deployments);
    await startWrites(gate);
    await allSent(gate);
    const before = await countIn(gate, 'verifying');
    const row = await rowOf('', gate, REST_MS);
    rows.push([`and ${before} verified, at the end ${await countIn(gate, 'verifying')}`, ...row.slice(1)]);
    closeClients();
    await gate.stop();
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
  process.stdout.write(
    `load of the machine before the run: ${load?.toFixed(1)}\n\n` +
      `${table(['waiting', 'core at rest, %', 'a proposal, p50 ms', 'p99 ms', 'resident MB'], rows)}\n`,
  );
};
