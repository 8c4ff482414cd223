import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReplays1795000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table replay_outcome, replay_item, replay');
  }
}

const statements = [
  `create table replay (
     id uuid primary key,
     tenant_id uuid not null,
     key_id uuid not null,
     incident text not null,
     reason text not null,
     selection jsonb not null,
     is_edited boolean not null default false,
     state text not null check (state in ('running', 'paused', 'completed', 'aborted')),
     stage text not null default 'canary' check (stage in ('canary', 'ramp', 'steady')),
     pace jsonb not null,
     -- Where its messages go; '' stands for those that no queue wanted.
     queues text[] not null,
     total int not null,
     claimed int not null,
     published int not null default 0,
     succeeded int not null default 0,
     failed_again int not null default 0,
     expired int not null default 0,
     skipped int not null,
     -- The batch that is being published, from 1: how many messages it may have, has, and has heard of.
     batch int not null default 1,
     batch_size int not null,
     batch_published int not null default 0,
     batch_known int not null default 0,
     -- The first batch since it was started or resumed; older ones do not count for the failure rule.
     first_batch int not null default 1,
     -- The latest outcomes since then, oldest first: s for succeeded, f for failed again or expired.
     recent text not null default '',
     -- The token bucket of the rate: what may be published at once, as of when.
     tokens double precision not null default 0,
     tokens_at timestamptz not null default now(),
     pause jsonb,
     waiting text,
     created_at timestamptz not null default now(),
     started_at timestamptz not null default now(),
     -- When what people see of it changed last, and when they were told last.
     changed_at timestamptz not null default now(),
     told_at timestamptz not null default now(),
     finished_at timestamptz
   )`,
  'create index replay_unfinished on replay (id) where finished_at is null',
  `create table replay_item (
     id uuid primary key,
     replay_id uuid not null references replay,
     position int not null,
     dead_letter_id uuid not null,
     -- '' for a message that no queue wanted.
     queue text not null,
     -- The id under which it is published: the original's, or the copy's own.
     message_id text,
     -- Of an edited copy.
     edited_body bytea,
     diff jsonb,
     state text not null check (state in
       ('claimed', 'published', 'succeeded', 'failed_again', 'expired', 'skipped')),
     batch int,
     outcome_code text,
     outcome_detail text,
     -- The dead letter that it became when it failed again.
     failed_as uuid,
     published_at timestamptz,
     settled_at timestamptz,
     unique (replay_id, position)
   )`,
  // One open replay for each message: two operators at once cannot double it.
  `create unique index replay_item_open on replay_item (dead_letter_id)
     where state in ('claimed', 'published')`,
  `create index replay_item_claimed on replay_item (replay_id, queue, position)
     where state = 'claimed'`,
  `create index replay_item_published on replay_item (replay_id, published_at)
     where state = 'published'`,
  'create index replay_item_state on replay_item (replay_id, state, position)',
  'create index replay_item_dead_letter on replay_item (dead_letter_id, id)',
  // Of which nothing was heard in time: by it a message is found that may still be handled.
  `create index replay_item_expired on replay_item (message_id, queue) where state = 'expired'`,
  // What the runner has not counted yet. Those who settle only add; so they never wait for the replay.
  `create table replay_outcome (
     id bigint generated always as identity primary key,
     replay_id uuid not null,
     batch int not null,
     was text not null,
     state text not null
   )`,
  'create index replay_outcome_replay on replay_outcome (replay_id, id)',
];
