// `blastgate kubeconfig AGENT`: how an agent's kubectl reaches the cluster through the proxy.

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isIncidentId } from '../../../core/model/incident.ts';
import { loadClusters } from '../../clusters-file.ts';
import { guardedClusters } from '../../guarded-clusters.ts';
import { OPEN } from '../../open-peers.ts';
import { loadPeople } from '../../people-file.ts';
import { readClientSettings } from '../../settings/client.ts';
import type { ProxySettings } from '../../settings/guards.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { type CliCommand, CommandFailed, EXIT, UsageError } from '../../terminal/command.ts';

/** What stands where no token is given: kubectl sends it, and the proxy answers 401. */
const PLACEHOLDER = 'put-the-token-of-this-agent-here';

export const kubeconfigCommand: CliCommand = {
  name: 'kubeconfig',
  usage: 'blastgate kubeconfig AGENT [--incident INC] [--cluster NAME]',
  example: 'blastgate kubeconfig healer --incident INC-7 > healer.kubeconfig',
  exits: ['done', 'broken', 'usage'],
  options: { incident: { type: 'string' }, cluster: { type: 'string' } },
  run: async ({ values, words }, terminal) => {
    const [agent, ...more] = words;
    if (agent === undefined || more.length > 0) throw new UsageError('kubeconfig takes the id of one agent');
    const incident = typeof values['incident'] === 'string' ? values['incident'] : null;
    if (incident !== null && !isIncidentId(incident))
      throw new UsageError('--incident is letters, digits, ".", "_", ":" and "-", at most 64');
    const read = readSettings(terminal.env);
    if (!read.ok)
      throw new CommandFailed(`the settings are not usable:\n${read.problems.map((line) => `  ${line}`).join('\n')}`);
    const { proxy, dataDir, peopleFile } = read.settings;
    if (proxy === null)
      throw new CommandFailed(
        'there is no proxy: set BLASTGATE_PROXY_LISTEN and BLASTGATE_DATA as the gate has them (docs/proxy.md)',
      );
    if (peopleFile !== null) {
      const { people, problems } = loadPeople(peopleFile);
      if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
      if (![...people.agents, ...people.people].some(({ id }) => id === agent))
        throw new CommandFailed(
          `${agent} is not in ${peopleFile}: add the agent there first, with the hash of its token`,
        );
    }
    const { token, problems } = readClientSettings(terminal.env);
    if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
    const contexts = contextsOf(read.settings, typeof values['cluster'] === 'string' ? values['cluster'] : null);
    const behind = incident === null ? '' : `/incidents/${incident}`;
    const ca = await trustOf(proxy, dataDir);
    terminal.out(
      kubeconfigText(
        { agent, ca, token: token?.reveal() ?? PLACEHOLDER },
        contexts.map(({ name, path }) => ({ name, server: `${proxy.url}${path}${behind}` })),
      ),
    );
    if (token === null)
      terminal.err(`BLASTGATE_TOKEN is not set: write the agent's token in the place of ${PLACEHOLDER}\n`);
    return EXIT.auto;
  },
};

/** What the client must trust; null: what its machine trusts already. */
const trustOf = async ({ tls }: ProxySettings, dataDir: string): Promise<string | null> => {
  if (tls !== null) return ownRoot(tls.certFile);
  if (!existsSync(join(dataDir, 'ca')))
    throw new CommandFailed(
      `there is no certificate authority in ${dataDir} yet: start the gate once, or set BLASTGATE_DATA`,
    );
  return (await OPEN.authority(dataDir)).caPem;
};

/** The last certificate of the chain where it signs itself; else a public authority has signed it. */
const ownRoot = (file: string): string | null => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailed(`BLASTGATE_TLS_CERT names a file that cannot be read: ${file}`);
  }
  const last = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)?.at(-1);
  if (last === undefined) throw new CommandFailed(`BLASTGATE_TLS_CERT holds no certificate: ${file}`);
  const { issuer, subject } = new X509Certificate(last);
  return issuer === subject ? `${last}\n` : null;
};

/** A context by its name, and what its address has in front of the path of an incident. */
interface Context {
  readonly name: string;
  readonly path: string;
}

/**
 * The first is the current one. Of several clusters each has a context behind the one without a name, which leads to
 * BLASTGATE_GUARDED_CLUSTER, or is refused with the names: a default would be the wrong cluster one night.
 */
const contextsOf = (settings: Settings, wanted: string | null): readonly [Context, ...Context[]] => {
  const unnamed: Context = { name: 'blastgate', path: '' };
  // The name that `serve --cluster` gives to an only cluster is not known here.
  if (settings.clustersFile === null && wanted !== null)
    throw new CommandFailed('--cluster names one of several: there is one cluster without BLASTGATE_CLUSTERS');
  const loaded = loadClusters(settings, null);
  const { guarded, problems } = guardedClusters(loaded.clusters, settings);
  if (loaded.problems.length + problems.length > 0)
    throw new CommandFailed([...loaded.problems, ...problems].join('\n'));
  const names = loaded.clusters.flatMap(({ name }, at) =>
    name === null || guarded.accounts[at] == null ? [] : [name],
  );
  const named = names.map((name): Context => ({ name: `blastgate-${name}`, path: `/clusters/${name}` }));
  if (wanted === null) return loaded.clusters.length === 1 ? [unnamed] : [unnamed, ...named];
  const found = named[names.indexOf(wanted)];
  if (found === undefined)
    throw new CommandFailed(`the proxy stands before no cluster "${wanted}"; it stands before ${names.join(', ')}`);
  return [found];
};

interface Access {
  readonly agent: string;
  readonly ca: string | null;
  readonly token: string;
}

/** YAML; every value is a JSON text, which is YAML too. A context is named as its cluster. */
const kubeconfigText = (
  { agent, ca, token }: Access,
  contexts: readonly { readonly name: string; readonly server: string }[],
): string => {
  const text = (value: string): string => JSON.stringify(value);
  const trust = ca === null ? [] : [`    certificate-authority-data: ${Buffer.from(ca).toString('base64')}`];
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    ...contexts.flatMap(({ name, server }) => [
      `- name: ${name}`,
      '  cluster:',
      `    server: ${text(server)}`,
      ...trust,
    ]),
    'users:',
    `- name: ${text(agent)}`,
    '  user:',
    `    token: ${text(token)}`,
    'contexts:',
    ...contexts.flatMap(({ name }) => [
      `- name: ${name}`,
      '  context:',
      `    cluster: ${name}`,
      `    user: ${text(agent)}`,
    ]),
    `current-context: ${contexts[0]?.name}`,
    '',
  ].join('\n');
};
