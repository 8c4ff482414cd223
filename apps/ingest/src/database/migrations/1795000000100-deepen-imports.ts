import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An import knows what it was asked to do and how that was resolved; it may set rows aside, merge them in parts,
 * be fixed and be reverted. Rejected rows stand in `reports`, where the gateway reads them in place.
 */
export class DeepenImports1795000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const schema of ['reports', 'staging']) await createSchema(runner, schema);
    await deepenRuns(runner);
    await createLedgers(runner);
    await createTurns(runner);
    await createReports(runner);
    await runner.query(`
      create table replaced_table (
        import_id uuid primary key references import_run,
        tenant_id uuid not null,
        dataset_name text not null,
        -- In the schema staging.
        table_name text not null unique,
        columns jsonb not null,
        keys jsonb not null,
        rows bigint not null,
        -- The rows from before the import; or, once the dataset was restored, those from after it.
        holds text not null check (holds in ('before', 'after')),
        replaced_at timestamptz not null default clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rejected_row (
        id bigint generated always as identity primary key,
        import_id uuid not null references import_run,
        "row" bigint not null,
        line bigint not null,
        byte_offset bigint not null,
        column_name text,
        value text,
        code text not null,
        message text not null,
        raw text not null
      )`);
    await runner.query('create index rejected_row_import on rejected_row (import_id, "row")');
    await runner.query(`
      insert into rejected_row (import_id, "row", line, byte_offset, column_name, value, code, message, raw)
      select import_id, "row", line, byte_offset, column_name, value, code, message, raw from reports.rejected_row`);
    for (const table of TABLES) await runner.query(`drop table ${table}`);
    await runner.query(`
      alter table import_run
        drop constraint import_run_state_check,
        drop column options, drop column wanted, drop column plan, drop column plain, drop column split_at,
        drop column merge, drop column undo, drop column fix, drop column stop,
        drop column counted_rows`);
    await runner.query(`
      update import_run set state = case when state = 'completed' then 'completed' else 'failed' end
       where state <> 'loading'`);
    await runner.query(`
      alter table import_run
        add constraint import_run_state_check check (state in ('loading', 'completed', 'failed')),
        add column table_name text,
        add column columns jsonb not null default '[]',
        add column dialect jsonb`);
  }
}

const TABLES = [
  'reports.rejected_row',
  'reports.kept_row',
  'replaced_table',
  'dataset_turn',
  'import_fix',
  'import_merge',
  'import_slice',
];

/** Asking first spares the right to create schemas, where the set-up has made this one already. */
async function createSchema(runner: QueryRunner, name: string): Promise<void> {
  const found: unknown[] = await runner.query('select 1 from pg_namespace where nspname = $1', [
    name,
  ]);
  if (found.length === 0) await runner.query(`create schema ${name}`);
}

/** An import that is being loaded while this runs goes on: its plan follows from what was known of it. */
async function deepenRuns(runner: QueryRunner): Promise<void> {
  await runner.query(`
    alter table import_run
      drop constraint import_run_state_check,
      alter column file drop not null,
      add column options jsonb not null default
        '{"source":{},"values":{},"mode":"append","onConflict":"update","onError":"quarantine","dryRun":false,"holdForReview":false}',
      -- The columns and keys for a dataset that is not there.
      add column wanted jsonb not null default '{}',
      -- What was resolved of the options when the file was looked at.
      add column plan jsonb,
      -- The plain copy of a file that could not be cut as it is.
      add column plain jsonb,
      -- Where the next stretch begins to be cut.
      add column split_at jsonb,
      add column merge jsonb,
      add column undo jsonb,
      add column fix jsonb,
      add column stop jsonb,
      -- How many of its rows the dataset's number of rows has in it.
      add column counted_rows bigint not null default 0`);
  await runner.query(`
    alter table import_run add constraint import_run_state_check check (state in (
      'converting', 'waiting', 'loading', 'counting', 'held', 'merging', 'fixing', 'canceling', 'reverting',
      'completed', 'failed', 'canceled', 'reverted'))`);
  await runner.query(`
    update import_run set plan = jsonb_build_object(
      'source', jsonb_build_object(
        'format', 'csv', 'packing', 'none', 'encoding', 'utf-8', 'bom', dialect -> 'bom',
        'delimiter', dialect -> 'delimiter', 'quote', '"', 'escape', null, 'newline', dialect -> 'newline',
        'header', dialect -> 'hasHeader', 'skip', 0, 'footer', 0),
      'sourceColumns', (select coalesce(jsonb_agg(c -> 'name'), '[]') from jsonb_array_elements(columns) c),
      'columns', (
        select coalesce(jsonb_agg(jsonb_build_object('column', c, 'from', place - 1, 'values', '{}'::jsonb)), '[]')
          from jsonb_array_elements(columns) with ordinality as given (c, place)),
      'dataset', jsonb_build_object('tableName', table_name, 'columns', columns, 'keys', '[]'::jsonb, 'lastId', 0),
      'sink', 'direct', 'key', null)
     where dialect is not null and table_name is not null`);
  await runner.query(`
    update import_run r set counted_rows = (
      select coalesce(sum(rows_loaded), 0) from import_chunk c where c.import_id = r.import_id)
     where state = 'completed'`);
  await runner.query(
    'alter table import_run drop column columns, drop column dialect, drop column table_name',
  );
}

async function createLedgers(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table import_slice (
      import_id uuid not null references import_run,
      number int not null,
      from_offset bigint not null,
      to_offset bigint not null,
      first_row bigint not null,
      first_line bigint not null,
      rows int not null,
      strict boolean not null,
      primary key (import_id, number)
    )`);
  await runner.query(`
    create table import_merge (
      import_id uuid not null references import_run,
      part int not null,
      -- Rows that were set aside for this part.
      rows bigint not null,
      created bigint not null default 0,
      updated bigint not null default 0,
      unchanged bigint not null default 0,
      skipped bigint not null default 0,
      rejected bigint not null default 0,
      -- Null until it is done.
      merged_at timestamptz,
      primary key (import_id, part)
    )`);
  await runner.query(`
    create table import_fix (
      import_id uuid not null references import_run,
      fix_id uuid not null,
      fixed bigint not null,
      created bigint not null,
      updated bigint not null,
      unchanged bigint not null,
      skipped bigint not null,
      fixed_at timestamptz not null default clock_timestamp(),
      primary key (import_id, fix_id)
    )`);
}

async function createTurns(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table dataset_turn (
      import_id uuid primary key references import_run,
      tenant_id uuid not null,
      dataset_name text not null,
      kind text not null check (kind in ('shared', 'exclusive')),
      -- Who came first.
      place bigint generated always as identity,
      is_granted boolean not null default false
    )`);
  await runner.query(
    'create index dataset_turn_dataset on dataset_turn (tenant_id, dataset_name, place)',
  );
}

async function createReports(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table reports.rejected_row (
      import_id uuid not null,
      "row" bigint not null,
      line bigint not null,
      byte_offset bigint not null,
      column_name text,
      value text,
      code text not null,
      message text not null,
      -- The record as it stands in the file, cut where it is very long.
      raw text not null,
      -- Its values in the order of the file's columns; empty when it is cut.
      fields text[] not null,
      is_cut boolean not null default false,
      primary key (import_id, "row")
    )`);
  await runner.query(`
    create table reports.kept_row (
      import_id uuid not null,
      row_id bigint not null,
      reason text not null,
      primary key (import_id, row_id)
    )`);
  await runner.query(`
    insert into reports.rejected_row
      (import_id, "row", line, byte_offset, column_name, value, code, message, raw, fields, is_cut)
    select distinct on (import_id, "row")
           import_id, "row", line, byte_offset, column_name, value, code, message, raw, '{}', true
      from rejected_row order by import_id, "row", id`);
  await runner.query('drop table rejected_row');
}
