// The chart, run by a real Helm: what it renders as objects, and what it says no to. For tests only.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { render } from '../../scripts/deploy-files.ts';
import { ensureBuilt } from '../servers/build.ts';
import type { Manifest } from '../servers/manifest.ts';

export const CHART = join(import.meta.dirname, '../../deploy/helm/blastgate');

/** The real program's name in the cache, by its major version. */
export type HelmProgram = 'helm' | 'helm-4';

export const objectsIn = (text: string): readonly Manifest[] =>
  parseAllDocuments(text)
    // as: what Kubernetes would be sent; the API server is what checks it.
    .map((document) => document.toJS() as Manifest | null)
    .filter((object) => object !== null);

/** `values` as `--set` takes them, JSON each: { 'store.mode': 'postgres', replicas: 3 }. */
export const setting = (values: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(values).map(([name, value]) => `--set-json=${name}=${JSON.stringify(value)}`);

export const renderObjects = async (
  values: Readonly<Record<string, unknown>> = {},
  helm: HelmProgram = 'helm',
): Promise<readonly Manifest[]> => objectsIn(await render(setting(values), helm));

/** Runs Helm and answers with how it ended and all that it said. */
export const runHelm = async (
  helm: HelmProgram,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly said: string }> => {
  const built = await ensureBuilt([helm]);
  const { status, stdout, stderr } = spawnSync(built[helm].executable, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { code: status, said: `${stdout}${stderr}` };
};

export const nameOf = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** Values that turn on whatever the chart can make on a cluster of one replica. */
export const EVERYTHING = {
  cluster: 'eu-prod',
  windowSeconds: 300,
  'people.existingConfigMap': '',
  'people.content': 'people: []\n',
  'policy.content': 'version: 1\n',
  'settings.GITEA_REPO_OWNER': 'sre',
  'secrets.existingSecret': 'blastgate-secrets',
  'secrets.files.GITEA_API_TOKEN': 'gitea-token',
  'rbac.countAgentPowers': true,
  'rbac.roles.secrets': ['shop'],
  'rbac.roles.exec': 'none',
  'proxy.enabled': true,
  'proxy.agents': ['healer', 'tuner'],
  'admission.enabled': true,
  'guard.enabled': true,
  'guard.serviceAccounts': ['agents/healer'],
  'ingress.enabled': true,
  'ingress.host': 'gate.example',
  'ingress.tlsSecret': 'gate-tls',
  'monitoring.serviceMonitor.enabled': true,
  'monitoring.prometheusRule.enabled': true,
  'monitoring.dashboard.enabled': true,
} as const;

/** What the pod finds in its own cluster, and a kubeconfig of the Secret for the other. */
export const SEVERAL = {
  'clusters.content': `clusters:
  - name: here
    serviceAccount:
      server: https://kubernetes.default.svc
      tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
      caFile: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
  - name: there
    kubeconfig: /run/blastgate/there.yaml
`,
  'clusters.guarded': 'here',
  'secrets.existingSecret': 'blastgate-secrets',
  'proxy.enabled': true,
  'proxy.agents': ['healer'],
} as const;

export const POSTGRES = {
  'store.mode': 'postgres',
  'store.postgres.existingSecret': 'blastgate-store',
  replicas: 3,
} as const;
