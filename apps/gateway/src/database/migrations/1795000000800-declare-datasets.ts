import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Datasets can be asked for, changed and dropped: they have a state, keys, and a problem when something was refused. */
export class DeclareDatasets1795000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dataset
        add column state text not null default 'ready' check (state in
          ('creating', 'ready', 'changing', 'dropping', 'failed', 'dropped')),
        add column keys jsonb not null default '[]',
        add column problem jsonb,
        -- The request that is being done, or was done last; what comes of it carries the same correlation.
        add column request_id text,
        add column created_at timestamptz not null default now(),
        -- Null until ingest has spoken of it.
        alter column changed_at drop not null,
        -- Null until there is a table, and when there is none any more.
        alter column table_name drop not null`);
    await runner.query('update dataset set created_at = changed_at');
    await runner.query('alter table dataset alter column state drop default');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from dataset where table_name is null or changed_at is null');
    await runner.query(`
      alter table dataset
        drop column state, drop column keys, drop column problem, drop column request_id,
        drop column created_at, alter column changed_at set not null, alter column table_name set not null`);
  }
}
