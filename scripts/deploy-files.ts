// Writes the files of deploy/ that are made of others: what the chart renders from (deploy/helm/blastgate/files), and the kustomize
// base, which is what the chart renders by default. `npm run deploy:files`; test/helm compares what is committed.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { ensureBuilt } from '../test/servers/build.ts';

const DEPLOY = join(import.meta.dirname, '../deploy');
const CHART = join(DEPLOY, 'helm/blastgate');
const MADE = 'Made by `npm run deploy:files`; change what it is made of.';

const read = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8');

/** What of an object the chart takes over: the rules of a role, and how it gathers others. */
interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly object[];
  readonly aggregationRule?: object;
}

/** The cluster roles of a file by name. */
const rolesOf = (path: string): readonly (readonly [string, object])[] =>
  parseAllDocuments(read(path))
    // as: our own files.
    .map((document) => document.toJS() as Role)
    .filter(({ kind }) => kind === 'ClusterRole')
    .map(({ metadata, rules, aggregationRule }) => [
      metadata.name,
      aggregationRule === undefined ? { rules } : { aggregationRule, rules },
    ]);

/** The files of the chart that repeat others of deploy/: path below the chart → text. */
export function chartFiles(): ReadonlyMap<string, string> {
  const yaml = (from: string, value: unknown): string =>
    `# ${MADE} Here: ${from}.\n${stringify(value, { lineWidth: 0 })}`;
  return new Map([
    [
      'files/roles.yaml',
      yaml(
        'deploy/rbac.yaml, deploy/proxy.yaml',
        Object.fromEntries([...rolesOf('rbac.yaml'), ...rolesOf('proxy.yaml')]),
      ),
    ],
    ['files/guard.yaml', yaml('deploy/guard.yaml', parseAllDocuments(read('guard.yaml'))[0]?.toJS())],
    ['files/alerts.yaml', read('monitoring/alerts.yaml')],
    ['files/dashboard.json', read('monitoring/dashboard.json')],
  ]);
}

/** What `helm template` prints; throws with what it says where it fails. */
export async function render(args: readonly string[], helm: 'helm' | 'helm-4' = 'helm'): Promise<string> {
  const built = await ensureBuilt([helm]);
  const ran = spawnSync(
    built[helm].executable,
    ['template', 'blastgate', CHART, '--namespace=blastgate', '--kube-version=1.36.3', ...args],
    {
      encoding: 'utf8',
    },
  );
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout;
}

/** The objects that people apply: without those of `helm test`, and without what only Helm reads. */
export async function kustomizeBase(): Promise<string> {
  const text = await render(['--skip-tests']);
  const objects = parseAllDocuments(text).map((document) => {
    // as: our own chart.
    const object = document.toJS() as { metadata: { labels?: Record<string, string> } } | null;
    const { labels } = object?.metadata ?? {};
    for (const name of ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/instance'])
      if (labels !== undefined) delete labels[name];
    return object;
  });
  const documents = objects.filter((object) => object !== null).map((object) => stringify(object, { lineWidth: 0 }));
  return `# ${MADE} Here: the chart's default output.\n${documents.join('---\n')}`;
}

if (import.meta.main) {
  for (const [path, text] of chartFiles()) writeFileSync(join(CHART, path), text);
  writeFileSync(join(DEPLOY, 'kustomize/base/gate.yaml'), await kustomizeBase());
}
