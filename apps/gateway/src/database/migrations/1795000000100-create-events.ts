import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEvents1795000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create sequence event_sequence');
    await runner.query(`
      create table event (
        id bigint generated always as identity primary key,
        -- Given after the commit, in the order in which readers may see events; see sequence-events.ts.
        sequence bigint unique,
        tenant_id uuid not null,
        topic text not null,
        type text not null,
        data jsonb not null,
        ends_topic boolean not null,
        recorded_at timestamptz not null default now()
      )`);
    await runner.query('create index event_unsequenced on event (id) where sequence is null');
    await runner.query('create index event_topic on event (tenant_id, topic, sequence)');
    await runner.query('create index event_recorded on event using brin (recorded_at)');
    await runner.query(`
      create table event_ticket (
        hash bytea primary key,
        tenant_id uuid not null,
        topics text[] not null,
        expires_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table event_ticket');
    await runner.query('drop table event');
    await runner.query('drop sequence event_sequence');
  }
}
