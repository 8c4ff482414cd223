import { createMessagingTables, dropMessagingTables } from '@offload/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEmails1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query(`
      create table email (
        id uuid primary key,
        tenant_id uuid not null,
        -- The two headers that every attempt repeats, so that a receiver can tell a second copy.
        message_id_header text not null,
        dated_at timestamptz not null
      )`);
    await runner.query(`
      create table email_attempt (
        email_id uuid not null references email (id) on delete cascade,
        number int not null check (number >= 1),
        -- How often an operator had replayed the message when this attempt was made.
        replays int not null,
        relay text not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        outcome text check (outcome in ('sent', 'deferred', 'refused', 'in_doubt')),
        reply text,
        accepted text[] not null default '{}',
        refused text[] not null default '{}',
        primary key (email_id, number),
        check ((finished_at is null) = (outcome is null))
      )`);
    await runner.query(
      'create index email_attempt_unfinished on email_attempt (started_at) where finished_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table email_attempt');
    await runner.query('drop table email');
    await dropMessagingTables(runner);
  }
}
