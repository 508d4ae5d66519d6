// A pool of pg's whose connections break at commits: just before one is asked for, or between it and its answer.
import pg from 'pg';

export interface DoubtfulPool {
  readonly make: (config: pg.PoolConfig) => pg.Pool;
  /** From now on one commit of so many breaks, by chance; 0: none does. */
  breakOneOf(count: number): void;
  /** Commits that were carried out and not answered. */
  readonly unanswered: () => number;
}

export function doubtfulPool(seed: number): DoubtfulPool {
  let [chance, oneOf, unanswered] = [seed, 0, 0];
  const known = new WeakSet<pg.PoolClient>();
  const draw = (): number => {
    // Park and Miller's generator, so that a run can be repeated.
    chance = (chance * 48271) % 2147483647;
    return chance;
  };
  const cut = (client: pg.PoolClient): Promise<never> => {
    const { stream } = (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } })
      .connection;
    stream.destroy();
    return Promise.reject(new Error('Connection terminated unexpectedly'));
  };
  const burden = (client: pg.PoolClient): void => {
    if (known.has(client)) return;
    known.add(client);
    const query = client.query.bind(client) as (asked: { readonly text: string }) => Promise<unknown>;
    const doubtful = async (asked: { readonly text: string }): Promise<unknown> => {
      if (asked.text !== 'commit' || oneOf === 0 || draw() % oneOf !== 0) return query(asked);
      if (draw() % 2 === 0) return cut(client);
      await query(asked);
      unanswered += 1;
      return cut(client);
    };
    client.query = doubtful as unknown as typeof client.query;
  };
  return {
    make: (config) => {
      const pool = new pg.Pool(config);
      const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
      pool.connect = (async () => {
        const client = await connect();
        burden(client);
        return client;
      }) as unknown as typeof pool.connect;
      return pool;
    },
    breakOneOf: (count) => {
      oneOf = count;
    },
    unanswered: () => unanswered,
  };
}
