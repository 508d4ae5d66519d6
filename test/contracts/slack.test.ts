// The chat on Slack over a fake Slack: what is shown, what is heard, and what is not believed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SlackChat } from '../../src/adapters/chat/slack/chat.ts';
import { isSafeLine } from '../../src/adapters/chat/slack/socket.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ChatUpdate } from '../../src/ports/chat.ts';
import { Secret } from '../../src/ports/secret.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  commandOf,
  type FakeSlack,
  pressOf,
  SIGNING_SECRET,
  signedRequest,
  startFakeSlack,
} from '../fakes/slack.ts';

const CHANNELS = ['C01AAA', 'C02BBB'] as const;
const never = new AbortController().signal;
const CARD = {
  text: 'INC-1 · ⏳ waits\n<!channel> *bold* <https://evil.example|here> &amp; @ana',
  buttons: { proposal: 'p-1', digits: '0123456789ab', approve: 'Approve', reject: 'Reject' },
};

const chatOn = (
  slack: FakeSlack,
  how: 'socket' | 'http',
  token = BOT_TOKEN,
  warn?: (what: string) => void,
): SlackChat =>
  new SlackChat({
    apiUrl: slack.apiUrl,
    token: new Secret(token),
    chats: CHANNELS,
    hears:
      how === 'socket'
        ? { kind: 'socket', appToken: new Secret(APP_TOKEN) }
        : { kind: 'http', signingSecret: new Secret(SIGNING_SECRET) },
    // Longer than any test: nothing may wait for the end of a poll.
    pollSeconds: 600,
    ...(warn === undefined ? {} : { warn }),
  });

/** All that is heard, as the gate hears it: an update is confirmed by the next offset. */
const listener = (chat: SlackChat) => {
  const heard: ChatUpdate[] = [];
  const stop = new AbortController();
  let offset: number | null = null;
  const done = (async () => {
    while (!stop.signal.aborted) {
      const updates: readonly ChatUpdate[] = await chat.receive(offset, stop.signal).catch(() => []);
      heard.push(...updates);
      offset = (updates.at(-1)?.id ?? (offset ?? 1) - 1) + 1;
    }
  })();
  const end = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  return { heard, stop: end };
};

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !isSo(); tries += 1) await pause(10);
  assert.ok(isSo(), 'it never came to that');
};

describe('what Slack is told', () => {
  let slack: FakeSlack;
  let chat: SlackChat;
  before(async () => {
    slack = await startFakeSlack(CHANNELS);
    chat = chatOn(slack, 'http');
  });
  after(() => slack.close());

  test('a card is one message in each channel, with buttons that carry proposal and digest, and is edited', async () => {
    const places = await chat.post(CARD, never);
    assert.deepEqual(Object.keys(places), CHANNELS);
    const [first] = slack.posted();
    assert.deepEqual(
      first?.blocks.map(({ type }) => type),
      ['section', 'actions'],
    );
    await chat.edit(places, { text: 'approved', buttons: null }, never);
    await chat.edit(places, { text: 'approved', buttons: null }, never);
    const now = slack.posted();
    assert.equal(now.length, 2, 'edited, not posted again');
    assert.ok(now.every(({ text, blocks, literal }) => text === 'approved' && blocks.length === 1 && literal));
    await chat.edit({ C01AAA: '1.000001' }, { text: 'gone', buttons: null }, never);
  });

  test('words of others are plain text in the blocks, and escaped beside them', async () => {
    await chat.send(CARD.text, never);
    const last = slack.posted().at(-1);
    assert.deepEqual(last?.blocks, [{ type: 'section', text: { type: 'plain_text', text: CARD.text, emoji: false } }]);
    assert.doesNotMatch(last?.text ?? '<', /[<>]/);
  });

  test('what is longer than a block is cut between lines, and never within a character', async () => {
    const text = `${'x'.repeat(2999)}😀\n${`${'y'.repeat(99)}\n`.repeat(100)}`;
    await chat.send(text, never);
    const { blocks = [] } = slack.posted().at(-1) ?? {};
    const parts = blocks.map((block) => (block['text'] as { readonly text: string }).text);
    assert.ok(parts.every((part) => part.isWellFormed() && part.length <= 3000));
    assert.equal(parts.join('').replaceAll('\n', ''), text.replaceAll('\n', ''));
  });

  test('an answer to one is seen by that one alone', async () => {
    await chat.answer('C02BBB', 'only you', 'U01ANA', never);
    assert.deepEqual([slack.posted().at(-1)?.user, slack.posted().at(-1)?.channel], ['U01ANA', 'C02BBB']);
  });

  test('one channel that has it does not get it twice', async () => {
    slack.plan('chat.postMessage', { body: { ok: true, channel: 'C01AAA', ts: '9.9' } });
    slack.plan('chat.postMessage', { body: { ok: false, error: 'not_in_channel' } });
    const earlier = slack.posted().length;
    await assert.rejects(chat.send('half', never), /not_in_channel.*Invite the app/);
    await chat.send('half', never);
    assert.deepEqual(
      slack
        .posted()
        .slice(earlier)
        .map(({ channel }) => channel),
      ['C02BBB'],
    );
  });

  const TROUBLES: readonly (readonly [
    what: string,
    reply: Parameters<FakeSlack['plan']>[1],
    kind: AdapterError['kind'],
    pause: number | null,
  ])[] = [
    ['a limit', { status: 429, headers: { 'retry-after': '17' }, body: {} }, 'refused', 17],
    ['a limit in words', { body: { ok: false, error: 'ratelimited' } }, 'refused', 30],
    ['a token that was revoked', { body: { ok: false, error: 'token_revoked' } }, 'refused', null],
    ['its own trouble', { body: { ok: false, error: 'internal_error' } }, 'invalid-answer', null],
    ['a server in trouble', { status: 502, body: {} }, 'invalid-answer', null],
    ['another JSON', { body: { hello: 1 } }, 'invalid-answer', null],
  ];
  for (const [what, reply, kind, seconds] of TROUBLES)
    test(`${what} is told apart`, async () => {
      slack.plan('chat.postMessage', reply);
      await assert.rejects(chat.answer('C01AAA', 'x', null, never), (error) => {
        assert.ok(error instanceof AdapterError);
        assert.deepEqual([error.kind, error.retryAfterSeconds], [kind, seconds]);
        return true;
      });
    });

  test('a wrong token is refused with what to do', async () => {
    await assert.rejects(chatOn(slack, 'http', 'xoxb-other').readName(never), /invalid_auth.*SLACK_BOT_TOKEN/);
  });
});

for (const how of ['socket', 'http'] as const)
  describe(`what is heard by ${how}`, () => {
    let slack: FakeSlack;
    let chat: SlackChat;
    let ears: ReturnType<typeof listener>;
    before(async () => {
      slack = await startFakeSlack(CHANNELS);
      chat = chatOn(slack, how);
      await chat.readName(never);
      ears = listener(chat);
      if (how === 'socket') await until(() => slack.lines() === 1);
    });
    after(async () => {
      await ears.stop();
      await slack.close();
    });

    const deliver = async (kind: 'interactive' | 'slash_commands', payload: object): Promise<number> => {
      if (how === 'socket') {
        await slack.envelope(kind, payload);
        return 200;
      }
      const form = kind === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>);
      const { headers, body } = signedRequest(form, Math.floor(Date.now() / 1000));
      const received = await chat.hook?.receive({ headers: new Headers(headers), body: Buffer.from(body) }, () => null);
      return received?.kind === 'accepted' ? 200 : (received?.status ?? 0);
    };
    const approve = { action_id: 'approve', value: JSON.stringify({ proposal: 'p-1', digits: '0123456789ab' }) };

    test('a press says who, where, which proposal and digest; sent again it is heard once', async () => {
      const payload = pressOf('U01ANA', 'C01AAA', approve);
      assert.equal(await deliver('interactive', payload), 200);
      assert.equal(await deliver('interactive', payload), 200);
      assert.equal(ears.heard.length, 1);
      const { id: _, key, at, ...update } = ears.heard[0] ?? assert.fail();
      assert.match(`${key} ${at}`, /^press t-\d+ \d{4}-/);
      assert.deepEqual(update, {
        chat: 'C01AAA',
        from: 'U01ANA',
        nature: 'message',
        text: '',
        press: { decision: 'approve', proposal: 'p-1', digits: '0123456789ab' },
        replyTo: 'U01ANA',
      });
    });

    test('/blastgate is read as the command behind it, as it was typed', async () => {
      await deliver('slash_commands', commandOf('U01ANA', 'C02BBB', 'reject INC-1 <b> & more'));
      await deliver('slash_commands', commandOf('U01ANA', 'C02BBB', ''));
      assert.deepEqual(
        ears.heard.slice(-2).map(({ text, chat: where }) => `${where} ${text}`),
        ['C02BBB /reject INC-1 <b> & more', 'C02BBB /help'],
      );
    });

    test('another workspace and another channel are strangers', async () => {
      const foreign = { user: { id: 'U01ANA', team_id: 'T99EVIL' }, team: { id: 'T99EVIL' } };
      await deliver('interactive', pressOf('U01ANA', 'C01AAA', approve, foreign));
      await deliver('interactive', pressOf('U01ANA', 'C09OTHER', approve));
      await deliver('slash_commands', commandOf('U01ANA', 'C01AAA', 'pending', 'T99EVIL'));
      assert.deepEqual(
        ears.heard.slice(-3).map(({ nature }) => nature),
        ['other-chat', 'other-chat', 'other-chat'],
      );
    });

    test('whose workspace is not told is a stranger, wherever the app is installed', async () => {
      const { team_id: _, ...user } = pressOf('U01ANA', 'C01AAA', approve)['user'] as { readonly team_id: string };
      await deliver('interactive', pressOf('U01ANA', 'C01AAA', approve, { user }));
      await until(() => ears.heard.at(-1)?.nature === 'other-chat');
    });

    const STANDINGS: readonly (readonly [what: string, change: Parameters<FakeSlack['member']>[1], nature: string])[] =
      [
        ['a bot', { is_bot: true }, 'bot'],
        ['a workflow', { is_workflow_bot: true }, 'bot'],
        ['a closed account', { deleted: true }, 'guest'],
        ['a guest', { is_restricted: true }, 'guest'],
        ['a guest of one channel', { is_ultra_restricted: true }, 'guest'],
        ['somebody of another workspace', { is_stranger: true }, 'guest'],
        // Slack Connect: whoever shares a channel with us is no stranger there (users.info, `is_stranger`).
        ['somebody of another workspace in a shared channel', { is_stranger: false, team_id: 'T99EVIL' }, 'guest'],
        ['nobody', null, 'guest'],
        ['a full member', { is_restricted: false, is_admin: true }, 'message'],
      ];
    test('bots, guests and closed accounts are told from full members, and Slack is asked once in five minutes', async () => {
      for (const [n, [what, change, nature]] of STANDINGS.entries()) {
        const account = `U1${how === 'http' ? 'H' : 'S'}${n}`;
        slack.member(account, change);
        const asked = slack.calls().filter((method) => method === 'users.info').length;
        const before = ears.heard.length;
        await deliver('interactive', pressOf(account, 'C01AAA', approve));
        await deliver('slash_commands', commandOf(account, 'C01AAA', 'pending'));
        await until(() => ears.heard.length === before + 2);
        assert.deepEqual(
          ears.heard.slice(before).map((one) => one.nature),
          [nature, nature],
          what,
        );
        assert.equal(slack.calls().filter((method) => method === 'users.info').length, asked + 1, what);
      }
    });

    test('where Slack does not say who it is nothing is heard, and the same sent again is', async () => {
      const before = ears.heard.length;
      const payload = pressOf('U20NEW', 'C01AAA', approve);
      slack.plan('users.info', { status: 502, body: {} });
      if (how === 'http') {
        assert.equal(await deliver('interactive', payload), 503);
        assert.equal(ears.heard.length, before);
      }
      // By the socket it is not acknowledged: Slack sends it again and again.
      for (let tries = 0; tries < 200 && ears.heard.length === before; tries += 1) {
        void deliver('interactive', payload);
        await pause(10);
      }
      await deliver('interactive', payload);
      assert.equal(ears.heard.length, before + 1);
    });

    test('what is nothing for the gate is let go', async () => {
      const before = ears.heard.length;
      await deliver('interactive', pressOf('U01ANA', 'C01AAA', { action_id: 'other', value: '{}' }));
      await deliver('interactive', pressOf('U01ANA', 'C01AAA', { action_id: 'approve', value: 'no json' }));
      await deliver('interactive', { type: 'view_submission' });
      assert.equal(ears.heard.length, before);
    });

    if (how === 'socket')
      test('a line that is closed, with a word or without, is opened again', async () => {
        for (const drop of ['with a word', 'silently'] as const) {
          const earlier = slack.linked();
          slack.drop(drop);
          await until(() => slack.linked() === earlier + 1 && slack.lines() === 1);
          const before = ears.heard.length;
          await deliver('interactive', pressOf('U01ANA', 'C01AAA', approve));
          await until(() => ears.heard.length === before + 1);
        }
      });

    if (how === 'http') {
      const FORGED: readonly (readonly [
        what: string,
        change: (sent: { headers: Record<string, string>; body: string }) => void,
      ])[] = [
        ['no signature', ({ headers }) => void delete headers['x-slack-signature']],
        [
          'another secret',
          (sent) => void Object.assign(sent, signedRequest({ payload: '{}' }, Math.floor(Date.now() / 1000), 'other')),
        ],
        ['a changed body', (sent) => void Object.assign(sent, { body: `${sent.body}&x=1` })],
        [
          'an old timestamp',
          (sent) => void Object.assign(sent, signedRequest({ payload: '{}' }, Math.floor(Date.now() / 1000) - 301)),
        ],
        [
          'a timestamp of the future',
          (sent) => void Object.assign(sent, signedRequest({ payload: '{}' }, Math.floor(Date.now() / 1000) + 301)),
        ],
        [
          'a timestamp that is none',
          ({ headers }) => void Object.assign(headers, { 'x-slack-request-timestamp': '1e9' }),
        ],
      ];
      for (const [what, change] of FORGED)
        test(`${what} is refused`, async () => {
          const payload = JSON.stringify(pressOf('U01ANA', 'C01AAA', approve));
          const sent = { ...signedRequest({ payload }, Math.floor(Date.now() / 1000)) };
          change(sent);
          const before = ears.heard.length;
          const counted: string[] = [];
          const received = await chat.hook?.receive(
            { headers: new Headers(sent.headers), body: Buffer.from(sent.body) },
            () => {
              counted.push('one');
              return null;
            },
          );
          assert.deepEqual(counted, [], 'a forger uses up nothing');
          assert.deepEqual([received?.kind, ears.heard.length], ['refused', before]);
        });

      test('what was sent minutes ago, or is sent again, was said when it was signed and pressed, not now', async () => {
        const then = Math.floor(Date.now() / 1000) - 200;
        const press = pressOf('U01ANA', 'C01AAA', approve);
        const [action] = press['actions'] as readonly object[];
        const forms: readonly Record<string, string>[] = [
          commandOf('U01ANA', 'C01AAA', 'approve INC-1'),
          { payload: JSON.stringify(press) },
          {
            payload: JSON.stringify({
              ...press,
              trigger_id: 't-old',
              actions: [{ ...action, action_ts: `${then - 50}.25` }],
            }),
          },
        ];
        const before = ears.heard.length;
        for (const form of forms) {
          const { headers, body } = signedRequest(form, then);
          await chat.hook?.receive({ headers: new Headers(headers), body: Buffer.from(body) }, () => null);
        }
        assert.deepEqual(
          ears.heard.slice(before).map(({ at }) => Date.parse(at) / 1000 - then),
          [0, 0, -49.75],
        );
      });

      test('Slack is told that the address is ours, where it proves that it is Slack', async () => {
        const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
        const at = Math.floor(Date.now() / 1000);
        const { createHmac } = await import('node:crypto');
        const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${at}:${body}`).digest('hex')}`;
        const headers = new Headers({
          'content-type': 'application/json',
          'x-slack-signature': signature,
          'x-slack-request-timestamp': `${at}`,
        });
        const received = await chat.hook?.receive({ headers, body: Buffer.from(body) }, () => null);
        assert.ok(received?.kind === 'accepted');
        assert.equal(received.reply?.body, 'abc');
      });
    }
  });

test('an app without users:read says so once, and hears its people all the same', async () => {
  const slack = await startFakeSlack(CHANNELS);
  const said: string[] = [];
  const chat = chatOn(slack, 'socket', BOT_TOKEN, (what) => said.push(what));
  const ears = listener(chat);
  await until(() => slack.lines() === 1);
  const press = { action_id: 'approve', value: JSON.stringify({ proposal: 'p-1', digits: '0123456789ab' }) };
  for (const user of ['U01ANA', 'U02BEN', 'U03CHO']) {
    slack.plan('users.info', { body: { ok: false, error: 'missing_scope', needed: 'users:read' } });
    await slack.envelope('interactive', pressOf(user, 'C01AAA', press));
  }
  await until(() => ears.heard.length === 3);
  assert.ok(ears.heard.every(({ nature }) => nature === 'message'));
  assert.equal(said.length, 1);
  assert.match(said.join(), /users:read.*slack-manifest\.yaml/);
  slack.plan('users.info', { body: { ok: false, error: 'missing_scope' } });
  const doctor = chatOn(slack, 'http');
  assert.match((await doctor.lacks(never)) ?? '', /users:read/);
  assert.equal(await chatOn(slack, 'http').lacks(never), null);
  await ears.stop();
  await slack.close();
});

test('a card that changed between two tries is posted once in the channel that has it', async () => {
  const slack = await startFakeSlack(CHANNELS);
  const chat = chatOn(slack, 'http');
  slack.plan('chat.postMessage', { body: { ok: false, error: 'internal_error' } });
  await assert.rejects(chat.post(CARD, never), AdapterError);
  const places = await chat.post({ ...CARD, text: 'one vote later' }, never);
  assert.deepEqual(Object.keys(places).toSorted(), CHANNELS);
  assert.deepEqual(
    slack.posted().map(({ channel }) => channel),
    ['C02BBB', 'C01AAA'],
  );
  await slack.close();
});

test('the line must be encrypted where Slack is not on this machine', () => {
  const [remote, here] = ['https://slack.com/api', 'http://127.0.0.1:80/api'];
  for (const [api, url, safe] of [
    [remote, 'wss://wss-primary.slack.com/link?ticket=1', true],
    [remote, 'ws://wss-primary.slack.com/link', false],
    [remote, 'https://wss-primary.slack.com/link', false],
    [remote, 'no address', false],
    [here, 'ws://127.0.0.1:80/link', true],
    [here, 'http://127.0.0.1:80/link', false],
  ] as const)
    assert.equal(isSafeLine(api, url), safe, `${api} ${url}`);
});

test('wrong settings are named', () => {
  const good = {
    token: new Secret('xoxb-1'),
    chats: ['C01AAA'],
    hears: { kind: 'http', signingSecret: new Secret('s') },
  } as const;
  assert.throws(() => new SlackChat({ ...good, token: new Secret('two words') }), /SLACK_BOT_TOKEN/);
  assert.throws(() => new SlackChat({ ...good, chats: [] }), /SLACK_CHANNEL/);
  assert.throws(() => new SlackChat({ ...good, apiUrl: 'http://slack.example/api' }), /SLACK_API_URL/);
});
