// The rules of approval at work: teams, a freeze and break-glass, on a gate of their own; what was promised and what was seen.
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_POLICY_DOCUMENT } from '../../core/blast-radius/default-policy.ts';
import type { PolicyDocument } from '../../core/blast-radius/policy.ts';
import type { Json } from '../../core/model/json.ts';
import { isFinal } from '../../core/remediation/state.ts';
import type { ProposalView } from '../proposal-view.ts';
import type { Terminal } from '../terminal/command.ts';
import { expectOk } from '../terminal/gate-client.ts';
import { type Paint, painter } from '../terminal/paint.ts';
import type { ComparisonResult } from './compare.ts';
import { wrap } from './layout.ts';
import { asProposal, type PeerClient, peerClient } from './stage.ts';
import { AGENT, type PersonName } from './story.ts';
import { startWorld } from './world.ts';

/** Ben is of the team sre, Mei of payments; both may break the glass (cast.ts). The shop is frozen all day, but for scaling. */
const APPROVALS_POLICY: PolicyDocument = {
  ...DEFAULT_POLICY_DOCUMENT,
  approvals: [
    { namespaces: ['production'], needed: 1, from: [{ team: 'payments', atLeast: 1 }], reasonRequired: true },
  ],
  freezes: [{ name: 'sale', cron: '* * * * *', minutes: 60, timezone: 'UTC', namespaces: ['shop'], allow: ['scale'] }],
};

const POLL_MS = 150;
const PATIENCE_MS = 120_000;

interface Act {
  readonly title: string;
  readonly says: string;
  readonly play: (on: Boards) => Promise<readonly ComparisonResult[]>;
}

interface Boards {
  readonly client: PeerClient;
  readonly say: (line: string) => void;
  /** Reads it until `until` holds or nothing more can come. */
  readonly follow: (id: string, until: (proposal: ProposalView) => boolean) => Promise<ProposalView>;
}

const same = (promise: string, expected: unknown, seen: unknown): ComparisonResult => ({
  promise,
  instead: JSON.stringify(expected) === JSON.stringify(seen) ? null : JSON.stringify(seen ?? null),
});

const propose = async ({ client }: Boards, incident: string, argv: readonly string[]): Promise<ProposalView> =>
  asProposal(expectOk(await client.call(AGENT.id, 'POST', '/proposals', { incident, argv })));

/** Status and code of an answer: "200", "403 no-right". */
const post = async (on: Boards, as: PersonName | 'healer', path: string, body: Json): Promise<string> => {
  const { status, body: answer } = await on.client.call(as, 'POST', path, body);
  const { code } = answer;
  const seen = status < 300 || typeof code !== 'string' ? String(status) : `${status} ${code}`;
  on.say(`${as}: POST ${path} → ${seen}`);
  return seen;
};

const TEAMS: Act = {
  title: 'a rule of the policy: one of the team payments, with a reason',
  says: 'Everything in production needs a yes of the team payments. Ben is no member of it, Mei is; the tier alone would ask for anybody.',
  play: async (on) => {
    const { id, digest, needed } = await propose(on, 'INC-3001', [
      ...['kubectl', 'scale', 'deployment/api', '--replicas=6', '-n', 'production'],
    ]);
    const path = `/proposals/${id}/votes`;
    const silent = await post(on, 'mei', path, { decision: 'approve', digest });
    const stranger = await post(on, 'ben', path, { decision: 'approve', digest, reason: 'p99 is bad' });
    const between = await on.client.readProposal(id);
    const member = await post(on, 'mei', path, { decision: 'approve', digest, reason: 'p99 is bad' });
    const { state } = await on.follow(id, (proposal) => isFinal(proposal.state));
    return [
      same('the proposal names the team', [{ team: 'payments', atLeast: 1 }], needed.from),
      same('a yes without a reason does not count', '400 reason-required', silent),
      same(
        'the yes of another team counts, and is not enough',
        ['200', 'awaiting-approval'],
        [stranger, between.state],
      ),
      same('the yes of the team is enough, and it runs', ['200', 'succeeded'], [member, state]),
    ];
  },
};

const FREEZE: Act = {
  title: 'a freeze: new writes wait, approved or not',
  says: 'The shop has a sale: only scaling goes on there. A restart asks nobody and waits all the same.',
  play: async (on) => {
    const restart = ['kubectl', 'rollout', 'restart', 'deployment/web', '-n', 'shop'];
    const { id, frozen, next } = await propose(on, 'INC-3002', restart);
    on.say(next);
    const allowed = await propose(on, 'INC-3003', ['kubectl', 'scale', 'deployment/web', '--replicas=4', '-n', 'shop']);
    const scaled = await on.follow(allowed.id, ({ state }) => state === 'awaiting-approval' || isFinal(state));
    if (scaled.state === 'awaiting-approval')
      await post(on, 'mei', `/proposals/${allowed.id}/votes`, { decision: 'approve', digest: allowed.digest });
    const done = await on.follow(allowed.id, ({ state }) => isFinal(state));
    const held = await on.client.readProposal(id);
    return [
      same('the restart is frozen by name', 'sale', frozen?.name),
      same('it is approved and not begun', 'approved', held.state),
      same('scaling, which the freeze allows, has run meanwhile', 'succeeded', done.state),
    ];
  },
};

const BREAK_GLASS: Act = {
  title: 'break-glass: one person stands for all missing approvals',
  says: 'The DNS of the cluster needs two people, and nobody answers. Ben breaks the glass; Ana, who answers for the agent, may not.',
  play: async (on) => {
    const { id, digest, tier } = await propose(on, 'INC-3004', [
      ...['kubectl', 'set', 'image', 'deployment', '-l', 'k8s-app=kube-dns'],
      ...['coredns=registry.example/coredns:1.11.4', '-n', 'kube-system'],
    ]);
    const path = `/proposals/${id}/break-glass`;
    const reason = 'all lookups fail and nobody else answers';
    const agent = await post(on, 'healer', path, { digest, reason });
    const owner = await post(on, 'ana', path, { digest, reason });
    const other = await post(on, 'ben', path, { digest: '0'.repeat(12), reason });
    const ben = await post(on, 'ben', path, { digest, reason });
    const again = await post(on, 'ben', path, { digest, reason });
    const { state, breakGlass } = await on.follow(id, (proposal) => isFinal(proposal.state));
    const heard = await announced(on, 'BREAK-GLASS');
    return [
      same('two people are asked for', 'dual', tier),
      same('neither an agent nor who answers for it may', ['403 no-right', '403 own-proposal'], [agent, owner]),
      same('another digest than the one that stands does not count', '409 wrong-digest', other),
      same('Ben may, once', ['200', '409 not-open'], [ben, again]),
      same('it runs and stays marked', ['succeeded', 'ben', reason], [state, breakGlass?.by, breakGlass?.reason]),
      same('the chat is told by a message of its own', 1, heard),
    ];
  },
};

const announced = async ({ client }: Boards, words: string): Promise<number> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const said = (await client.heard()).filter(({ text }) => text.includes(words)).length;
    if (said > 0 || performance.now() > deadline) return said;
    await pause(POLL_MS);
  }
};

const ACTS: readonly Act[] = [TEAMS, FREEZE, BREAK_GLASS];

export interface ApprovalsDemo {
  readonly terminal: Pick<Terminal, 'out' | 'env' | 'colour'>;
  readonly width: number;
  readonly signal: AbortSignal;
}

/** Every promise with what was seen instead; nothing is left behind. */
export async function playApprovals({ terminal, width, signal }: ApprovalsDemo): Promise<readonly ComparisonResult[]> {
  const paint: Paint = painter(terminal);
  const out = (line: string): void => terminal.out(`${line}\n`);
  const world = await startWorld(terminal.env, APPROVALS_POLICY);
  try {
    const client = peerClient(world.stage);
    const follow: Boards['follow'] = async (id, until) => {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        signal.throwIfAborted();
        const proposal = await client.readProposal(id);
        if (until(proposal) || isFinal(proposal.state) || performance.now() > deadline) return proposal;
        await pause(POLL_MS, undefined, { signal });
      }
    };
    const all: ComparisonResult[] = [];
    for (const { title, says, play } of ACTS) {
      out(paint(title, 'bold'));
      for (const line of wrap(says, width)) out(line);
      const say = (line: string): void => {
        for (const one of wrap(line, width - 2)) out(`  ${one}`);
      };
      const results = await play({ client, say, follow });
      for (const { promise, instead } of results)
        out(
          instead === null
            ? `  ${paint('✓', 'green')} ${promise}`
            : `  ${paint('✗', 'red')} ${promise}\n    seen: ${instead}`,
        );
      out('');
      all.push(...results);
    }
    return all;
  } finally {
    await world.stop();
  }
}

/** 0: all promises hold; 1: one does not; 130: it was ended before. */
export async function runApprovals(demo: ApprovalsDemo): Promise<0 | 1 | 130> {
  try {
    const results = await playApprovals(demo);
    const broken = results.filter(({ instead }) => instead !== null).length;
    demo.terminal.out(`${results.length - broken} of ${results.length} expectations hold.\n`);
    return broken === 0 ? 0 : 1;
  } catch (error) {
    if (!demo.signal.aborted) throw error;
    return 130;
  }
}
