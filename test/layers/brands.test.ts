// House rule 10: a brand is named in its own adapter folder, in the settings of its wing, and in the one open-<wing>.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Source, sources, withoutComments } from './sources.ts';

/** Slack by its capital: clocks have slack too. */
const BRANDS =
  /Slack|\bslack\b|[tT]elegram|[gG]itea|[sS][qQ][lL]ite|[gG]ramm[yY]|[fF]orgejo|[gG]it[hH]ub|[gG]it[lL]ab|[dD]iscord|[mM]attermost|[pP]ostgres|TELEGRAM|GITEA|SQLITE/;

/** Where a brand is at home. The sandbox plays the brands' servers. */
const HOMES: readonly RegExp[] = [
  /^adapters\/chat\/(telegram|slack)\//,
  /^adapters\/forge\/(gitea|github|gitlab)\//,
  /^adapters\/store\/(sqlite|postgres)\//,
  /^doors\/settings\/(chats|forge|store)\.ts$/,
  /^doors\/open-(chat|forge|store)\.ts$/,
  /^sandbox\//,
];

/** Each exception with its reason. */
const EXCEPTIONS: { readonly [path: string]: string } = {
  'core/approval/vote.ts': 'AccountService: the pinned keys of `accounts` in people.yaml',
  'core/approval/hasty.ts': 'how each channel of a vote shows a proposal: an exhaustive table over channel.ts',
  'core/model/channel.ts': 'the channel of a vote, as the pinned JSON and the policy have it',
  'adapters/people/read-people.ts': 'reads those keys',
  'doors/demo/cast.ts': 'writes those keys',
  'doors/demo/compare.ts': 'the channel of a vote, as the pinned JSON has it',
  'core/command/secrets/hints.ts': 'how the tokens of known makers begin',
  'core/model/secret-shapes.ts': 'shapes of the tokens of known makers, which are found wherever they stand',
  'core/command/shell/programs.ts': 'programs that a judged command may start: SQL clients',
};

/** Names of settings stand wherever a remedy says what to set; paths of imports belong to the law. */
const SETTING = /\b(?:GITEA|GITHUB|GITLAB|TELEGRAM|SLACK)_(?:[A-Z_]+\b|\*)/g;
const IMPORT_PATH = /(?:from|import\() ?'[^']*'/g;

const namesBrand = ({ text }: Source): boolean =>
  BRANDS.test(withoutComments(text).replace(SETTING, '').replace(IMPORT_PATH, ''));

test('a brand is named at home, and nowhere else but by an exception with a reason', () => {
  const strangers = sources().filter((source) => !HOMES.some((home) => home.test(source.path)) && namesBrand(source));
  assert.deepEqual(
    strangers.map(({ path }) => path),
    Object.keys(EXCEPTIONS).toSorted(),
  );
});

test('the scan is awake', () => {
  const named = (text: string): boolean => namesBrand({ path: 'x.ts', text });
  for (const text of [
    "const x = 'telegram';",
    'settings.gitea;',
    'class SlackChat {}',
    '`no SQLite here`;',
    'const telegramChat = 1; // x',
  ])
    assert.ok(named(text), text);
  for (const text of [
    '// as Telegram does',
    "'set GITEA_API_URL';",
    "import { a } from './chat/telegram/chat.ts';",
    '/** Gitea. */\nconst a = 1;',
  ])
    assert.ok(!named(text), text);
});
