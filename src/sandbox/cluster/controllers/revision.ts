// The history of a deployment: which replica set holds which template, and the revision numbers on both.
// It creates and annotates replica sets; how many pods they have is the rollout's business.
import { sameJson } from '../json.ts';
import { deployments, replicaSets } from '../kinds.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../model.ts';
import { removeObject } from '../removal.ts';
import { selects } from '../selectors.ts';
import { safeHash, type World } from '../world.ts';
import { createObject, putObject } from '../writes.ts';
import { ownerReference } from './owned.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const HASH = 'pod-template-hash';
const NOT_COPIED = ['kubectl.kubernetes.io/last-applied-configuration', REVISION, HISTORY, DESIRED, MAXIMUM];

export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** The replica sets of a deployment, oldest first. */
export function replicaSetsOf(world: World, deployment: Deployment): readonly ReplicaSet[] {
  return world.storage
    .ownedBy(deployment.metadata.uid ?? '')
    .filter(({ kind }) => kind === replicaSets)
    .map(({ object }) => object as ReplicaSet)
    .sort((a, b) => revisionOf(a) - revisionOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** Takes over replica sets that the deployment's selector matches and that no controller owns. */
export function adoptSets(world: World, deployment: Deployment): void {
  for (const set of world.storage.list(replicaSets, deployment.metadata.namespace ?? '')) {
    const owners = set.metadata.ownerReferences ?? [];
    if (owners.some((one) => one.controller === true) || set.metadata.deletionTimestamp !== undefined) continue;
    if (!selects(deployment.spec.selector, set.metadata.labels ?? {})) continue;
    const ownerReferences = [...owners, ownerReference(deployment)];
    world.storage.put(replicaSets, { ...set, metadata: { ...set.metadata, ownerReferences } });
  }
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The replica set that holds the deployment's present template, if there is one. */
export function presentSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | null {
  const wanted = withoutHash(deployment.spec.template);
  return sets.find((set) => sameJson(normal(withoutHash(set.spec.template)), normal(wanted))) ?? null;
}

/** Templates are compared as they are stored: an absent map and an empty one are the same. */
function normal(template: PodTemplate): PodTemplate {
  const { labels = {}, annotations = {} } = template.metadata ?? {};
  return { ...template, metadata: { labels, annotations } };
}

/** Makes sure that a replica set for the present template exists and carries the newest revision. */
export function ensurePresentSet(world: World, deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet {
  const known = presentSet(deployment, sets);
  const newest = Math.max(0, ...sets.filter((set) => set !== known).map(revisionOf)) + 1;
  const annotations = copied(deployment);
  if (known === null) {
    const created = newSet(world, deployment, { ...annotations, [REVISION]: String(newest) });
    annotateDeployment(world, deployment, newest);
    return created;
  }
  const old = revisionOf(known);
  const revision = Math.max(old, newest);
  const history = known.metadata.annotations?.[HISTORY];
  const past =
    old > 0 && revision > old ? { [HISTORY]: history === undefined ? String(old) : `${history},${old}` } : {};
  const all = { ...known.metadata.annotations, ...annotations, ...past, [REVISION]: String(revision) };
  const saved = putObject(world, replicaSets, { ...known, metadata: { ...known.metadata, annotations: all } });
  annotateDeployment(world, deployment, revision);
  return saved;
}

function copied(deployment: Deployment): Readonly<Record<string, string>> {
  const all = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([key]) => !NOT_COPIED.includes(key)));
}

function annotateDeployment(world: World, deployment: Deployment, revision: number): void {
  const current = world.storage.get(deployments, deployment.metadata.namespace ?? '', deployment.metadata.name);
  if (current === null) return;
  const annotations = { ...current.metadata.annotations, [REVISION]: String(revision) };
  world.storage.put(deployments, { ...current, metadata: { ...current.metadata, annotations } });
}

function newSet(world: World, deployment: Deployment, annotations: Readonly<Record<string, string>>): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = freeHash(world, deployment);
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return createObject(world, replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

/** The hash of the template, made with a further number while a stranger's replica set has the name. */
function freeHash(world: World, deployment: Deployment): string {
  for (let collisions = 0; ; collisions += 1) {
    const hash = safeHash([deployment.spec.template, collisions]);
    const name = `${deployment.metadata.name}-${hash}`;
    if (world.storage.get(replicaSets, deployment.metadata.namespace ?? '', name) === null) return hash;
  }
}

/** Sets a replica set's size and notes the size of the whole that it was made for. */
export function resize(world: World, set: ReplicaSet, replicas: number, desired: number, maximum: number): ReplicaSet {
  const annotations = { ...set.metadata.annotations, [DESIRED]: String(desired), [MAXIMUM]: String(maximum) };
  return putObject(world, replicaSets, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
}

/** The desired size of the whole when this set was last sized; null when it never was. */
export function sizedFor(set: ReplicaSet): { readonly desired: number; readonly maximum: number } | null {
  const { [DESIRED]: desired, [MAXIMUM]: maximum } = set.metadata.annotations ?? {};
  return desired === undefined ? null : { desired: Number(desired), maximum: Number(maximum ?? desired) };
}

/** Removes empty old replica sets beyond the deployment's revisionHistoryLimit, oldest first. */
export function forgetOldSets(world: World, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const empty = old.filter((set) => (set.spec.replicas ?? 0) === 0 && (set.status?.replicas ?? 0) === 0);
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) removeObject(world, replicaSets, set);
}
