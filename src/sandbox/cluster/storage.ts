// The sandbox's etcd: objects by kind, namespace and name, one counter of resourceVersions, and the log that watches read.
// It knows nothing of HTTP, defaults or controllers, and never hands out an object that it will change afterwards.
import { sameJson } from './json.ts';
import type { Kind } from './kinds.ts';
import type { KubeObject } from './model.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly previous: KubeObject | null;
  readonly version: number;
}

export interface Stored {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Everything that storage has frozen, and may therefore share between versions of an object. */
const kept = new WeakSet<object>();

/** A frozen copy without undefined fields; parts that are kept already are shared. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || kept.has(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map((one: unknown) => frozen(one ?? null))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, inner]) => inner !== undefined)
          .map(([key, inner]) => [key, frozen(inner)]),
      );
  kept.add(Object.freeze(copy as object));
  return copy as T;
}

export class Storage {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #byOwner = new Map<string, Map<string, Stored>>();
  readonly #byUid = new Map<string, Stored>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #history: Change[] = [];
  readonly #kept: number;
  #version = 100;
  #forgotten = 100;

  /** `kept`: how many changes a watch can be resumed over before it is told 410. */
  constructor(kept: number) {
    this.#kept = kept;
  }

  get version(): number {
    return this.#version;
  }

  get<T extends KubeObject>(kind: Kind<T>, namespace: string | null, name: string): T | null {
    return (this.#table(kind).get(`${namespace ?? ''}/${name}`) as T | undefined) ?? null;
  }

  /** Objects of a kind ordered by namespace and name; of one namespace, or of all when it is null. */
  list<T extends KubeObject>(kind: Kind<T>, namespace: string | null = null): readonly T[] {
    const found: [string, KubeObject][] = [];
    for (const [key, object] of this.#table(kind)) {
      if (namespace === null || key.startsWith(`${namespace}/`)) found.push([key, object]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object as T);
  }

  byUid(uid: string): Stored | null {
    return this.#byUid.get(uid) ?? null;
  }

  /** Everything whose ownerReferences name this uid. */
  ownedBy(uid: string): readonly Stored[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  /** Saves a new or changed object under the next resourceVersion; an unchanged one keeps its own. */
  put<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata;
    const previous = this.get(kind, namespace ?? null, name);
    const known = previous?.metadata.resourceVersion;
    if (
      previous !== null &&
      sameJson({ ...object, metadata: { ...object.metadata, resourceVersion: known } }, previous)
    )
      return previous;
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const saved = frozen({ ...object, metadata });
    if (previous !== null) this.#unindex(previous);
    this.#table(kind).set(`${namespace ?? ''}/${name}`, saved);
    this.#index(kind, saved);
    this.#tell({
      type: previous === null ? 'ADDED' : 'MODIFIED',
      kind,
      object: saved,
      previous,
      version: this.#version,
    });
    return saved;
  }

  /** Removes an object; the last version that watches see carries the resourceVersion of the removal. */
  remove(kind: Kind, object: KubeObject): void {
    const { namespace, name } = object.metadata;
    const previous = this.get(kind, namespace ?? null, name);
    if (previous === null) return;
    this.#version += 1;
    this.#table(kind).delete(`${namespace ?? ''}/${name}`);
    this.#unindex(previous);
    const metadata = { ...previous.metadata, resourceVersion: String(this.#version) };
    const last = frozen({ ...previous, metadata });
    this.#tell({ type: 'DELETED', kind, object: last, previous, version: this.#version });
  }

  /** Changes after a version, or null when some of them are forgotten. */
  since(version: number): readonly Change[] | null {
    if (version < this.#forgotten) return null;
    return this.#history.filter((change) => change.version > version);
  }

  /** Forgets all changes so far, as a compaction of etcd does: older watches and continues get 410. */
  compact(): void {
    this.#history.length = 0;
    this.#forgotten = this.#version;
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(kind: Kind): Map<string, KubeObject> {
    const key = `${kind.group}/${kind.resource}`;
    const table = this.#objects.get(key) ?? new Map<string, KubeObject>();
    this.#objects.set(key, table);
    return table;
  }

  #index(kind: Kind, object: KubeObject): void {
    const uid = object.metadata.uid ?? '';
    this.#byUid.set(uid, { kind, object });
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(owner.uid) ?? new Map<string, Stored>();
      owned.set(uid, { kind, object });
      this.#byOwner.set(owner.uid, owned);
    }
  }

  #unindex(object: KubeObject): void {
    const uid = object.metadata.uid ?? '';
    this.#byUid.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(owner.uid);
      owned?.delete(uid);
      if (owned?.size === 0) this.#byOwner.delete(owner.uid);
    }
  }

  #tell(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > this.#kept) {
      const dropped = this.#history.splice(0, Math.ceil(this.#kept / 4)).at(-1);
      this.#forgotten = dropped?.version ?? this.#forgotten;
    }
    for (const listener of [...this.#listeners]) listener(change);
  }
}
