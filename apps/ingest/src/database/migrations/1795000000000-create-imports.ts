import { createMessagingTables, dropMessagingTables } from '@offload/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateImports1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await createDatasetsSchema(runner);
    await runner.query(`
      create table dataset (
        tenant_id uuid not null,
        name text not null,
        table_name text not null unique,
        columns jsonb not null,
        rows bigint not null default 0,
        created_at timestamptz not null default now(),
        primary key (tenant_id, name)
      )`);
    await runner.query(`
      create table import_run (
        import_id uuid primary key,
        tenant_id uuid not null,
        state text not null check (state in ('loading', 'completed', 'failed')),
        file jsonb not null,
        dataset_name text not null,
        table_name text,
        -- The columns of the file, in its order, as the dataset has them.
        columns jsonb not null,
        dialect jsonb,
        notify jsonb,
        data_from bigint not null default 0,
        -- Known when the file has been cut to its end.
        chunks_total int,
        sequence int not null default 0,
        reported_at timestamptz,
        started_at timestamptz not null default now(),
        ended_at timestamptz
      )`);
    await runner.query(`
      create table import_chunk (
        import_id uuid not null references import_run,
        number int not null,
        bytes bigint not null,
        rows_loaded int not null default 0,
        rows_rejected int not null default 0,
        committed_at timestamptz not null default now(),
        primary key (import_id, number)
      )`);
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
        -- The record as it stands in the file, cut where it is very long.
        raw text not null
      )`);
    await runner.query('create index rejected_row_import on rejected_row (import_id, "row")');
  }

  /** The tables of datasets stay: they are what people imported. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['rejected_row', 'import_chunk', 'import_run', 'dataset']) {
      await runner.query(`drop table ${table}`);
    }
    await dropMessagingTables(runner);
  }
}

/** Asking first spares the right to create schemas, where the set-up has made this one already. */
async function createDatasetsSchema(runner: QueryRunner): Promise<void> {
  const found: unknown[] = await runner.query(
    `select 1 from pg_namespace where nspname = 'datasets'`,
  );
  if (found.length === 0) await runner.query('create schema datasets');
}
