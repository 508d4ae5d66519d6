// Reads people.yaml: persons and agents, their rights and accounts (contract section 3). It must never accept what it does not know.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import type { People } from '../../core/approval/people.ts';

export type PeopleResult =
  | { readonly ok: true; readonly people: People }
  | { readonly ok: false; readonly problems: readonly string[] };

const ID = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'an id is letters, digits, ".", "_" and "-"');
const RIGHT = z.enum(['read', 'propose', 'approve', 'admin']);
const TOKEN = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'write the sha256 of the token, as `blastgate token` prints it');
const TELEGRAM = z
  .union([z.int(), z.string()])
  .refine((id) => /^[1-9]\d{0,18}$/.test(String(id)), 'a Telegram account is a positive whole number');
const GITEA = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'a Gitea account is a login name');

const FILE = z.strictObject({
  people: z.array(
    z.strictObject({
      id: ID,
      name: z.string().min(1).max(200),
      rights: z.array(RIGHT).min(1),
      accounts: z.strictObject({ telegram: TELEGRAM.optional(), gitea: GITEA.optional() }).optional(),
      tokens: z.array(TOKEN).optional(),
    }),
  ),
  agents: z
    .array(
      z.strictObject({
        id: ID,
        owner: ID,
        rights: z.array(z.enum(['read', 'propose'], 'an agent may read and propose, nothing else')).min(1),
        tokens: z.array(TOKEN).min(1),
      }),
    )
    .optional(),
});

/** Everything that is wrong is named with line and column; what is right is returned frozen. */
export const readPeople = (text: string): PeopleResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0)
    return { ok: false, problems: document.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML') };
  if (/(^|[\s[{,])\*\S/m.test(text))
    return { ok: false, problems: ['aliases (*name) are not read here; write the value out'] };
  const parsed = FILE.safeParse(document.toJS());
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map(
        (issue) => `${placeOf(document.contents, issue.path, lines)}${pathText(issue.path)}: ${issue.message}`,
      ),
    };
  }
  const people: People = {
    people: parsed.data.people.map(({ id, name, rights, accounts, tokens }) => ({
      id,
      name,
      rights,
      accounts: {
        telegram: accounts?.telegram === undefined ? null : String(accounts.telegram),
        gitea: accounts?.gitea ?? null,
      },
      tokens: tokens ?? [],
    })),
    agents: parsed.data.agents ?? [],
  };
  const problems = contradictions(people);
  return problems.length === 0 ? { ok: true, people } : { ok: false, problems };
};

/** An id, an account or a token that stands twice would let one person vote as two. */
const contradictions = ({ people, agents }: People): readonly string[] => {
  const problems: string[] = [];
  const once = (what: string, values: readonly string[]) => {
    for (const value of new Set(values.filter((v, i) => values.indexOf(v) !== i)))
      problems.push(`${what} ${value} stands twice`);
  };
  once(
    'the id',
    [...people, ...agents].map(({ id }) => id),
  );
  once(
    'the Telegram account',
    people.flatMap(({ accounts }) => accounts.telegram ?? []),
  );
  once(
    'the Gitea account',
    people.flatMap(({ accounts }) => (accounts.gitea === null ? [] : [accounts.gitea.toLowerCase()])),
  );
  once(
    'the token',
    [...people, ...agents].flatMap(({ tokens }) => tokens),
  );
  for (const agent of agents) {
    if (!people.some(({ id }) => id === agent.owner))
      problems.push(`the agent ${agent.id} is owned by ${agent.owner}, who is not among the people`);
  }
  return problems;
};

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the file' : path.map(String).join('.');

/** "line 3, column 5: " of the nearest node on the path, "" where there is none. */
const placeOf = (root: unknown, path: readonly PropertyKey[], lines: LineCounter): string => {
  let node: unknown = root;
  let range: readonly number[] | null | undefined = (root as Node | null)?.range;
  for (const key of path) {
    if (isMap(node)) node = node.items.find(({ key: name }) => isScalar(name) && name.value === key)?.value;
    else if (isSeq(node)) node = node.items[Number(key)];
    else break;
    range = (node as Node | null | undefined)?.range ?? range;
  }
  if (range === null || range === undefined) return '';
  const { line, col } = lines.linePos(range[0] ?? 0);
  return `line ${line}, column ${col}: `;
};
