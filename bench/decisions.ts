// Decisions per second: Blastgate from plain text beside three policy engines that get typed requests.
import { readDocuments } from '../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../src/core/blast-radius/default-policy.ts';
import { score } from '../src/core/blast-radius/score.ts';
import { understand } from '../src/core/command/understand.ts';
import type { Surroundings } from '../src/core/model/command.ts';
import { casbin, cedar, jsonRulesEngine, type Peer } from './peers.ts';
import { type BenchRequest, REQUESTS, RULES } from './requests.ts';
import { median, type Pace, paceOf, quantile, rounded, table } from './timing.ts';

const ROUNDS = 7;
const ROUND_MS = 700;

const SURROUNDINGS: Surroundings = { namespace: 'default', files: new Map(), customResources: [], readDocuments };

const judgeLine = (line: string) => score(understand({ kind: 'line', line }, SURROUNDINGS), null, DEFAULT_POLICY);

const blastgate: Peer = { name: 'Blastgate, from text', decide: ({ text }) => judgeLine(text).tier === 'auto' };

/** Everyone must say the same of every request before anyone is timed. */
const agree = async (peers: readonly Peer[]): Promise<void> => {
  for (const request of REQUESTS) {
    const said = await Promise.all(peers.map(async (peer) => peer.decide(request)));
    if (new Set(said).size > 1)
      throw new Error(
        `the engines disagree on "${request.text}": ${peers.map(({ name }, i) => `${name} ${said[i]}`).join(', ')}`,
      );
  }
};

const round = (peer: Peer) => (): void | Promise<void> => {
  const first = REQUESTS[0];
  if (first === undefined) return;
  if (peer.decide(first) instanceof Promise) return roundAsync(peer);
  for (const request of REQUESTS) void peer.decide(request);
};

const roundAsync = async (peer: Peer): Promise<void> => {
  for (const request of REQUESTS) await peer.decide(request);
};

const OTHER_LINES: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['plain commands (the 144 above)', REQUESTS.map(({ text }: BenchRequest) => text)],
  [
    'shell lines',
    [
      'kubectl get pods -n shop | grep -v Running | head -5',
      'for ns in a b c; do kubectl delete pod web-0 -n $ns; done',
      'sudo timeout 30 kubectl scale deploy/web --replicas=0 -n "prod" && echo done',
      'kubectl exec web-0 -n shop -- sh -c "rm -rf /var/cache && ls"',
    ],
  ],
  [
    'patches and manifests',
    [
      `kubectl patch deploy/web -n shop -p '{"spec":{"replicas":0}}'`,
      `kubectl patch deploy/web -n shop --type=json -p '[{"op":"replace","path":"/spec/replicas","value":2}]'`,
      `kubectl apply -f - <<'EOF'\n{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"web","image":"web:1"}]}}}}\nEOF`,
    ],
  ],
];

/** Microseconds of each single decision, for the tail. */
const latencies = (lines: readonly string[], count: number): readonly number[] => {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const line = lines[i % lines.length] ?? '';
    const start = performance.now();
    judgeLine(line);
    times.push((performance.now() - start) * 1000);
  }
  return times;
};

export const run = async (): Promise<void> => {
  const peers = [blastgate, await casbin(RULES), cedar(RULES), jsonRulesEngine(RULES)];
  await agree(peers);
  for (const peer of peers) await paceOf(200, REQUESTS.length, round(peer));
  const paces = new Map(peers.map(({ name }) => [name, [] as Pace[]]));
  for (let i = 0; i < ROUNDS; i += 1) {
    for (const peer of peers) paces.get(peer.name)?.push(await paceOf(ROUND_MS, REQUESTS.length, round(peer)));
  }
  const medianPace = (name: string): Pace => {
    const all = paces.get(name) ?? [];
    return {
      perSecond: median(all.map(({ perSecond }) => perSecond)),
      cpuMicros: median(all.map(({ cpuMicros }) => cpuMicros)),
    };
  };
  const ours = medianPace(blastgate.name);
  process.stdout.write(
    `${REQUESTS.length} requests, ${RULES.length} rules, all engines agree; median of ${ROUNDS} rounds, one core\n\n`,
  );
  const rows = peers.map(({ name }) => {
    const own = medianPace(name);
    const slower = name === blastgate.name ? '1' : `${rounded(ours.perSecond / own.perSecond)} × slower`;
    return [name, rounded(own.perSecond), rounded(own.cpuMicros), slower];
  });
  process.stdout.write(`${table(['engine', 'decisions/s', 'CPU µs each', 'beside Blastgate'], rows)}\n\n`);
  const tails = [];
  for (const [what, lines] of OTHER_LINES) {
    for (let i = 0; i < 2000; i += 1) judgeLine(lines[i % lines.length] ?? '');
    const { perSecond, cpuMicros } = await paceOf(ROUND_MS, lines.length, () => {
      for (const line of lines) judgeLine(line);
    });
    const times = latencies(lines, 50_000);
    const [middle, tail] = [quantile(times, 0.5), quantile(times, 0.999)];
    tails.push([what, rounded(perSecond), rounded(cpuMicros), rounded(middle), rounded(tail)]);
  }
  process.stdout.write(`${table(['Blastgate on', 'decisions/s', 'CPU µs each', 'median µs', 'p99.9 µs'], tails)}\n`);
};
