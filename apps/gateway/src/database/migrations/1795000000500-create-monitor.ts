import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMonitor1795000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index dead_letter_about, email_unfinished, import_unfinished');
    await runner.query('drop table watchdog, finding, worker_memory, worker');
  }
}

const statements = [
  `create table worker (
     instance text primary key,
     service text not null,
     -- By the clock of the process; they tell a late report from a newer one.
     started_at timestamptz not null,
     reported_at timestamptz not null,
     -- By the clock of the database, when its latest report came in.
     heard_at timestamptz not null default now(),
     -- It has drained and ended; nothing more is expected of it.
     has_ended boolean not null default false,
     report jsonb not null
   )`,
  // One look a minute, to tell growth from a peak. A process that starts anew under its name begins anew.
  `create table worker_memory (
     instance text not null,
     started_at timestamptz not null,
     at timestamptz not null default now(),
     rss_bytes bigint not null,
     primary key (instance, started_at, at)
   )`,
  'create index worker_memory_at on worker_memory using brin (at)',
  `create table finding (
     id uuid primary key,
     code text not null,
     severity text not null check (severity in ('warning', 'critical')),
     subject text not null,
     detail text not null,
     remedy text not null,
     since timestamptz not null default now(),
     last_seen_at timestamptz not null default now(),
     -- Null while it is only suspected: seen, but not for long enough to be told.
     confirmed_at timestamptz,
     resolved_at timestamptz
   )`,
  'create unique index finding_open on finding (code, subject) where resolved_at is null',
  'create index finding_since on finding (since)',
  // One row: the look that a replica has taken on, and the last that was finished.
  `create table watchdog (
     only_row boolean primary key default true check (only_row),
     claimed_at timestamptz not null default '-infinity',
     claimed_by text,
     checked_at timestamptz
   )`,
  'insert into watchdog default values',
  // What has not ended, without reading what has. The watchdog passes over it every few seconds.
  'create index import_unfinished on import (created_at) where finished_at is null',
  `create index email_unfinished on email (created_at)
     where sent_at is null and failed_at is null`,
  'create index dead_letter_about on dead_letter (subject, state)',
];
