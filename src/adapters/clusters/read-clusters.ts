// Reads clusters.yaml: the clusters of one gate, how each is reached, and what of the policy is its own.
import { z } from 'zod';
import { NAMESPACE_CLASSES, type NamespaceClass } from '../../core/blast-radius/namespace-class.ts';
import { BUDGET_SCOPES, type BudgetScope, type FreezeRule } from '../../core/blast-radius/policy.ts';
import { FREEZES } from '../policy/policy-schema.ts';
import { type Problem, readChecked } from '../yaml/checked-yaml.ts';

/** A kubeconfig, or the account of a pod or person: its API server, and files that are read again as they change. */
export type ClusterAccess =
  | { readonly kind: 'kubeconfig'; readonly path: string; readonly context: string | null }
  | {
      readonly kind: 'service-account';
      readonly server: string;
      readonly tokenFile: string;
      readonly caFile: string;
      readonly namespace: string;
    };

/** Kubeconfigs of the accounts by which the proxy asks a cluster, neither of which is the one that writes. */
export interface ProxyAccess {
  /** Of the account that reads for agents. */
  readonly kubeconfig: string;
  readonly context: string | null;
  /** Of the account that passes writes on in shadow mode; null: there is no shadow mode at this cluster. */
  readonly shadowKubeconfig: string | null;
}

export interface ClusterEntry {
  /** As proposals name it. */
  readonly name: string;
  readonly access: ClusterAccess;
  /** null: the file names none. */
  readonly proxy: ProxyAccess | null;
  /** The lowest class of all its namespaces; null: as the policy says. */
  readonly namespaceClass: NamespaceClass | null;
  /** In points an hour; a scope that is not named is as the policy says. */
  readonly budgets: Readonly<Partial<Record<BudgetScope, number>>>;
  /** Beside those of the policy, for what is written to this cluster. */
  readonly freezes: readonly FreezeRule[];
}

export type ClustersResult =
  | { readonly ok: true; readonly clusters: readonly ClusterEntry[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** So many clusters share one gate at most: each has its own watches and its own workers. */
const MOST_CLUSTERS = 100;

const PATH = z.string().min(1, 'name a file').max(4096);
const POINTS = z.int('write whole points').min(0, 'write 0 or more');
const NAME = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/, 'a cluster is named in small letters, digits, "-" and "."');

const ENTRY = z
  .strictObject({
    name: NAME,
    kubeconfig: PATH.optional(),
    context: z.string().min(1).max(253).optional(),
    serviceAccount: z
      .strictObject({
        server: z.string().regex(/^https:\/\/\S+$/, 'write the address of the API server, which begins with https://'),
        tokenFile: PATH,
        caFile: PATH,
        namespace: z.string().min(1).max(63).default('default'),
      })
      .optional(),
    proxy: z
      .strictObject({
        kubeconfig: PATH,
        context: z.string().min(1).max(253).optional(),
        shadowKubeconfig: PATH.optional(),
      })
      .optional(),
    namespaceClass: z.enum(NAMESPACE_CLASSES, `write one of ${NAMESPACE_CLASSES.join(', ')}`).optional(),
    budgets: z.partialRecord(z.enum(BUDGET_SCOPES), POINTS).optional(),
    freezes: FREEZES.optional(),
  })
  .superRefine(({ kubeconfig, context, serviceAccount }, issues) => {
    if ((kubeconfig === undefined) === (serviceAccount === undefined))
      issues.addIssue({ code: 'custom', message: 'give kubeconfig or serviceAccount, exactly one of them' });
    if (context !== undefined && kubeconfig === undefined)
      issues.addIssue({ code: 'custom', path: ['context'], message: 'a context belongs to a kubeconfig: remove it' });
  });

const FILE = z
  .strictObject({
    clusters: z
      .array(ENTRY)
      .min(1, 'name one cluster at least')
      .max(MOST_CLUSTERS, `name ${MOST_CLUSTERS} clusters at most`),
  })
  .superRefine(({ clusters }, issues) => {
    clusters.forEach(({ name }, row) => {
      if (clusters.findIndex((one) => one.name === name) !== row)
        issues.addIssue({
          code: 'custom',
          path: ['clusters', row, 'name'],
          message: `${name} stands twice: name each cluster once`,
        });
    });
  });

const accessOf = ({ kubeconfig, context, serviceAccount }: z.output<typeof ENTRY>): ClusterAccess =>
  serviceAccount === undefined
    ? { kind: 'kubeconfig', path: kubeconfig ?? '', context: context ?? null }
    : { kind: 'service-account', ...serviceAccount };

const proxyOf = ({ proxy }: z.output<typeof ENTRY>): ProxyAccess | null =>
  proxy === undefined
    ? null
    : {
        kubeconfig: proxy.kubeconfig,
        context: proxy.context ?? null,
        shadowKubeconfig: proxy.shadowKubeconfig ?? null,
      };

/** The clusters in the order of the file, or everything that is wrong with it, with line and column. */
export function readClusters(text: string): ClustersResult {
  const read = readChecked(text, FILE, (key) => `unknown key ${key}: remove it or correct its spelling`);
  if (!read.ok) return read;
  return {
    ok: true,
    clusters: read.value.clusters.map((entry) => ({
      name: entry.name,
      access: accessOf(entry),
      proxy: proxyOf(entry),
      namespaceClass: entry.namespaceClass ?? null,
      budgets: entry.budgets ?? {},
      freezes: entry.freezes ?? [],
    })),
  };
}
