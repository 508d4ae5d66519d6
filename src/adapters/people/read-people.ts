// Reads people.yaml: persons and agents, their rights and accounts (contract section 3).
import { z } from 'zod';
import { forgeAccountOf, type People, type Person, RIGHTS } from '../../core/approval/people.ts';
import { ACCOUNT_SERVICES, type AccountService, CASELESS_ACCOUNTS } from '../../core/approval/vote.ts';
import { instant } from '../../core/model/instant.ts';
import { readChecked } from '../yaml/checked-yaml.ts';

export type PeopleResult =
  | { readonly ok: true; readonly people: People }
  | { readonly ok: false; readonly problems: readonly string[] };

const ID = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'an id is letters, digits, ".", "_" and "-"');
const RIGHT = z.enum(RIGHTS);
const TOKEN = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'write the sha256 of the token, as `blastgate token` prints it');
/** An offset is demanded: a token ends at one moment, wherever the file is read. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;
const EXPIRING_TOKEN = z.strictObject({
  hash: TOKEN,
  expires: z
    .string('say when it ends: expires: 2027-01-01T00:00:00Z')
    .refine(
      (text) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)),
      'write a time with its offset: 2027-01-01T00:00:00Z',
    ),
});
const ANY_TOKEN = z.union(
  [TOKEN, EXPIRING_TOKEN],
  'write the sha256 of the token, as `blastgate token` prints it, or { hash, expires: 2027-01-01T00:00:00Z }',
);
type GivenToken = z.output<typeof ANY_TOKEN>;

const TELEGRAM = z
  .union([z.int(), z.string()])
  .refine((id) => /^[1-9]\d{0,18}$/.test(String(id)), 'a Telegram account is a positive whole number');
const account = (pattern: RegExp, what: string) => z.string().regex(pattern, what);
const ACCOUNTS = z.strictObject({
  telegram: TELEGRAM.optional(),
  slack: account(/^[UW][A-Z0-9]{2,30}$/, 'a Slack account is a member ID ("U02AB3CDE"), never a name').optional(),
  gitea: account(
    /^[A-Za-z0-9_.-]{1,64}(?:#[1-9]\d{0,18})?$/,
    'a Gitea account is a login name, or "LOGIN#NUMBER"',
  ).optional(),
  github: account(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:#[1-9]\d{0,18})?$/,
    'a GitHub account is a login name, or "LOGIN#NUMBER"',
  ).optional(),
  gitlab: account(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(?:#[1-9]\d{0,18})?$/,
    'a GitLab account is a user name, or "NAME#NUMBER"',
  ).optional(),
  oidc: account(
    /^(?:https?:\/\/\S{1,300}#\S{1,255}|[^\s@#]{1,200}@[^\s@#]{1,253})$/,
    'an OIDC account is "ISSUER#SUBJECT", or an e-mail address that the issuer has verified',
  ).optional(),
});

/** Its name, as texts for people write it. */
const BRAND: { readonly [service in AccountService]: string } = {
  telegram: 'Telegram',
  slack: 'Slack',
  gitea: 'Gitea',
  github: 'GitHub',
  gitlab: 'GitLab',
  oidc: 'OIDC',
};

const SUBJECT = z
  .string()
  .regex(
    /^(?:ServiceAccount:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|User:\S{1,253})$/,
    'write who it is in the cluster as "ServiceAccount:NAMESPACE/NAME" or "User:NAME"',
  );

const FILE = z.strictObject({
  people: z.array(
    z.strictObject({
      id: ID,
      name: z.string().min(1).max(200),
      rights: z.array(RIGHT).min(1),
      accounts: ACCOUNTS.optional(),
      tokens: z.array(ANY_TOKEN).optional(),
    }),
  ),
  agents: z
    .array(
      z.strictObject({
        id: ID,
        owner: ID,
        rights: z.array(z.enum(['read', 'propose'], 'an agent may read and propose, nothing else')).min(1),
        tokens: z.array(ANY_TOKEN).min(1),
        kubernetes: z.array(SUBJECT).min(1, 'name at least one, or leave it out').optional(),
      }),
    )
    .optional(),
  teams: z.array(z.strictObject({ id: ID, people: z.array(ID).min(1, 'name at least one person') })).optional(),
});

/** Everything that is wrong is named with line and column. */
export function readPeople(text: string): PeopleResult {
  const read = readChecked(
    text,
    FILE,
    (key, parent) => `${[...parent, key].map(String).join('.')} is not known here: remove it or correct its spelling`,
  );
  if (!read.ok)
    return {
      ok: false,
      problems: read.problems.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`),
    };
  const people: People = {
    people: read.value.people.map(({ id, name, rights, accounts, tokens }) => ({
      id,
      name,
      rights,
      accounts: Object.fromEntries(
        ACCOUNT_SERVICES.map((service) => [
          service,
          accounts?.[service] === undefined ? null : String(accounts[service]),
        ]),
      ),
      ...tokensOf(tokens ?? []),
    })),
    agents: (read.value.agents ?? []).map(({ kubernetes, tokens, ...agent }) => ({
      ...agent,
      ...tokensOf(tokens),
      ...(kubernetes === undefined ? {} : { kubernetes }),
    })),
    ...(read.value.teams === undefined ? {} : { teams: read.value.teams }),
  };
  const problems = contradictions(people);
  return problems.length === 0 ? { ok: true, people } : { ok: false, problems };
}

const tokensOf = (given: readonly GivenToken[]): Pick<Person, 'tokens' | 'expiring'> => {
  const expiring = given.flatMap((token) =>
    typeof token === 'string' ? [] : [{ hash: token.hash, expires: instant(Date.parse(token.expires)) }],
  );
  const tokens = given.map((token) => (typeof token === 'string' ? token : token.hash));
  return { tokens, ...(expiring.length === 0 ? {} : { expiring }) };
};

/** An id, an account or a token that stands twice would let one person vote as two. */
const contradictions = ({ people, agents, teams = [] }: People): readonly string[] => {
  const problems: string[] = [];
  const once = (what: string, values: readonly string[]) => {
    for (const value of new Set(values.filter((v, i) => values.indexOf(v) !== i)))
      problems.push(`${what} ${value} stands twice`);
  };
  once(
    'the id',
    [...people, ...agents].map(({ id }) => id),
  );
  for (const service of ACCOUNT_SERVICES) {
    const mapped = people.flatMap(({ accounts }) => accounts[service] ?? []);
    const isForge = CASELESS_ACCOUNTS.has(service);
    const logins = isForge ? mapped.map((one) => forgeAccountOf(one).login.toLowerCase()) : mapped;
    once(`the ${BRAND[service]} account`, logins);
    if (isForge)
      once(
        `the number of the ${BRAND[service]} account`,
        mapped.flatMap((one) => forgeAccountOf(one).number ?? []),
      );
  }
  once(
    'the token',
    [...people, ...agents].flatMap(({ tokens }) => tokens),
  );
  once(
    'the Kubernetes subject',
    agents.flatMap(({ kubernetes = [] }) => kubernetes),
  );
  for (const agent of agents) {
    if (!people.some(({ id }) => id === agent.owner))
      problems.push(`the agent ${agent.id} is owned by ${agent.owner}, who is not among the people`);
  }
  once(
    'the team',
    teams.map(({ id }) => id),
  );
  for (const team of teams) {
    once(`in the team ${team.id}, the person`, team.people);
    for (const one of team.people)
      if (!people.some(({ id }) => id === one))
        problems.push(
          `the team ${team.id} names ${one}, who is not among the people${agents.some(({ id }) => id === one) ? ': an agent is in no team' : ''}`,
        );
  }
  return problems;
};
