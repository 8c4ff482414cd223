import type { QueryRunner } from 'typeorm';

/**
 * Makes the tables of the road in the service's own schema; each service calls it from its first
 * migration, so that inbox, rows and outbox commit together.
 */
export async function createMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table outbox_message (
      id bigint generated always as identity primary key,
      message_id uuid not null,
      exchange text not null,
      routing_key text not null,
      properties jsonb not null,
      headers jsonb not null,
      body bytea not null,
      created_at timestamptz not null default now(),
      -- Not published before this time: a fresh message at once, a failed one after its back-off.
      available_at timestamptz not null default now(),
      failures int not null default 0,
      last_error text,
      sent_at timestamptz
    )`);
  await runner.query(
    'create index outbox_message_pending on outbox_message (available_at, id) where sent_at is null',
  );
  await runner.query(
    'create index outbox_message_sent on outbox_message (sent_at) where sent_at is not null',
  );
  await runner.query(`
    create table inbox_message (
      message_id uuid not null,
      queue text not null,
      handled_at timestamptz not null default now(),
      primary key (message_id, queue)
    )`);
  await runner.query('create index inbox_message_handled on inbox_message using brin (handled_at)');
}

export async function dropMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query('drop table outbox_message');
  await runner.query('drop table inbox_message');
}
