// `blastgate login PERSON`: a one-time link to the console, made by PERSON's own token or in the gate's data folder.
import { z } from 'zod';
import { LINK_SECONDS } from '../../../core/approval/session.ts';
import { authorityOf } from '../../../core/model/host.ts';
import { instant, plusSeconds } from '../../../core/model/instant.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import { fill } from '../../../core/text/words/sentence.ts';
import { consoleLink } from '../../console-link.ts';
import { jsonLine } from '../../json-line.ts';
import { loginId, newLoginToken } from '../../login-token.ts';
import { OPEN } from '../../open-peers.ts';
import { loadPeople } from '../../people-file.ts';
import { readClientSettings } from '../../settings/client.ts';
import { readSettings } from '../../settings.ts';
import { type CliCommand, CommandFailed, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { expectOk, gateClient } from '../../terminal/gate-client.ts';
import { languageOf } from '../language.ts';
import { outputFormat } from '../proposed-command.ts';

interface MadeLink {
  readonly person: string;
  readonly url: string;
  readonly expiresAt: string;
}

export const loginCommand: CliCommand = {
  name: 'login',
  usage: 'blastgate login PERSON [-o text|json]',
  example: 'blastgate login ben',
  exits: ['done', 'broken', 'usage'],
  options: { output: { type: 'string', short: 'o' } },
  run: async (input, terminal) => {
    const [person, ...more] = input.words;
    if (person === undefined || more.length > 0) throw new UsageError('login takes one person of people.yaml');
    const { token, url } = readClientSettings(terminal.env);
    const made = token === null ? await makeHere(person, terminal) : await askFor(person, url, terminal);
    const words = DICTIONARIES[languageOf(terminal.env)].login;
    const text = `${fill(words.link, { person })}\n\n  ${made.url}\n\n${words.linkOnce}\n`;
    terminal.out(outputFormat(input) === 'json' ? `${jsonLine(made)}\n` : text);
    return EXIT.auto;
  },
};

const MADE = z.object({ person: z.string(), token: z.string(), ends: z.string() });

const askFor = async (person: string, url: string, terminal: Terminal): Promise<MadeLink> => {
  const made = MADE.parse(expectOk(await gateClient(terminal).call('POST', '/login-links', {})));
  if (made.person !== person)
    throw new CommandFailed(`BLASTGATE_TOKEN is of ${made.person}: nobody makes a link for somebody else`);
  return { person, url: consoleLink(url, made.token), expiresAt: made.ends };
};

/** Who may write the data folder may be anybody: no token is asked for. */
const makeHere = async (person: string, { env }: Terminal): Promise<MadeLink> => {
  const read = readSettings(env);
  if (!read.ok) throw new CommandFailed(read.problems.join('\n'));
  const { settings } = read;
  const { people, problems } = loadPeople(settings.peopleFile);
  if (settings.peopleFile === null)
    throw new CommandFailed(
      'neither BLASTGATE_TOKEN nor BLASTGATE_PEOPLE is set: with your own token the gate makes the link; on its machine, set what it is started with',
    );
  if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
  if (people.agents.some(({ id }) => id === person))
    throw new CommandFailed(`${person} is an agent: only people log in to the console`);
  if (!people.people.some(({ id }) => id === person))
    throw new CommandFailed(`${person} is not in ${settings.peopleFile}`);
  const now = instant(Date.now());
  const token = newLoginToken();
  const link = { id: loginId(token), person, ends: plusSeconds(now, LINK_SECONDS) };
  await (await OPEN.loginLinks(settings.dataDir)).keep(link, now);
  return { person, url: consoleLink(addressOf(settings, env), token), expiresAt: link.ends };
};

const addressOf = (
  { listen: { host, port } }: { readonly listen: { readonly host: string; readonly port: number } },
  env: Terminal['env'],
): string => {
  const named = env['BLASTGATE_URL'];
  if (named !== undefined && named !== '') return named;
  const shown = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${authorityOf({ host: shown, port })}`;
};
