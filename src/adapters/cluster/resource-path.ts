// Where an object lives in the Kubernetes API.
import { BUILT_IN } from '../../core/model/built-in-resources.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { textAt } from './json-at.ts';

/** A kind by group and plural, as effects name it. */
export interface KindRef {
  readonly group: string;
  readonly resource: string;
  /** Absent: the one that the cluster prefers. */
  readonly version?: string;
}

/** "/apis/apps/v1/namespaces/shop/deployments"; namespace null: cluster scope, or all namespaces. */
export function collectionPath(prefix: string, resource: string, namespace: string | null): string {
  return `${prefix}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}

export function objectPath(prefix: string, resource: string, namespace: string | null, name: string): string {
  return `${collectionPath(prefix, resource, namespace)}/${encodeURIComponent(name)}`;
}

/** "/api/v1" or "/apis/apps/v1" of a built-in kind; null for others. */
export function builtInPrefix({ group, resource }: KindRef): string | null {
  const version = BUILT_IN.find((one) => one.name === resource && one.group === group)?.versions[0];
  if (version === undefined) return null;
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** "v1" or "apps/v1" of "/api/v1" or "/apis/apps/v1". */
export function apiVersionOf(prefix: string): string {
  return prefix.replace(/^\/apis?\//, '');
}

/** "/api/v1" or "/apis/GROUP/VERSION": the version that is named, else the built-in one, else what the cluster prefers. */
export async function apiPrefix(client: ClusterClient, kind: KindRef, signal: AbortSignal): Promise<string> {
  const { group, version } = kind;
  if (version !== undefined)
    return group === ''
      ? `/api/${encodeURIComponent(version)}`
      : `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
  const known = builtInPrefix(kind);
  if (known !== null) return known;
  if (kind.group === '') throw new AdapterError('refused', `the core API has no ${kind.resource}`, { status: 404 });
  const path = `/apis/${encodeURIComponent(kind.group)}`;
  const preferred = textAt(await client.send(getJson(path), signal), 'preferredVersion', 'groupVersion');
  if (preferred === null) throw new AdapterError('invalid-answer', `${path} names no preferred version`);
  return `/apis/${preferred}`;
}

/** The Kind that a built-in plural stands for; null for others. */
export function kindOf(kind: KindRef): string | null {
  return BUILT_IN.find(({ name, group }) => name === kind.resource && group === kind.group)?.kind ?? null;
}
