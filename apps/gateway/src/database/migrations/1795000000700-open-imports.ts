import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports with options, actions and phases, and saved mappings. */
export class OpenImports1795000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  /** States that were not known before become the nearest that was. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mapping');
    await runner.query('drop index import_dataset, import_running');
    await runner.query(`
      update import set
        problem_code = case when state = 'interrupted' then 'interrupted' else problem_code end,
        problem_detail = coalesce(interruption, problem_detail),
        state = case
          when state in ('canceled', 'reverted') then 'failed'
          when state in ('awaiting_review', 'finalizing', 'canceling', 'reverting') then 'loading'
          else state end`);
    await runner.query(`
      alter table import drop constraint import_state_check,
        add constraint import_state_check check (state in (${former})),
        ${added.map((column) => `drop column ${column}`).join(', ')}`);
  }
}

const former = `'queued', 'loading', 'interrupted', 'completed', 'completed_with_errors', 'failed'`;
const standings = `'queued', 'loading', 'awaiting_review', 'finalizing', 'canceled', 'reverting',
  'reverted', 'completed', 'completed_with_errors', 'failed'`;

const added = [
  ...[
    'keys',
    'options',
    'mapping_id',
    'fix_upload_id',
    'key_id',
    'key_name',
    'source_columns',
    'read_as',
  ],
  ...['standing', 'interruption', 'outlived_dead_letters', 'last_action', 'attempt'],
  ...['rows_created', 'rows_updated', 'rows_unchanged', 'rows_skipped', 'phases', 'samples'],
  ...['worked_ms', 'working_since', 'revert_preview', 'reverted'],
];

/** What an import was asked for before it could be asked for anything. */
const formerOptions = JSON.stringify({
  source: {},
  values: {},
  mode: 'append',
  onConflict: 'update',
  onError: 'quarantine',
  dryRun: false,
  holdForReview: false,
});

const statements = [
  `alter table import drop constraint import_state_check,
     add constraint import_state_check check (state in (${standings}, 'canceling', 'interrupted')),
     add keys jsonb,
     add options jsonb not null default '${formerOptions}',
     -- Of the saved mapping that was named; it may be gone by now.
     add mapping_id uuid,
     -- The corrected rows that were sent last.
     add fix_upload_id uuid,
     add key_id uuid,
     add key_name text,
     add source_columns jsonb,
     add read_as jsonb,
     -- What ingest has said last; the state lays over it what was asked since, and dead letters.
     add standing text not null default 'queued' check (standing in (${standings})),
     add interruption text,
     add outlived_dead_letters int not null default 0,
     add last_action jsonb,
     add attempt int not null default 1,
     add rows_created bigint not null default 0,
     add rows_updated bigint not null default 0,
     add rows_unchanged bigint not null default 0,
     add rows_skipped bigint not null default 0,
     add phases jsonb not null default '[]',
     -- Where it stood in the last seconds, to tell its speed.
     add samples jsonb not null default '[]',
     add worked_ms bigint not null default 0,
     add working_since timestamptz,
     add revert_preview jsonb,
     add reverted jsonb`,
  `update import set
     rows_created = rows_loaded,
     standing = case when state <> 'interrupted' then state
                     when started_at is null then 'queued' else 'loading' end,
     interruption = case when state = 'interrupted' then problem_detail end,
     problem_code = case when state = 'failed' then problem_code end,
     problem_detail = case when state = 'failed' then problem_detail end,
     working_since = case when finished_at is null then started_at end,
     worked_ms = coalesce(extract(epoch from finished_at - started_at) * 1000, 0)`,
  'create index import_dataset on import (tenant_id, dataset, id)',
  'create index import_fix_upload on import (fix_upload_id) where fix_upload_id is not null',
  // How many of a tenant are running is counted with each that it asks for.
  'create index import_running on import (tenant_id) where finished_at is null',

  `create table mapping (
     id uuid primary key,
     tenant_id uuid not null,
     name text not null,
     mapping jsonb not null,
     source jsonb not null,
     "values" jsonb not null,
     created_at timestamptz not null default now(),
     changed_at timestamptz not null default now(),
     unique (tenant_id, name)
   )`,
];
