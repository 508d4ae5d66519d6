// The people and the agent of the demo: people.yaml with fresh tokens, and the tokens themselves.
import { createHash, randomBytes } from 'node:crypto';
import type { Speaker } from './stage.ts';
import { AGENT, CAST, PEOPLE_NAMES, type PersonName } from './story.ts';

export interface CastList {
  /** The text of people.yaml. */
  readonly peopleYaml: string;
  readonly tokens: { readonly [S in Speaker]: string };
}

const freshToken = (): string => `bgt_${randomBytes(18).toString('base64url')}`;
const hashOf = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

/** New tokens each time; only their hashes are in the file. */
export function newCast(): CastList {
  const tokens = { ana: freshToken(), ben: freshToken(), mei: freshToken(), healer: freshToken() };
  const person = (id: PersonName): string => {
    const rights = `[read, propose, approve, ${id === AGENT.owner ? 'admin, ' : ''}break-glass]`;
    const { name, account } = CAST[id];
    return `  - { id: ${id}, name: ${name}, rights: ${rights}, accounts: { telegram: ${account}, gitea: ${id} }, tokens: ["${hashOf(tokens[id])}"] }`;
  };
  const lines = [
    'people:',
    ...PEOPLE_NAMES.map(person),
    'agents:',
    `  - { id: ${AGENT.id}, owner: ${AGENT.owner}, rights: [read, propose], tokens: ["${hashOf(tokens.healer)}"] }`,
    'teams:',
    '  - { id: sre, people: [ana, ben] }',
    '  - { id: payments, people: [mei] }',
  ];
  return { peopleYaml: `${lines.join('\n')}\n`, tokens };
}
