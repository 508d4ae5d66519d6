// A query that is built once and then run with other values: to build one costs more than what SQLite does for it.
import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a built query for the value of a name, or for one of a list. */
class Place {
  readonly name: string;
  readonly at: number | null;

  constructor(name: string, at: number | null) {
    this.name = name;
    this.at = at;
  }
}

type Value = string | number | null | Uint8Array;
type Values = Readonly<Record<string, Value | readonly Value[]>>;

/** So many texts are kept of one query: they differ by the lengths of its lists and by its shape. */
const MOST_TEXTS = 64;

/**
 * `build` sees of `values` that they are there, never what they are: the same query is run with the next ones. What it depends on
 * besides goes into `shape`; a list is one of another query wherever it has another length.
 */
export function prepared<V extends Values, R, S extends string = ''>(
  build: (db: Kysely<Tables>, values: V, shape: S) => Compilable<R>,
): (db: Kysely<Tables>, values: V, ...shape: S extends '' ? [] : [S]) => Promise<QueryResult<R>> {
  /** By the database's own way of writing queries. */
  const known = new WeakMap<object, Map<string, CompiledQuery<R>>>();
  const queryFor = (db: Kysely<Tables>, values: V, shape: S): CompiledQuery<R> => {
    const { adapter } = db.getExecutor();
    const texts = known.get(adapter) ?? new Map<string, CompiledQuery<R>>();
    known.set(adapter, texts);
    const key = keyOf(values, shape);
    const query = texts.get(key) ?? build(db, placesFor(values), shape).compile();
    if (texts.size >= MOST_TEXTS && !texts.has(key)) texts.clear();
    texts.set(key, query);
    return query;
  };
  return (db, values, ...[shape]) => {
    const query = queryFor(db, values, (shape ?? '') as S);
    return db.executeQuery({ ...query, parameters: query.parameters.map((one) => valueAt(one, values)) });
  };
}

const keyOf = (values: Values, shape: string): string => {
  let key = shape;
  for (const name in values) {
    const value = values[name];
    if (Array.isArray(value)) key += ` ${name}:${value.length}`;
  }
  return key;
};

// as: the places stand where the values will stand, and are of no other use.
const placesFor = <V extends Values>(values: V): V =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((_, at) => new Place(name, at)) : new Place(name, null),
    ]),
  ) as unknown as V;

const valueAt = (parameter: unknown, values: Values): unknown => {
  if (!(parameter instanceof Place)) return parameter;
  const { name, at } = parameter;
  const value = values[name];
  return at === null ? value : (value as readonly Value[])[at];
};
