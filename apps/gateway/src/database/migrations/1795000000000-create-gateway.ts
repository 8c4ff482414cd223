import { createMessagingTables, dropMessagingTables } from '@offload/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateGateway1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table dead_letter, dataset, email, import, upload,
                  idempotency_lease, idempotency_key, api_key, tenant`,
    );
    await dropMessagingTables(runner);
  }
}

const statements = [
  `create table tenant (
     id uuid primary key,
     name text not null,
     created_at timestamptz not null default now()
   )`,
  `insert into tenant (id, name) values ('00000000-0000-7000-8000-000000000001', 'default')`,

  `create table api_key (
     id uuid primary key,
     tenant_id uuid not null references tenant,
     name text not null,
     -- Shown to people, who never see the key again.
     prefix text not null,
     hash bytea not null unique,
     scopes text[] not null,
     expires_at timestamptz,
     last_used_at timestamptz,
     created_at timestamptz not null default now()
   )`,

  `create table idempotency_key (
     tenant_id uuid not null,
     route text not null,
     key text not null,
     fingerprint bytea not null,
     status int not null,
     headers jsonb not null,
     -- json keeps the order of its keys, so that a replayed answer is the same text.
     body json not null,
     created_at timestamptz not null default now(),
     primary key (tenant_id, route, key)
   )`,
  'create index idempotency_key_created on idempotency_key using brin (created_at)',
  `create table idempotency_lease (
     tenant_id uuid not null,
     route text not null,
     key text not null,
     holder uuid not null,
     expires_at timestamptz not null,
     primary key (tenant_id, route, key)
   )`,

  `create table upload (
     id uuid primary key,
     tenant_id uuid not null,
     file_name text not null,
     declared_type text,
     size bigint not null,
     sha256 text not null,
     storage_key text not null,
     created_at timestamptz not null default now()
   )`,
  'create index upload_tenant on upload (tenant_id, id)',

  `create table import (
     id uuid primary key,
     tenant_id uuid not null,
     upload_id uuid not null references upload,
     name text,
     file_name text not null,
     dataset text not null,
     columns jsonb,
     notify_email text,
     state text not null check (state in
       ('queued', 'loading', 'interrupted', 'completed', 'completed_with_errors', 'failed')),
     -- Of the last report that was taken over; older ones change nothing.
     sequence int not null default 0,
     bytes_done bigint not null default 0,
     bytes_total bigint not null,
     rows_loaded bigint not null default 0,
     rows_rejected bigint not null default 0,
     rejections jsonb not null default '[]',
     -- While there are any the import is interrupted, whatever else is reported.
     open_dead_letters int not null default 0,
     problem_code text,
     problem_detail text,
     created_at timestamptz not null default now(),
     started_at timestamptz,
     progressed_at timestamptz,
     finished_at timestamptz
   )`,
  'create index import_tenant on import (tenant_id, id)',
  'create index import_state on import (tenant_id, state, id)',

  `create table email (
     id uuid primary key,
     tenant_id uuid not null,
     content jsonb not null,
     state text not null check (state in ('queued', 'deferred', 'sent', 'failed')),
     attempts int not null default 0,
     reason text,
     response text,
     refused jsonb not null default '[]',
     message_id_header text,
     created_at timestamptz not null default now(),
     -- When the last thing that was taken over happened, by the clock of whoever reported it.
     reported_at timestamptz,
     sent_at timestamptz,
     failed_at timestamptz
   )`,
  'create index email_tenant on email (tenant_id, id)',

  `create table dataset (
     tenant_id uuid not null,
     name text not null,
     table_name text not null,
     columns jsonb not null,
     rows bigint not null,
     changed_at timestamptz not null,
     primary key (tenant_id, name)
   )`,

  `create table dead_letter (
     id uuid primary key,
     state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
     -- Text, because what arrives here may be anything.
     message_id text,
     tenant_id uuid,
     queue text,
     message_type text,
     correlation_id text,
     subject text,
     exchange text not null,
     routing_key text not null,
     properties jsonb not null,
     headers jsonb not null,
     body bytea not null,
     failure_code text not null,
     failure_class text not null,
     failure_message text not null,
     failure_stack text,
     failure_service text,
     failure_host text,
     first_failed_at timestamptz not null,
     failed_at timestamptz not null,
     attempts int not null,
     failures int not null default 1,
     replays int not null default 0,
     last_action jsonb
   )`,
  // A message that fails again after a replay opens its own row again. Those without an id never meet.
  `create unique index dead_letter_message on dead_letter (message_id, coalesce(queue, ''))`,
  'create index dead_letter_state on dead_letter (state, id)',
  `create index dead_letter_subject on dead_letter (subject) where state = 'open'`,
];
