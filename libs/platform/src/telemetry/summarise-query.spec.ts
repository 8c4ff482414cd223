import { summariseQuery } from './summarise-query.js';

describe(summariseQuery.name, () => {
  it.each([
    ['START TRANSACTION', 'START TRANSACTION'],
    ['commit', 'COMMIT'],
    ['rollback to savepoint copy_rows', 'ROLLBACK TO SAVEPOINT'],
    ['insert into inbox_message (message_id) values ($1)', 'INSERT inbox_message'],
    [
      'SELECT "Email"."id" FROM "notifier"."email" "Email" WHERE ("Email"."id" = $1)',
      'SELECT email',
    ],
    ['select extract(epoch from created_at) from import where id = $1', 'SELECT import'],
    [
      "with unhurried as (select set_config('a', 'b', true)) update outbox_message set x = 1",
      'UPDATE outbox_message',
    ],
    ['with latest as (select * from event) select * from latest', 'SELECT event'],
    ['select pg_advisory_xact_lock(1)', 'SELECT'],
    ['copy "data"."customers" from stdin', 'COPY'],
  ])('takes %j for %j', (text, summary) => {
    expect(summariseQuery(text)).toBe(summary);
  });

  it('names no table of one import or dataset, of which there are ever more', () => {
    expect(summariseQuery('select * from staging_0198d0e4 where row > $1')).toBe('SELECT');
  });

  it('keeps what a comment says out', () => {
    expect(summariseQuery('-- from elsewhere\n delete from event where id = 1')).toBe(
      'DELETE event',
    );
  });
});
