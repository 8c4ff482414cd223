import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports know since when they are in their state, so that phases can be timed. */
export class TimePhases1795000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table import_run add column state_since timestamptz not null default now()',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table import_run drop column state_since');
  }
}
