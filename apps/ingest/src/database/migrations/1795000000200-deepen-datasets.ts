import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexImports } from '../../datasets/dataset-indexes.js';
import { markEdits } from '../../datasets/dataset-table.js';
import { tableOf } from '../../datasets/table-of.js';

/** Datasets have keys, and their tables know which import a row is of and whether somebody has changed it since. */
export class DeepenDatasets1795000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table dataset add column keys jsonb not null default '[]'`);
    await runner.query('create index import_run_dataset on import_run (tenant_id, dataset_name)');
    await runner.query(`
      create function "datasets"."_mark_edited"() returns trigger language plpgsql as $$
        begin
          new."_edited_at" := now();
          return new;
        end
      $$`);
    for (const table of await listTables(runner)) {
      await runner.query(`alter table ${tableOf(table)} add column "_edited_at" timestamptz`);
      await runner.query(markEdits(table));
      await runner.query(indexImports(table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function "datasets"."_mark_edited"() cascade');
    for (const table of await listTables(runner)) {
      await runner.query(`alter table ${tableOf(table)} drop column "_edited_at"`);
    }
    await runner.query('drop index import_run_dataset');
    await runner.query('alter table dataset drop column keys');
  }
}

/** Those that are there: somebody may have dropped one with SQL. */
async function listTables(runner: QueryRunner): Promise<string[]> {
  const rows: { table_name: string }[] = await runner.query(
    `select table_name from dataset
      where exists (select from pg_tables where schemaname = 'datasets' and tablename = table_name)`,
  );
  return rows.map(({ table_name }) => table_name);
}
