import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GroupDeadLetters1795000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index dead_letter_queue_state');
    await runner.query('alter table dead_letter drop constraint dead_letter_state_check');
    await runner.query(
      `update dead_letter set state = 'replayed' where state in ('replaying', 'resolved')`,
    );
    await runner.query(
      `alter table dead_letter
         add constraint dead_letter_state_check check (state in ('open', 'replayed', 'discarded')),
         drop column group_id, drop column fingerprint_version, drop column failure_frame,
         drop column edit_of, drop column search_text, drop column closed_at`,
    );
    await runner.query('drop table dead_letter_group_note, dead_letter_group');
  }
}

const oldFingerprint =
  'md5(jsonb_build_array(letter.failure_code, letter.failure_class, letter.message_type)::text)';

const statements = [
  `create table dead_letter_group (
     id uuid primary key,
     -- What its dead letters have in common, by the rule of this version; see fingerprint.ts.
     fingerprint text not null,
     fingerprint_version int not null,
     kind text not null check (kind in ('failure', 'worker_died', 'unrouted')),
     title text not null,
     code text not null,
     class text not null,
     message_type text,
     frame text,
     -- Where the last dead letter that another rule took out of it went; its notes follow.
     moved_to uuid,
     created_at timestamptz not null default now(),
     unique (fingerprint_version, fingerprint)
   )`,
  `create table dead_letter_group_note (
     id uuid primary key,
     group_id uuid not null references dead_letter_group,
     text text not null,
     key_id uuid not null,
     created_at timestamptz not null default now()
   )`,
  'create index dead_letter_group_note_group on dead_letter_group_note (group_id, id)',

  'alter table dead_letter drop constraint dead_letter_state_check',
  // Whether a replayed one was handled had not been recorded; it has not come back.
  `update dead_letter set state = 'resolved' where state = 'replayed'`,
  `alter table dead_letter
     add constraint dead_letter_state_check
       check (state in ('open', 'replaying', 'resolved', 'discarded')),
     add column group_id uuid references dead_letter_group,
     -- Of the rule that put it into its group; 0 was no rule.
     add column fingerprint_version int not null default 0,
     add column failure_frame text,
     -- The dead letter whose edited copy this message is.
     add column edit_of uuid,
     -- Lower case: what a search looks through.
     add column search_text text not null default '',
     -- When it was resolved or discarded; retention counts from here.
     add column closed_at timestamptz`,
  `update dead_letter set closed_at = now() where state in ('resolved', 'discarded')`,
  // As search-text.ts does it, but for letters in the body beyond ASCII.
  `update dead_letter set search_text = lower(left(concat_ws(E'\\n', id, message_id, correlation_id,
     subject, failure_code, failure_class, failure_message,
     encode(substring(body from 1 for 16384), 'escape')), 16384))`,
  // A group for each code, class and type; the gateway puts them into those of its own rule when it starts.
  `insert into dead_letter_group
     (id, fingerprint, fingerprint_version, kind, title, code, class, message_type)
   select gen_random_uuid(), ${oldFingerprint}, 0, 'failure', failure_class, failure_code,
          failure_class, message_type
     from dead_letter letter group by failure_code, failure_class, message_type`,
  `update dead_letter letter set group_id = (
     select id from dead_letter_group where fingerprint = ${oldFingerprint})`,
  'alter table dead_letter alter column group_id set not null',
  'create index dead_letter_group_state on dead_letter (group_id, state, id)',
  'create index dead_letter_queue_state on dead_letter (queue, state, id)',
  'create index dead_letter_closed on dead_letter (closed_at) where closed_at is not null',
];
