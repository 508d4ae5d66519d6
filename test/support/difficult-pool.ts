// Connections of pg's whose engine knows less and is in the way more often: what some databases that speak PostgreSQL are like.
import pg from 'pg';

/** What not every engine has, or not through every pooler. */
const FORBIDDEN = /\blisten\b|\bnotify\b|pg_notify|skip locked|advisory|^prepare\b|\btemp(?:orary)?\b|deferrable/i;

export interface Difficulties {
  /** One of so many statements within a transaction is refused with 40001, by chance, and nothing of the transaction is done. */
  readonly refuseOneOf: number;
}

interface Asked {
  readonly text: string;
  readonly name?: string;
}

export interface DifficultEngine {
  /** Why a statement is refused on the connection; null: it is carried out. */
  readonly refusalOf: (connection: object, asked: Asked) => Error | null;
  readonly refused: () => number;
  /** What it was asked for and does not know: refused as an unknown function. */
  readonly forbidden: readonly string[];
}

export function difficultEngine({ refuseOneOf }: Difficulties): DifficultEngine {
  const forbidden: string[] = [];
  const within = new WeakSet<object>();
  let [chance, refused] = [20261127, 0];
  return {
    refusalOf: (connection, { text, name }) => {
      if (FORBIDDEN.test(text) || name !== undefined) {
        forbidden.push(text);
        return Object.assign(new Error('this engine does not know that'), { code: '42883' });
      }
      if (/^begin/.test(text)) within.add(connection);
      else if (within.has(connection) && text !== 'rollback') {
        // Park and Miller's generator, so that a run can be repeated.
        chance = (chance * 48271) % 2147483647;
        if (chance % refuseOneOf === 0) {
          refused += 1;
          return Object.assign(new Error('restart transaction'), { code: '40001' });
        }
      }
      if (text === 'commit' || text === 'rollback') within.delete(connection);
      return null;
    },
    refused: () => refused,
    forbidden,
  };
}

export interface DifficultPool extends Omit<DifficultEngine, 'refusalOf'> {
  readonly make: (config: pg.PoolConfig) => pg.Pool;
  /** How many pools were made. */
  readonly pools: () => number;
}

export function difficultPool(difficulties: Difficulties): DifficultPool {
  const { refusalOf, refused, forbidden } = difficultEngine(difficulties);
  let pools = 0;
  const known = new WeakSet<pg.PoolClient>();
  const burden = (client: pg.PoolClient): void => {
    if (known.has(client)) return;
    known.add(client);
    const query = client.query.bind(client) as (asked: Asked) => Promise<unknown>;
    const burdened = (asked: Asked): Promise<unknown> => {
      const refusal = refusalOf(client, asked);
      return refusal === null ? query(asked) : Promise.reject(refusal);
    };
    client.query = burdened as unknown as typeof client.query;
  };
  return {
    make: (config) => {
      pools += 1;
      const pool = new pg.Pool(config);
      const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
      pool.connect = (async () => {
        const client = await connect();
        burden(client);
        return client;
      }) as unknown as typeof pool.connect;
      return pool;
    },
    pools: () => pools,
    refused,
    forbidden,
  };
}
