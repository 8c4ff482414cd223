import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAudit1795000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_message, audit_operation');
    await runner.query('drop function refuse_change()');
  }
}

const statements = [
  `create table audit_operation (
     id uuid primary key,
     action text not null,
     -- Null: the system did it by itself.
     key_id uuid,
     key_name text,
     tenant_id uuid,
     request_id text,
     target text,
     incident text,
     reason text,
     selection jsonb,
     count int not null,
     outcome text not null check (outcome in ('success', 'failure', 'unknown')),
     details jsonb not null default '{}',
     at timestamptz not null default now()
   )`,
  'create index audit_operation_action on audit_operation (action, id)',
  `create table audit_message (
     id bigint generated always as identity primary key,
     operation_id uuid not null,
     dead_letter_id uuid not null,
     message_id text,
     action text not null,
     at timestamptz not null default now()
   )`,
  'create index audit_message_operation on audit_message (operation_id, id)',
  'create index audit_message_dead_letter on audit_message (dead_letter_id, id)',
  `create function refuse_change() returns trigger language plpgsql as $$
   begin
     raise exception 'The audit is append-only: % on % is refused.', tg_op, tg_table_name;
   end $$`,
  ...['audit_operation', 'audit_message'].map(
    (table) =>
      `create trigger append_only before update or delete or truncate on ${table}
         for each statement execute function refuse_change()`,
  ),
];
