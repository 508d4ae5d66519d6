// What the proxy adds to a read: the same GET asked of the API server and of the proxy, in turn, in one run, over a real control plane.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { areBuilt } from '../test/servers/build.ts';
import { startControlPlane } from '../test/servers/kubernetes.ts';
import { installProxyRoles, openGateInPath } from '../test/support/gate-in-path.ts';
import { quantile } from './timing.ts';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok'] as const;
const [WARM_UP, ROUNDS] = [100, 1_000];
const MOST_ADDED_MS = 2;

const READS = {
  'one object': '/api/v1/namespaces/default',
  'a list': '/api/v1/nodes',
} as const;

interface Peer {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
}

/** Milliseconds until the whole answer is there. */
const ask = ({ url, token, agent }: Peer, path: string): Promise<number> =>
  new Promise((done, fail) => {
    const begun = performance.now();
    const sent = request(`${url}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) done(performance.now() - begun);
        else fail(new Error(`${url}${path}: ${answer.statusCode}`));
      });
    });
    sent.once('error', fail);
    sent.end();
  });

const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

/** Each read in turn by both, so that whatever else the machine does falls on both. */
const measured = async (direct: Peer, through: Peer, path: string) => {
  const times = { direct: [] as number[], through: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const [one, other] = [await ask(direct, path), await ask(through, path)];
    if (round < WARM_UP) continue;
    times.direct.push(one);
    times.through.push(other);
  }
  return times;
};

export async function run(): Promise<void> {
  if (!areBuilt(PROGRAMS)) {
    process.stdout.write('left out: the real servers are not built yet (`npm run servers:build`)\n');
    return;
  }
  const plane = await startControlPlane();
  try {
    await installProxyRoles(plane);
    const gate = await openGateInPath(plane);
    try {
      const agent = (ca: string): Agent => new Agent({ keepAlive: true, maxSockets: 1, ca });
      const direct = { url: plane.url, token: plane.adminToken, agent: agent(readFileSync(plane.caPath, 'utf8')) };
      const through = { url: gate.proxyUrl(), token: 'healer', agent: agent(await gate.trust()) };
      process.stdout.write(
        '| read | API server p50, p95 | through the proxy p50, p95 | added p50, p95 |\n|---|---|---|---|\n',
      );
      for (const [what, path] of Object.entries(READS)) {
        const times = await measured(direct, through, path);
        const at = (share: number) => [quantile(times.direct, share), quantile(times.through, share)] as const;
        const [[a50, b50], [a95, b95]] = [at(0.5), at(0.95)];
        const row = [
          what,
          `${milliseconds(a50)}, ${milliseconds(a95)}`,
          `${milliseconds(b50)}, ${milliseconds(b95)}`,
          `${milliseconds(b50 - a50)}, ${milliseconds(b95 - a95)}`,
        ];
        process.stdout.write(`| ${row.join(' | ')} |\n`);
        if (b95 - a95 > MOST_ADDED_MS) process.exitCode = 1;
      }
      for (const one of [direct, through]) one.agent.destroy();
    } finally {
      await gate.close();
    }
  } finally {
    await plane.stop();
  }
}
