// What PostgreSQL's tables have beside those of every store: claims, since several gates write there, and what they share.
import type { Generated, Kysely, Transaction } from 'kysely';
import type { Tables } from '../queries/tables.ts';

export interface PgTables extends Omit<Tables, 'remediations' | 'outbox'> {
  readonly remediations: Tables['remediations'] & {
    /** Grows with every claim. */
    readonly token: Generated<number>;
    /** By the database's clock; null: nobody has claimed it, or it was given back. */
    readonly lease_until: string | null;
  };
  readonly outbox: Tables['outbox'] & {
    readonly lease_until: string | null;
    /** How often it was taken since it was last put off. */
    readonly taken: Generated<number>;
  };
  /** One row: who writes holds it until the transaction ends. */
  readonly writer: { readonly id: number };
  /** Who does what only one may do at a time. */
  readonly leaders: {
    readonly role: string;
    readonly holder: string;
    readonly term: number;
    readonly until: string;
  };
  /** Keys that all gates on this database share. */
  readonly secrets: { readonly name: string; readonly value: string };
}

/** The same connection for the queries of every store. */
export function shared(db: Kysely<PgTables>): Kysely<Tables> {
  return db as unknown as Kysely<Tables>;
}

/** The same transaction with what only this store has. */
export function own(trx: Transaction<Tables>): Transaction<PgTables> {
  return trx as unknown as Transaction<PgTables>;
}
