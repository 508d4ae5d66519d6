// `blastgate guard-executor`: prints the objects by which the API server asks the gate before its own account writes. It installs
// nothing: whoever holds admission objects is an operator.
import { stringify } from 'yaml';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { loadClusters } from '../../clusters-file.ts';
import { executorGuard } from '../../executor-guard.ts';
import { guardedClusters } from '../../guarded-clusters.ts';
import { OPEN } from '../../open-peers.ts';
import { dataDirOf } from '../../settings/store.ts';
import { readSettings } from '../../settings.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  noWords,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { languageOf } from '../language.ts';

const ACCOUNT = 'system:serviceaccount:blastgate:blastgate';
/** The common name that the API server shows. */
const CLIENT = 'kube-apiserver-admission';

export const guardExecutorCommand: CliCommand = {
  name: 'guard-executor',
  usage:
    'blastgate guard-executor [--cluster NAME] [--next-ca | --switch-ca] [--account USER]\nblastgate guard-executor --client [--cluster NAME]      (both read BLASTGATE_ADMISSION_LISTEN, BLASTGATE_ADMISSION_URL, BLASTGATE_DATA)',
  example: 'blastgate guard-executor | kubectl apply -f -',
  exits: ['done', 'broken', 'usage'],
  options: {
    'next-ca': { type: 'boolean' },
    'switch-ca': { type: 'boolean' },
    client: { type: 'boolean' },
    account: { type: 'string' },
    cluster: { type: 'string' },
  },
  run: async (input, terminal) => {
    const [prepares, takes, client] = ['next-ca', 'switch-ca', 'client'].map((name) => input.values[name] === true);
    noWords(input, 'guard-executor');
    if ([prepares, takes, client].filter(Boolean).length > 1)
      throw new UsageError('--next-ca, --switch-ca and --client are one at a time');
    const { url, cluster } = addressIn(terminal, input);
    const { guardExecutor: words } = DICTIONARIES[languageOf(terminal.env)];
    try {
      const authority = await OPEN.authority(dataDirOf(terminal.env));
      if (prepares) await authority.prepareNext();
      if (takes && !authority.takeNext()) throw new CommandFailed(words.noNext);
      if (client) terminal.out(clientFiles(await authority.clientLeaf(CLIENT, cluster)));
      else
        terminal.out(
          stringify(executorGuard({ url, caPem: authority.caPem, account: accountOf(input) }), { lineWidth: 0 }),
        );
      terminal.err(`${prepares ? words.prepared : takes ? words.taken : client ? words.client : words.install}\n`);
      return EXIT.auto;
    } catch (error) {
      throw error instanceof AdapterError ? new CommandFailed(error.message) : error;
    }
  },
};

const accountOf = ({ values }: CommandInput): string => {
  const { account = ACCOUNT } = values;
  if (typeof account !== 'string' || account === '' || /['\\\s]/.test(account))
    throw new UsageError(
      '--account is the name of a user as the cluster knows it, such as system:serviceaccount:blastgate:blastgate',
    );
  return account;
};

/** Where the API server of the cluster asks. `cluster` absent: the one that a path without a name means. */
const addressIn = (
  { env }: Terminal,
  { values }: CommandInput,
): { readonly url: string; readonly cluster?: string } => {
  const read = readSettings(env);
  if (!read.ok) throw new CommandFailed(read.problems.join('\n'));
  if (read.settings.admission === null)
    throw new CommandFailed(
      'set BLASTGATE_ADMISSION_LISTEN (HOST:PORT), as the gate has it: there the API server asks',
    );
  const { url } = read.settings.admission;
  const { clusters, problems } = loadClusters(read.settings, null);
  const { guarded, problems: more } = guardedClusters(clusters, read.settings);
  if (problems.length + more.length > 0) throw new CommandFailed([...problems, ...more].join('\n'));
  const names = clusters.flatMap(({ name }) => name ?? []);
  const { cluster } = values;
  if (typeof cluster !== 'string') {
    if (guarded.unnamed !== null) return { url };
    throw new CommandFailed(`--cluster says which cluster's API server asks: ${names.join(', ')}`);
  }
  if (!names.includes(cluster))
    throw new CommandFailed(`there is no cluster "${cluster}"; BLASTGATE_CLUSTERS has ${names.join(', ') || 'none'}`);
  return { url: `${url}/${cluster}`, cluster };
};

/** What an API server is started with (--admission-control-config-file), and the kubeconfig that it names. */
const clientFiles = ({ certPem, keyPem }: { readonly certPem: string; readonly keyPem: string }): string => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const configuration = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [
      {
        name: 'ValidatingAdmissionWebhook',
        configuration: {
          apiVersion: 'apiserver.config.k8s.io/v1',
          kind: 'WebhookAdmissionConfiguration',
          kubeConfigFile: '/etc/kubernetes/blastgate-admission.kubeconfig',
        },
      },
    ],
  };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    users: [{ name: '*', user: { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) } }],
  };
  return `${stringify(configuration, { lineWidth: 0 })}---\n${stringify(kubeconfig, { lineWidth: 0 })}`;
};
