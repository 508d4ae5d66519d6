// The migrations that make the tables of the SQLite store; one that was released stays as it is.
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { completeOutcome, type StoredOutcome } from '../older-outcome.ts';
import { parsed } from '../queries/parsed.ts';
import { outcomeColumns, type Tables } from '../queries/tables.ts';

const first: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('gate')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('paused', 'integer', (c) => c.notNull())
      .addColumn('head_seq', 'integer', (c) => c.notNull())
      .addColumn('head_hash', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('marks')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('remediations')
      .addColumn('created', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('incident', 'text', (c) => c.notNull())
      .addColumn('digest', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('open', 'integer', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('due', 'text')
      .addColumn('token', 'integer', (c) => c.notNull())
      .addColumn('lease_until', 'text')
      .addColumn('head_seq', 'integer', (c) => c.notNull())
      .addColumn('head_hash', 'text', (c) => c.notNull())
      .execute();
    await schema.createIndex('remediations_incident').on('remediations').columns(['incident', 'digest']).execute();
    await schema
      .createIndex('remediations_open')
      .unique()
      .on('remediations')
      .columns(['incident', 'digest'])
      .where('open' as never, '=', 1 as never)
      .execute();
    await schema
      .createIndex('remediations_due')
      .on('remediations')
      .column('due')
      .where('due' as never, 'is not', null as never)
      .execute();
    await schema
      .createTable('holds')
      .addColumn('object', 'text', (c) => c.primaryKey())
      .addColumn('proposal', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('audit')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('proposal', 'text')
      .addColumn('line', 'text', (c) => c.notNull())
      .addColumn('prev', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute();
    await schema.createIndex('audit_proposal').on('audit').columns(['proposal', 'seq']).execute();
    await schema
      .createTable('outbox')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('key', 'text', (c) => c.notNull().unique())
      .addColumn('proposal', 'text', (c) => c.notNull())
      .addColumn('incident', 'text', (c) => c.notNull())
      .addColumn('queue', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('head_seq', 'integer', (c) => c.notNull())
      .addColumn('head_hash', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('due', 'text', (c) => c.notNull())
      .addColumn('lease_until', 'text')
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('settled', 'text')
      .execute();
    await schema
      .createIndex('outbox_open')
      .on('outbox')
      .columns(['queue', 'id'])
      .where('settled' as never, 'is', null as never)
      .execute();
    await schema
      .createTable('outcomes')
      .addColumn('incident', 'text', (c) => c.notNull())
      .addColumn('digest', 'text', (c) => c.notNull())
      .addColumn('ended', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('outcomes_key', ['incident', 'digest'])
      .execute();
    await schema.createIndex('outcomes_ended').on('outcomes').column('ended').execute();
    await schema
      .createTable('admissions')
      .addColumn('proposer', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .execute();
    await schema.createIndex('admissions_key').on('admissions').columns(['proposer', 'at']).execute();
  },
};

/** Questions that were answered by reading everything get an index, a mark or a count. */
const lean: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .alterTable('outbox')
      .addColumn('first', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`update outbox set first = 1 where id in (select min(id) from outbox where settled is null group by queue)`.execute(
      db,
    );
    await sql`create index outbox_first on outbox (due, id) where first = 1 and settled is null`.execute(db);
    await sql`create index outbox_leased on outbox (lease_until) where lease_until is not null`.execute(db);
    await sql`create index remediations_leased on remediations (lease_until) where lease_until is not null`.execute(db);
    await schema.createIndex('remediations_state').on('remediations').columns(['state', 'created']).execute();
    await schema.createIndex('remediations_of').on('remediations').columns(['incident', 'created']).execute();
    await schema.createIndex('holds_proposal').on('holds').column('proposal').execute();
    await schema.createIndex('admissions_at').on('admissions').column('at').execute();
    await schema
      .createTable('tallies')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('label', 'text', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('tallies_key', ['kind', 'label'])
      .execute();
    await sql`insert into tallies select 'proposals', state, count(*) from remediations group by state`.execute(db);
    await sql`insert into tallies
      select 'outcomes', json_extract(body, '$.state') || ' ' || json_extract(body, '$.tier'), count(*)
      from outcomes group by 2`.execute(db);
  },
};

/** What is sealed as a hash and given back by a rollback. */
const hidden: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('hidden')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('sealed', 'blob', (c) => c.notNull())
      .execute();
  },
};

/** Leases and the rate of proposals are kept in memory: one process has the folder. What judging asks of outcomes gets an index. */
const memory: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['outbox', 'remediations']) {
      await sql`drop index ${sql.id(`${table}_leased`)}`.execute(db);
      await db.schema.alterTable(table).dropColumn('lease_until').execute();
    }
    await db.schema.alterTable('remediations').dropColumn('token').execute();
    await db.schema.dropTable('admissions').execute();
    for (const column of ['proposal', 'action', 'target', 'state'])
      await db.schema
        .alterTable('outcomes')
        .addColumn(column, 'text', (c) => c.notNull().defaultTo(''))
        .execute();
    await db.schema.alterTable('outcomes').addColumn('seconds', 'real').execute();
    await db.schema
      .alterTable('outcomes')
      .addColumn('failed', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await fillOutcomes(db as Kysely<Tables>);
    await sql`create index outcomes_failed on outcomes (action, ended) where failed = 1`.execute(db);
    await sql`create index outcomes_runs on outcomes (action, target, seconds, state, ended)`.execute(db);
    await sql`create index remediations_waiting on remediations (incident, state, created)`.execute(db);
  },
};

const fillOutcomes = async (db: Kysely<Tables>): Promise<void> => {
  const rows = await db.selectFrom('outcomes').select(['incident', 'digest', 'body']).execute();
  for (const { incident, digest, body } of rows)
    await db
      .updateTable('outcomes')
      .set(outcomeColumns(completeOutcome(parsed<StoredOutcome>(body, `an outcome of ${incident}`))))
      .where('incident', '=', incident)
      .where('digest', '=', digest)
      .execute();
};

/** Lines of the trail are found by incident, event and time. Damaged lines keep empty keys. */
const lineKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('audit').addColumn('incident', 'text').execute();
    for (const column of ['event', 'latest'])
      await db.schema
        .alterTable('audit')
        .addColumn(column, 'text', (c) => c.notNull().defaultTo(''))
        .execute();
    const note = sql`json_extract(line, '$.about')`;
    await sql`update audit set event = coalesce(json_extract(line, '$.record.event.event'), json_extract(line, '$.what'), ''),
      incident = (select incident from remediations where id = coalesce(audit.proposal,
        substr(${note}, instr(${note}, ' ') + 1, instr(${note}, ': ') - instr(${note}, ' ') - 1)))
      where json_valid(line)`.execute(db);
    await sql`update audit set latest = rising.latest from (
      select seq, max(case when json_valid(line) then coalesce(json_extract(line, '$.record.at'), json_extract(line, '$.at'), '') else '' end)
        over (order by seq) as latest from audit) as rising
      where rising.seq = audit.seq`.execute(db);
    await sql`create index audit_incident on audit (incident, seq) where incident is not null`.execute(db);
    await sql`create index audit_event on audit (event, seq)`.execute(db);
    await sql`create index audit_latest on audit (latest, seq)`.execute(db);
  },
};

/** What is open of an incident is found without reading what was sealed. */
const places: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('remediations')
      .addColumn('place', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
    await sql`update remediations set place =
      coalesce(json_extract(body, '$.spec.namespace'), '') || ' ' || json_extract(body, '$.spec.target')
      where json_valid(body) and json_extract(body, '$.spec.target') is not null`.execute(db);
    await sql`create index remediations_open_of on remediations (incident, created) where open = 1`.execute(db);
    await sql`create index remediations_place on remediations (incident, place) where open = 1`.execute(db);
  },
};

/** What has begun is found without passing by all that waits for people. */
const lanes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`drop index remediations_due`.execute(db);
    await sql`create index remediations_asked on remediations (state, due, created)
      where due is not null`.execute(db);
    await sql`create index remediations_begun on remediations (due, created)
      where due is not null and state <> 'awaiting-approval'`.execute(db);
  },
};

/** What failed is found by its objects, however much else failed. */
const failedObjects: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    const table = schema.createTable('failed_objects');
    await ['action', 'object', 'ended', 'incident', 'digest']
      .reduce((made, column) => made.addColumn(column, 'text', (c) => c.notNull()), table)
      .execute();
    await schema
      .createIndex('failed_objects_found')
      .on('failed_objects')
      .columns(['action', 'object', 'ended'])
      .execute();
    await schema.createIndex('failed_objects_of').on('failed_objects').columns(['incident', 'digest']).execute();
    await sql`insert into failed_objects
      select outcomes.action, json_each.value, ended, incident, digest
      from outcomes, json_each(body, '$.objects') where failed = 1`.execute(db);
    await sql`drop index outcomes_failed`.execute(db);
  },
};

/** What the breaker counts. */
const failures: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('remediations').addColumn('failed_at', 'text').execute();
    const states = ['failed', 'rolled-back', 'rollback-failed', 'handed-over'];
    await sql`update remediations set failed_at = json_extract(body, '$.changedAt')
      where state in (${sql.join(states)}) and json_valid(body)`.execute(db);
    await sql`create index remediations_failed on remediations (failed_at) where failed_at is not null`.execute(db);
  },
};

/** What was observed in shadow mode, and its counts. */
const shadow: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('shadow_verdicts')
      .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('body', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('shadow_counts')
      .addColumn('proposer', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('tier', 'text', (c) => c.notNull())
      .addColumn('became', 'text', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('shadow_counts_cell', ['proposer', 'action', 'tier', 'became'])
      .execute();
  },
};

/** Of several clusters each has its own work, and its own objects. */
const clusters: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('remediations').addColumn('cluster', 'text').execute();
    await sql`update remediations set cluster = json_extract(body, '$.spec.cluster.name') where json_valid(body)`.execute(
      db,
    );
    await sql`update holds set object = (select remediations.cluster || ' ' from remediations where id = holds.proposal) || object
      where exists (select 1 from remediations where id = holds.proposal and remediations.cluster is not null)`.execute(
      db,
    );
    await sql`create index remediations_cluster on remediations (cluster, due, created) where due is not null`.execute(
      db,
    );
  },
};

/** Sessions of the console and one-time links. */
const logins: Migration = {
  async up(db: Kysely<unknown>) {
    const table = db.schema.createTable('logins').addColumn('id', 'text', (c) => c.primaryKey());
    await ['kind', 'ends', 'body']
      .reduce((made, column) => made.addColumn(column, 'text', (c) => c.notNull()), table)
      .execute();
    await db.schema.createIndex('logins_ends').on('logins').column('ends').execute();
  },
};

/** What is left of remediations that were archived, and how each action fared, kept with each outcome. */
const archived: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('carried')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('label', 'text', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('carried_cell', ['kind', 'label'])
      .execute();
    const table = db.schema
      .createTable('summaries')
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull());
    await ['runs', 'succeeded', 'rolled_back', 'asked']
      .reduce((made, column) => made.addColumn(column, 'integer', (c) => c.notNull()), table)
      .addColumn('seconds', 'real')
      .addColumn('ended', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('summaries_cell', ['action', 'target'])
      .execute();
  },
};

/** In this order, each once. */
const MIGRATIONS: Record<string, Migration> = {
  '001-first': first,
  '002-lean': lean,
  '003-memory': memory,
  '004-hidden': hidden,
  '005-lanes': lanes,
  '006-failed-objects': failedObjects,
  '007-failures': failures,
  '008-line-keys': lineKeys,
  '009-places': places,
  '012-shadow': shadow,
  '013-clusters': clusters,
  '014-logins': logins,
  '015-archived': archived,
};

/** Whether a migration was run that this version does not have. */
const isOfNewer = async (db: Kysely<Tables>, known: ReadonlySet<string>): Promise<boolean> => {
  const { rows: tables } = await sql`select 1 from sqlite_master where name = 'kysely_migration'`.execute(db);
  if (tables.length === 0) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.some(({ name }) => !known.has(name));
};

/** Brings the tables up to date; throws what went wrong. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const known = new Set(Object.keys(MIGRATIONS));
  if (await isOfNewer(db, known))
    throw new AdapterError(
      'refused',
      'The database was written by a newer version of Blastgate: run that one, or restore the backup from before the upgrade.',
      { reason: 'newer' },
    );
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
