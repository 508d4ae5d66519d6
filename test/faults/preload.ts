// Loaded into the real `serve` process by the kill tests: hurries its clock and kills it at one transition.
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import timers from 'node:timers/promises';

const { KILL_AT = '', CLOCK_EPOCH = '0', CLOCK_SPEED = '1', CLOCK_SHIFT = '0' } = process.env;

/** "approved>executing:before": just before or just after the commit that holds this transition. */
const [transition = '', moment = ''] = KILL_AT.split(':');
const [from = '', to = ''] = transition.split('>');

const [epoch, speed, shift] = [Number(CLOCK_EPOCH), Number(CLOCK_SPEED), Number(CLOCK_SHIFT)];
const realNow = Date.now;
if (epoch > 0) Date.now = () => Math.round(epoch + shift + (realNow() - epoch) * speed);
const sleep = timers.setTimeout;
timers.setTimeout = ((ms?: number, ...rest: [unknown, undefined]) =>
  sleep(Math.max(1, (ms ?? 0) / speed), ...rest)) as typeof sleep;
syncBuiltinESMExports();

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
};

let pending = false;
const isTheTransition = (values: readonly unknown[]): boolean =>
  values.some((value) => {
    if (typeof value !== 'string' || !value.includes('"kind":"step"')) return false;
    const { record } = JSON.parse(value) as { readonly record: { readonly from: string | null; readonly to: string } };
    return record.from === from && record.to === to;
  });

if (transition !== '') {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
  const prepare: (this: DatabaseSync, sql: string) => StatementSync = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
    const statement = prepare.call(this, sql);
    const run = statement.run.bind(statement);
    statement.run = ((...values: Parameters<typeof run>) => {
      if (sql.startsWith('insert into "audit"') && isTheTransition(values)) pending = true;
      if (sql === 'commit' && pending && moment === 'before') die();
      const result = run(...values);
      if (sql === 'commit' && pending) die();
      return result;
    }) as typeof statement.run;
    return statement;
  };
}
