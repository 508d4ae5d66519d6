// Loaded into the real `serve` of the replica tests: strikes once at a transition, just before or just after its commit is sent.
import { existsSync, readFileSync, renameSync, writeSync } from 'node:fs';
import pg from 'pg';
import { LIMITS } from '../../src/flow/deadline.ts';

/** A claim outlives what is done under it, here by far less than where people wait. */
(LIMITS as { claim: number }).claim = Number(process.env['CLAIM_SECONDS'] ?? '6');

export interface Strike {
  readonly from: string | null;
  readonly to: string;
  readonly moment: 'before' | 'after';
  readonly kind: 'kill' | 'stop' | 'cut';
}

const folder = process.env['STRIKE_FOLDER'] ?? '';

/** One file an incident: whoever comes first to the transition takes it, and with it the strike. */
const takeStrike = (line: string, values: readonly unknown[]): Strike | null => {
  const incident = values.find((value) => typeof value === 'string' && /^INC-\d+$/.test(value));
  const file = `${folder}/${String(incident)}`;
  if (folder === '' || incident === undefined || !existsSync(file)) return null;
  const { record } = JSON.parse(line) as { readonly record: { readonly from: string | null; readonly to: string } };
  try {
    const strike = JSON.parse(readFileSync(file, 'utf8')) as Strike;
    if (record.from !== strike.from || record.to !== strike.to) return null;
    renameSync(file, `${file}.taken`);
    return strike;
  } catch {
    return null;
  }
};

const carryOut = (client: pg.Client, { kind }: Strike): void => {
  writeSync(2, `STRUCK ${kind}\n`);
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (kind === 'stop') process.kill(process.pid, 'SIGSTOP');
  else (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
};

type Query = (this: pg.Client, ...asked: unknown[]) => unknown;
// oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
const query = pg.Client.prototype.query as unknown as Query;
const pending = new WeakMap<pg.Client, Strike>();

pg.Client.prototype.query = function (this: pg.Client, ...asked: readonly unknown[]) {
  const [config] = asked as [{ readonly text?: string; readonly values?: readonly unknown[] } | undefined];
  const text = config?.text ?? '';
  if (text.startsWith('insert into "audit"'))
    for (const value of config?.values ?? [])
      if (typeof value === 'string' && value.includes('"kind":"step"')) {
        const strike = takeStrike(value, config?.values ?? []);
        if (strike !== null) pending.set(this, strike);
      }
  const strike = text === 'commit' ? pending.get(this) : undefined;
  if (strike?.moment === 'before') carryOut(this, strike);
  const answer = query.apply(this, [...asked]);
  if (strike?.moment === 'after') {
    // Once it has left this process, and before its answer is heard.
    if (strike.kind === 'cut') setImmediate(() => carryOut(this, strike));
    else
      void Promise.resolve(answer).then(
        () => carryOut(this, strike),
        () => carryOut(this, strike),
      );
  }
  if (text === 'commit' || text === 'rollback') pending.delete(this);
  return answer;
} as unknown as typeof pg.Client.prototype.query;
