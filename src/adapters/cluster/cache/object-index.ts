// The objects of one kind with the ways to find them.
import type { KnownObject } from './trimmed.ts';

/** What an object is found by besides its name. */
export type Finder<T> = (object: T) => readonly string[];

export function indexKeyOf({ namespace, name }: Pick<KnownObject, 'namespace' | 'name'>): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

/** Told of each object that comes and goes; a changed one goes as it was and comes as it is. */
export interface Watcher<T> {
  readonly comes: (object: T) => void;
  readonly goes: (object: T) => void;
}

const NONE: ReadonlySet<never> = new Set();

export class ObjectIndex<T extends KnownObject, By extends string> {
  readonly #objects = new Map<string, T>();
  readonly #finders: readonly (readonly [by: By, find: Finder<T>])[];
  readonly #found: ReadonlyMap<By, Map<string, Set<T>>>;
  readonly #watcher: Watcher<T> | null;

  constructor(finders: { readonly [by in By]: Finder<T> }, watcher: Watcher<T> | null = null) {
    // as: the keys of a record over By.
    this.#finders = (Object.keys(finders) as By[]).map((by) => [by, finders[by]]);
    this.#found = new Map(this.#finders.map(([by]) => [by, new Map()]));
    this.#watcher = watcher;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | null {
    return this.#objects.get(key) ?? null;
  }

  by(way: By, value: string): ReadonlySet<T> {
    return this.#found.get(way)?.get(value) ?? NONE;
  }

  all(): IterableIterator<T> {
    return this.#objects.values();
  }

  put(object: T): void {
    const key = indexKeyOf(object);
    const before = this.#objects.get(key);
    if (before !== undefined) this.#unfile(before);
    this.#objects.set(key, object);
    for (const [by, find] of this.#finders) {
      const found = this.#found.get(by);
      for (const value of find(object)) {
        const set = found?.get(value);
        if (set === undefined) found?.set(value, new Set([object]));
        else set.add(object);
      }
    }
    this.#watcher?.comes(object);
  }

  drop(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    this.#unfile(object);
  }

  /** The whole truth: what is not in it is gone; what has the same version stays as it is. */
  replace(objects: readonly T[]): void {
    const keys = new Set(objects.map(indexKeyOf));
    for (const key of this.#objects.keys()) if (!keys.has(key)) this.drop(key);
    for (const object of objects) {
      const known = this.#objects.get(indexKeyOf(object));
      if (known === undefined || known.version !== object.version || known.uid !== object.uid) this.put(object);
    }
  }

  #unfile(object: T): void {
    for (const [by, find] of this.#finders) {
      const found = this.#found.get(by);
      for (const value of find(object)) {
        const set = found?.get(value);
        set?.delete(object);
        if (set?.size === 0) found?.delete(value);
      }
    }
    this.#watcher?.goes(object);
  }
}
