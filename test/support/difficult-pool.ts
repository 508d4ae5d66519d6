// A pool of pg's whose engine knows less and is in the way more often: what some databases that speak PostgreSQL are like.
import pg from 'pg';

/** What not every engine has, or not through every pooler. */
const FORBIDDEN = /\blisten\b|\bnotify\b|pg_notify|skip locked|advisory|^prepare\b|\btemp(?:orary)?\b|deferrable/i;

export interface Difficulties {
  /** One of so many statements within a transaction is refused with 40001, by chance, and nothing of the transaction is done. */
  readonly refuseOneOf: number;
}

export interface DifficultPool {
  readonly make: (config: pg.PoolConfig) => pg.Pool;
  readonly refused: () => number;
  /** How many pools were made. */
  readonly pools: () => number;
  /** What it was asked for and does not know: refused as an unknown function. */
  readonly forbidden: readonly string[];
}

export function difficultPool({ refuseOneOf }: Difficulties): DifficultPool {
  const forbidden: string[] = [];
  let [chance, refused, pools] = [20261127, 0, 0];
  const known = new WeakSet<pg.PoolClient>();
  const burden = (client: pg.PoolClient): void => {
    if (known.has(client)) return;
    known.add(client);
    const query = client.query.bind(client) as (asked: {
      readonly text: string;
      readonly name?: string;
    }) => Promise<unknown>;
    let isWithin = false;
    const burdened = (config: { readonly text: string; readonly name?: string }): Promise<unknown> => {
      const { text } = config;
      if (FORBIDDEN.test(text) || config.name !== undefined) {
        forbidden.push(text);
        return Promise.reject(Object.assign(new Error('this engine does not know that'), { code: '42883' }));
      }
      if (/^begin/.test(text)) isWithin = true;
      else if (isWithin && text !== 'rollback') {
        // Park and Miller's generator, so that a run can be repeated.
        chance = (chance * 48271) % 2147483647;
        if (chance % refuseOneOf === 0) {
          refused += 1;
          return Promise.reject(Object.assign(new Error('restart transaction'), { code: '40001' }));
        }
      }
      if (text === 'commit' || text === 'rollback') isWithin = false;
      return query(config);
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
    refused: () => refused,
    pools: () => pools,
    forbidden,
  };
}
