// Two people by two ways, a button of a chat and HTTP, over a whole gate, a sandbox cluster and both chats: what they agree on runs
// and is verified, and the cards say so to the end. And presses that must not count.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_TUNING } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { newCast } from '../../src/doors/demo/cast.ts';
import { CAST } from '../../src/doors/demo/story.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { type SandboxChat, startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { memoryLog } from '../fakes/log.ts';
import {
  BOT_TOKEN,
  type FakeSlack,
  pressOf,
  SIGNING_SECRET,
  type SlackPosted,
  signedRequest,
  startFakeSlack,
} from '../fakes/slack.ts';

const ROOM = 'C01AAA';
const TUNING = { ...DEFAULT_TUNING, verdictRule: { settleSeconds: 1, certainAfterSeconds: 1 } };
type Name = 'ana' | 'ben' | 'mei';
/** A third who may approve, so that one of three comes too late. */
const CHO = { slack: 'U04CHO', telegram: 7004, token: 'bgt_cho' };
const SLACK: { readonly [N in Name]: string } = { ana: 'U01ANA', ben: 'U02BEN', mei: 'U03MEI' };

interface Proposal {
  readonly id: string;
  readonly incident: string;
  readonly state: string;
  readonly spec: { readonly digest: string; readonly tier: string };
  readonly votes: readonly { readonly person: string; readonly channel: string }[];
}
interface Action {
  readonly action_id: string;
  readonly value: string;
}

describe('buttons of chats', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-buttons-'));
  const { peopleYaml, tokens } = newCast();
  let slack: FakeSlack;
  let telegram: SandboxChat;
  let cluster: SandboxCluster;
  let gate: RunningGate;

  before(async () => {
    [slack, telegram, cluster] = await Promise.all([
      startFakeSlack([ROOM]),
      startSandboxChat(),
      startSandboxCluster({ speed: 20 }),
    ]);
    const at = (name: string): string => join(folder, name);
    const withSlack = peopleYaml.replace(
      /- \{ id: (ana|ben|mei), (.*?)gitea: /g,
      (_, id: Name, rest: string) => `- { id: ${id}, ${rest}slack: ${SLACK[id]}, gitea: `,
    );
    const hash = createHash('sha256').update(CHO.token).digest('hex');
    const cho = `  - { id: cho, name: Cho, rights: [read, approve], accounts: { telegram: ${CHO.telegram}, slack: ${CHO.slack} }, tokens: ["sha256:${hash}"] }`;
    writeFileSync(at('people.yaml'), withSlack.replace('agents:', `${cho}\nagents:`));
    writeFileSync(at('kubeconfig'), cluster.kubeconfig());
    mkdirSync(at('data'), { mode: 0o700 });
    const read = readSettings({
      KUBECONFIG: at('kubeconfig'),
      BLASTGATE_DATA: at('data'),
      BLASTGATE_LISTEN: '127.0.0.1:0',
      BLASTGATE_PEOPLE: at('people.yaml'),
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_CHANNEL: ROOM,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_CHAT_ID: telegram.chats.join(','),
    });
    assert.ok(read.ok, JSON.stringify(read));
    gate = await composeGate(read.settings, TUNING, memoryLog());
  });
  after(async () => {
    await gate?.stop();
    await Promise.all([slack?.close(), telegram?.close(), cluster?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const call = async (who: Name, method: string, path: string, body?: object): Promise<Proposal> => {
    const answer = await fetch(`${gate.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = (await answer.json()) as Proposal;
    assert.ok(answer.ok, `${path}: ${answer.status} ${JSON.stringify(read)}`);
    return read;
  };
  const readAgain = ({ id }: Proposal): Promise<Proposal> => call('ana', 'GET', `/proposals/${id}`);
  const until = async <T>(what: string, find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    for (let tries = 0; tries < 900; tries += 1) {
      const found = await find();
      if (found !== undefined) return found;
      await pause(50);
    }
    throw new Error(`it never came to ${what}`);
  };
  /** Scaling to nothing, by ana: two others must agree. */
  const propose = async (incident: string, deployment: string): Promise<Proposal> => {
    const command = `kubectl scale deployment ${deployment} -n production --replicas=0`;
    const proposal = await call('ana', 'POST', '/proposals', { incident, command });
    assert.deepEqual([proposal.state, proposal.spec.tier], ['awaiting-approval', 'dual']);
    return proposal;
  };

  const actionsOf = ({ blocks }: SlackPosted): readonly Action[] =>
    blocks.flatMap(({ type, elements }) => (type === 'actions' ? (elements as readonly Action[]) : []));
  const slackCard = (incident: string): Promise<SlackPosted> =>
    until(`a card of ${incident} on Slack`, () => slack.posted().find((one) => one.text.includes(incident)));
  const telegramCard = (incident: string) =>
    telegram.hear(({ text }) => text.includes(incident), AbortSignal.timeout(60_000));
  /** Over the real door, signed as Slack signs; the HTTP status. */
  const pressOnSlack = async (user: string, action: Action): Promise<number> => {
    const payload = JSON.stringify(pressOf(user, ROOM, { ...action }));
    const sent = signedRequest({ payload }, Math.floor(Date.now() / 1000));
    return (await fetch(`${gate.url}/hooks/slack`, { method: 'POST', ...sent })).status;
  };
  const toldOnSlack = (user: string, before: number): Promise<string> =>
    until(
      `an answer to ${user}`,
      () =>
        slack
          .posted()
          .slice(before)
          .find((one) => one.user === user)?.text,
    );
  const pressOnTelegram = async (who: Name, data: string, incident: string): Promise<string> => {
    const query = telegram.press({ id: Number(CAST[who].account), name: who }, await telegramCard(incident), data);
    return until(`an alert for ${who}`, () => telegram.shown(query) ?? undefined);
  };
  const pressAsCho = async (data: string, incident: string): Promise<string> => {
    const query = telegram.press({ id: CHO.telegram, name: 'cho' }, await telegramCard(incident), data);
    return until('an alert for cho', () => telegram.shown(query) ?? undefined);
  };
  /** The status of a vote over HTTP, and the code of the refusal. */
  const voteByHttp = async (who: Name, { id }: Proposal, digest: string): Promise<string> => {
    const answer = await fetch(`${gate.url}/v1/proposals/${id}/votes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decision: 'approve', digest }),
    });
    const { code, state } = (await answer.json()) as { readonly code?: string; readonly state?: string };
    return `${answer.status} ${answer.ok ? state : code}`;
  };
  const succeeded = (proposal: Proposal): Promise<Proposal> =>
    until('success', async () => {
      const now = await readAgain(proposal);
      return now.state === 'succeeded' ? now : undefined;
    });
  const writesTo = (deployment: string): number =>
    cluster.writes().filter(({ dryRun, path }) => !dryRun && path.includes(`/${deployment}/scale`)).length;
  /** Both cards say that it is over, and nobody is asked any more. */
  const cardsOver = async (incident: string): Promise<void> => {
    await until('a card without buttons on Slack', async () => {
      const card = await slackCard(incident);
      return actionsOf(card).length === 0 ? card : undefined;
    });
    await until('a card without buttons on Telegram', async () => {
      const card = await telegramCard(incident);
      return card.buttons.length === 0 ? card : undefined;
    });
  };

  test('a button on Slack and a vote over HTTP: it runs once, and both cards say so', async () => {
    const proposal = await propose('INC-901', 'web');
    const [approve] = actionsOf(await slackCard('INC-901'));
    assert.ok(approve);

    const cases: readonly (readonly [who: string, action: Action, told: RegExp])[] = [
      [SLACK.ana, approve, /Not counted/],
      ['U77NOBODY', approve, /Not counted/],
      [
        SLACK.ben,
        { ...approve, value: JSON.stringify({ proposal: proposal.id, digits: 'ffffffffffff' }) },
        /Not counted/,
      ],
    ];
    for (const [who, action, told] of cases) {
      const before = slack.posted().length;
      assert.equal(await pressOnSlack(who, action), 200);
      assert.match(await toldOnSlack(who, before), told);
    }
    assert.deepEqual((await readAgain(proposal)).votes, [], 'the proposer, nobody and an old digest');

    const before = slack.posted().length;
    await Promise.all([pressOnSlack(SLACK.ben, approve), pressOnSlack(SLACK.ben, approve)]);
    await toldOnSlack(SLACK.ben, before);
    const once = await readAgain(proposal);
    assert.deepEqual(
      [once.state, once.votes.map(({ person, channel }) => `${person} ${channel}`)],
      ['awaiting-approval', ['ben slack']],
    );
    await call('mei', 'POST', `/proposals/${proposal.id}/votes`, { decision: 'approve', digest: proposal.spec.digest });
    await succeeded(proposal);
    assert.equal(writesTo('web'), 1);
    await cardsOver('INC-901');

    const late = slack.posted().length;
    await pressOnSlack(SLACK.mei, approve);
    assert.match(await toldOnSlack(SLACK.mei, late), /Not counted/);
    assert.deepEqual([(await readAgain(proposal)).votes.length, writesTo('web')], [2, 1]);
  });

  test('a vote over HTTP and a button on Telegram: it runs once, and both cards say so', async () => {
    const proposal = await propose('INC-902', 'api');
    const [approve, reject] = (await telegramCard('INC-902')).buttons;
    assert.ok(approve && reject);
    assert.match(await pressOnTelegram('ana', approve.callback_data, 'INC-902'), /Not counted/);
    assert.match(await pressOnTelegram('ben', reject.callback_data, 'INC-902'), /reason/);
    assert.deepEqual((await readAgain(proposal)).votes, []);
    await call('mei', 'POST', `/proposals/${proposal.id}/votes`, { decision: 'approve', digest: proposal.spec.digest });
    assert.match(await pressOnTelegram('ben', approve.callback_data, 'INC-902'), /2 of 2/);
    const over = await succeeded(proposal);
    assert.deepEqual(
      over.votes.map(({ person, channel }) => `${person} ${channel}`),
      ['mei http', 'ben telegram'],
    );
    assert.equal(writesTo('api'), 1);
    await cardsOver('INC-902');
    assert.match(await pressOnTelegram('mei', approve.callback_data, 'INC-902'), /Not counted/);
    assert.equal(writesTo('api'), 1);
  });

  test('a press on the card of a proposal that a newer one has replaced counts for neither, whoever presses where', async () => {
    const [command, again] = [
      'kubectl scale deployment payments -n production --replicas=0',
      'kubectl -n production scale deployment payments --replicas=0',
    ];
    const old = await call('ana', 'POST', '/proposals', { incident: 'INC-903', command });
    const [onSlack] = actionsOf(await slackCard('INC-903'));
    const [onTelegram] = (await telegramCard('INC-903')).buttons;
    assert.ok(onSlack && onTelegram);
    const cards = slack.posted().length;
    const newer = await call('ana', 'POST', '/proposals', { incident: 'INC-903', command: again });
    assert.notEqual(newer.spec.digest, old.spec.digest);
    assert.equal((await readAgain(old)).state, 'superseded');

    const before = slack.posted().length;
    assert.equal(await pressOnSlack(SLACK.ben, onSlack), 200);
    assert.match(await toldOnSlack(SLACK.ben, before), /Not counted/);
    assert.match(await pressOnTelegram('mei', onTelegram.callback_data, 'INC-903'), /Not counted/);
    assert.equal(await voteByHttp('ben', old, old.spec.digest), '409 not-open');
    assert.equal(await voteByHttp('ben', newer, old.spec.digest), '409 wrong-digest');
    for (const one of [old, newer]) assert.deepEqual((await readAgain(one)).votes, []);
    assert.equal((await readAgain(newer)).state, 'awaiting-approval');

    const fresh = await until('the card of the newer one', () =>
      slack
        .posted()
        .slice(cards)
        .find((one) => one.text.includes('INC-903') && actionsOf(one).length > 0),
    );
    const [approve] = actionsOf(fresh);
    assert.ok(approve);
    await pressOnSlack(SLACK.ben, approve);
    await until('one vote', async () => ((await readAgain(newer)).votes.length === 1 ? true : undefined));
    assert.equal(await voteByHttp('mei', newer, newer.spec.digest), '200 approved');
    await succeeded(newer);
    assert.equal(writesTo('payments'), 1);
    assert.deepEqual([(await readAgain(old)).state, (await readAgain(old)).votes], ['superseded', []]);
  });

  test('three press at once on Slack, on Telegram and over HTTP where two are needed: two count, the third hears so, it runs once', async () => {
    const proposal = await call('ana', 'POST', '/proposals', {
      incident: 'INC-904',
      command: 'kubectl delete deployment payments -n production',
    });
    const [onSlack] = actionsOf(await slackCard('INC-904'));
    const [onTelegram] = (await telegramCard('INC-904')).buttons;
    assert.ok(onSlack && onTelegram);
    assert.equal(proposal.spec.tier, 'dual');
    const needed = 2;
    const before = slack.posted().length;
    const [, toldCho, byHttp] = await Promise.all([
      pressOnSlack(SLACK.ben, onSlack),
      pressAsCho(onTelegram.callback_data, 'INC-904'),
      voteByHttp('mei', proposal, proposal.spec.digest),
    ]);
    const toldBen = await toldOnSlack(SLACK.ben, before);
    const over = await succeeded(proposal);
    const counted = over.votes.map(({ person, channel }) => `${person} ${channel}`);
    assert.equal(counted.length, needed, counted.join());
    assert.equal(new Set(over.votes.map(({ person }) => person)).size, needed);
    // Each was told what is on record.
    const said: readonly (readonly [vote: string, isCounted: boolean])[] = [
      ['ben slack', !/Not counted/.test(toldBen)],
      ['cho telegram', !/Not counted/.test(toldCho)],
      ['mei http', byHttp.startsWith('200')],
    ];
    for (const [vote, isCounted] of said)
      assert.equal(counted.includes(vote), isCounted, `${vote}: ${toldBen} ${toldCho} ${byHttp}`);
    const deletions = cluster
      .writes()
      .filter(({ dryRun, path, method }) => !dryRun && method === 'DELETE' && /deployments\/payments/.test(path));
    assert.equal(deletions.length, 1);
    await cardsOver('INC-904');
  });
});
