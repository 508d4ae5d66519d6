// The clusters that a gate looks after: clusters.yaml, or the one cluster of KUBECONFIG.
import { readFileSync } from 'node:fs';
import {
  type ClusterAccess,
  type ClusterEntry,
  type ProxyAccess,
  readClusters,
} from '../adapters/clusters/read-clusters.ts';
import type { FreezeRule, PolicyDocument } from '../core/blast-radius/policy.ts';
import { digestOfText } from './watched-file.ts';

/** One cluster as it is opened. */
export interface NamedCluster {
  /** null: nobody named it, and it is the only one. */
  readonly name: string | null;
  /** `found`: by KUBECONFIG, else the pod's own account, else the kubeconfig of the home folder. */
  readonly access: ClusterAccess | { readonly kind: 'found'; readonly kubeconfig: string | null };
  /** By which accounts the proxy asks it, as the file says; null: it says nothing of it. */
  readonly proxy: ProxyAccess | null;
  /** The policy of the gate with what is this cluster's own. */
  readonly policyOf: (document: PolicyDocument) => PolicyDocument;
  /** Its own, which are in that policy too. */
  readonly freezes: readonly FreezeRule[];
}

/**
 * A budget may be larger or smaller than the policy's; a class is the lowest, as in the policy's own `clusters`; freezes only add.
 */
const ownPolicy =
  ({ name, namespaceClass, budgets, freezes }: ClusterEntry): NamedCluster['policyOf'] =>
  (document) => ({
    ...document,
    ...(namespaceClass === null ? {} : { clusters: { ...document.clusters, [name]: namespaceClass } }),
    budgets: { ...document.budgets, ...budgets },
    ...(freezes.length === 0 ? {} : { freezes: [...(document.freezes ?? []), ...freezes] }),
  });

export interface LoadedClusters {
  readonly clusters: readonly NamedCluster[];
  readonly problems: readonly string[];
  /** "sha256:" and hex of the file; null: there is none, or it cannot be used. */
  readonly digest: string | null;
}

/**
 * Every cluster in the order of the file; `path` null: the one of KUBECONFIG, or of the pod, by the name that an operator gave.
 * Problems say file, line and column.
 */
export function loadClusters(
  { clustersFile: path, kubeconfig }: { readonly clustersFile: string | null; readonly kubeconfig: string | null },
  name: string | null,
): LoadedClusters {
  if (path === null) {
    const access = { kind: 'found', kubeconfig } as const;
    const clusters = [{ name, access, proxy: null, policyOf: (document: PolicyDocument) => document, freezes: [] }];
    return { clusters, problems: [], digest: null };
  }
  if (name !== null) return unusable(['--cluster names the only cluster; with BLASTGATE_CLUSTERS the file names each']);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return unusable([`${path} cannot be read; BLASTGATE_CLUSTERS must name an existing file`]);
  }
  const read = readClusters(text);
  if (!read.ok)
    return unusable(read.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`));
  return {
    clusters: read.clusters.map((entry) => ({
      name: entry.name,
      access: entry.access,
      proxy: entry.proxy,
      policyOf: ownPolicy(entry),
      freezes: entry.freezes,
    })),
    problems: [],
    digest: digestOfText(text),
  };
}

const unusable = (problems: readonly string[]): LoadedClusters => ({ clusters: [], problems, digest: null });
