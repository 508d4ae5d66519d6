// The programs that the tests run for real: which Go module pins each, and how it is compiled. Data only; builds nothing.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program of a real server, as its own name on the command line. */
export type ServerName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'kubectl-1.34'
  | 'kubectl-1.35'
  | 'kwok'
  | 'yaml-oracle'
  | 'go-client'
  | 'helm'
  | 'helm-4'
  | 'actionlint'
  | 'gitea';

/** How to compile one program. `assets` are folders of its module that it reads while it runs. */
export type Recipe = {
  readonly name: ServerName;
  readonly folder: string;
  readonly module: string;
  readonly package: string;
  readonly version: string;
  readonly flags: readonly string[];
  readonly cgo: boolean;
  readonly assets: readonly string[];
  readonly key: string;
};

type Row = {
  readonly folder: string;
  readonly module: string;
  readonly package: string;
  readonly linker: (version: string) => readonly string[];
  readonly tags?: string;
  readonly cgo?: true;
  readonly assets?: readonly string[];
  /** Files of the folder that are compiled: a program of our own. */
  readonly sources?: readonly string[];
  /** Built for the long suite alone. */
  readonly isOnDemand?: true;
};

/** What the program says of itself, of a version such as v1.36.3. */
const kubernetesVersion = (version: string): readonly string[] => {
  const [major = '', minor = ''] = version.slice(1).split('.');
  return Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor }).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
};

const kubernetes = (program: string): Row => ({
  folder: 'kubernetes',
  module: 'k8s.io/kubernetes',
  package: `k8s.io/kubernetes/cmd/${program}`,
  linker: kubernetesVersion,
});

/** An older kubectl: k8s.io/kubectl of that version, whose v0.35.1 is Kubernetes' v1.35.1, with its main of 10 lines. */
const olderKubectl = (folder: string): Row => ({
  folder,
  module: 'k8s.io/kubectl',
  package: '.',
  linker: (version) => kubernetesVersion(version.replace(/^v0/, 'v1')),
  sources: ['main.go'],
  isOnDemand: true,
});

/** Helm of one major version; it takes its own version for what a chart may ask of it. */
const helm = (folder: string, major: 3 | 4): Row => ({
  folder,
  module: `helm.sh/helm/v${major}`,
  package: `helm.sh/helm/v${major}/cmd/helm`,
  linker: (version) => [`-X helm.sh/helm/v${major}/internal/version.version=${version}`],
});

// In the order in which a cold build is shortest: later programs reuse what the earlier ones compiled.
const rows: Readonly<Record<ServerName, Row>> = {
  etcd: {
    folder: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    package: 'go.etcd.io/etcd/server/v3',
    linker: () => [],
  },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubectl: kubernetes('kubectl'),
  kwok: {
    folder: 'kwok',
    module: 'sigs.k8s.io/kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    linker: () => [],
  },
  // kubectl's decoders of YAML and JSON, to be asked many texts at once
  'yaml-oracle': {
    folder: 'yaml-oracle',
    module: 'k8s.io/apimachinery',
    package: '.',
    linker: () => [],
    sources: ['main.go'],
  },
  // client-go: the table of its protobuf, objects in both forms, and a client that acts
  'go-client': {
    folder: 'go-client',
    module: 'k8s.io/client-go',
    package: '.',
    linker: () => [],
    sources: ['act.go', 'main.go', 'objects.go', 'scheme.go', 'table.go'],
  },
  // what installs the chart of deploy/helm; people have either
  helm: helm('helm', 3),
  'helm-4': helm('helm-4', 4),
  // reads the workflows of .github and .gitea
  actionlint: {
    folder: 'actionlint',
    module: 'github.com/rhysd/actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    linker: () => [],
  },
  'kubectl-1.34': olderKubectl('kubectl-1.34'),
  'kubectl-1.35': olderKubectl('kubectl-1.35'),
  gitea: {
    folder: 'gitea',
    module: 'code.gitea.io/gitea',
    package: 'code.gitea.io/gitea',
    linker: (version) => [`-X main.Version=${version.slice(1)}`],
    tags: 'sqlite sqlite_unlock_notify',
    cgo: true,
    assets: ['options', 'templates', 'public'],
  },
};

/** All programs, in build order. */
export const serverNames = Object.keys(rows) as readonly ServerName[];

/** Those that every run of the real tests needs. */
export const usualServers = serverNames.filter((name) => rows[name].isOnDemand !== true);

/** The version that the program's go.mod requires, such as `v1.36.3`. */
function requiredVersion(goMod: string, module: string): string {
  const line = goMod.split('\n').find((text) =>
    text
      .replace(/^require /, '')
      .trim()
      .startsWith(`${module} v`),
  );
  const version = line?.trim().split(' ').at(-1);
  if (version === undefined) throw new Error(`no version of ${module} in its go.mod: this is a bug`);
  return version;
}

/** The recipe of a program; its key changes with go.mod, go.sum, sources of our own, the flags and the platform. */
export function recipe(name: ServerName): Recipe {
  const row = rows[name];
  const folder = join(import.meta.dirname, row.folder);
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const version = requiredVersion(goMod, row.module);
  const flags = [
    '-trimpath',
    '-mod=readonly',
    '-buildvcs=false',
    '-ldflags',
    ['-s', '-w', ...row.linker(version)].join(' '),
  ];
  if (row.tags !== undefined) flags.push('-tags', row.tags);
  const key = createHash('sha256')
    .update(goMod)
    .update(readFileSync(join(folder, 'go.sum')))
    .update((row.sources ?? []).map((file) => readFileSync(join(folder, file), 'utf8')).join(''))
    .update(JSON.stringify([row.package, flags, process.platform, process.arch]))
    .digest('hex')
    .slice(0, 12);
  return {
    name,
    folder,
    module: row.module,
    package: row.package,
    version,
    flags,
    cgo: row.cgo === true,
    assets: row.assets ?? [],
    key,
  };
}
