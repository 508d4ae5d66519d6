// Loaded into the real `serve` of the replica tests: its database is always SERIALIZABLE, knows no notices, and refuses one statement
// of thirty with 40001. It lies below what strikes (preload.ts), so it is loaded first.
import { writeSync } from 'node:fs';
import pg from 'pg';
import { difficultEngine } from '../support/difficult-pool.ts';

const engine = difficultEngine({ refuseOneOf: 30 });
type Asked = { readonly text: string; readonly name?: string };
type Query = (this: pg.Client, ...asked: unknown[]) => unknown;
// oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
const query = pg.Client.prototype.query as unknown as Query;

pg.Client.prototype.query = function (this: pg.Client, ...asked: readonly unknown[]) {
  const [given, ...rest] = asked;
  const config = typeof given === 'string' ? { text: given } : (given as Asked);
  const refusal = engine.refusalOf(this, config);
  if (refusal !== null) {
    writeSync(2, `REFUSED ${'code' in refusal ? String(refusal.code) : ''}\n`);
    return Promise.reject(refusal);
  }
  const text = config.text.startsWith('begin') ? 'begin isolation level serializable' : config.text;
  return query.apply(this, [{ ...config, text }, ...rest]);
} as unknown as typeof pg.Client.prototype.query;
