// kysely over pg: a pool of connections whose every answer is waited for so long and no longer; no state of a session is used.
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { databaseError, noAnswerWithin } from './errors.ts';

/** Seconds that one statement is waited for; then its connection is given up, since the network may be cut. */
const ANSWER_SECONDS = 10;

/** Counts come as 64 bits, which pg gives as text: none of ours is beyond 2^53. */
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : pgTypes().getTypeParser(oid, format as 'text'),
};
const [INT8, NUMERIC] = [20, 1700];

type PgTypes = typeof import('pg').types;
let found: PgTypes | null = null;
const pgTypes = (): PgTypes => {
  if (found === null) throw new Error('the driver was not opened (this is a bug)');
  return found;
};

export class PgDialect implements Dialect {
  readonly #pool: Pool;

  constructor(pool: Pool, types: PgTypes) {
    this.#pool = pool;
    found = types;
  }

  createDriver(): Driver {
    return new PgDriver(this.#pool);
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }
}

class PgDriver implements Driver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new PgConnection(await this.#pool.connect());
    } catch (error) {
      throw databaseError(error);
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PgConnection).release();
  }

  async beginTransaction(connection: DatabaseConnection, { isolationLevel }: TransactionSettings): Promise<void> {
    const text = isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`;
    await connection.executeQuery(CompiledQuery.raw(text));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PgConnection).rollBack();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class PgConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  /** Why nothing more is asked of this connection. */
  #over: Error | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#over !== null) throw this.#over;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(noAnswerWithin(ANSWER_SECONDS)), ANSWER_SECONDS * 1000);
    const asked = this.#client.query({ text: sql, values: parameters.map(storable), types: TYPES });
    asked.catch(() => {});
    try {
      const { rows, rowCount, command } = await Promise.race([asked, late.promise]);
      // What an aborted transaction answers to a commit.
      if (sql === 'commit' && command === 'ROLLBACK') throw new Error('the transaction was undone by the database');
      return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      const known = databaseError(error);
      if (isOver(known)) this.#over = known as Error;
      throw known;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection that cannot even do this is given up, and its transaction with it. */
  async rollBack(): Promise<void> {
    if (this.#over !== null) return;
    try {
      await this.executeQuery(CompiledQuery.raw('rollback'));
    } catch (error) {
      this.#over ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  release(): void {
    if (this.#over === null) {
      this.#client.release();
      return;
    }
    // Over a cut network a farewell is never answered.
    (
      this.#client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
    ).connection.stream.destroy();
    this.#client.release(this.#over);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('this store reads in pages, not in streams (this is a bug)');
  }
}

/** No text of PostgreSQL's holds NUL, as none holds half a surrogate pair: the same character stands for both. JSON spells either. */
const storable = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value);

const isOver = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && error.reason === 'unreachable';
