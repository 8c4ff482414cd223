import { Logger } from '@nestjs/common';
import { aStoredDeadLetter } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { ForgetClosedLetters } from './forget-closed-letters.js';

const warnings: unknown[] = [];
jest.spyOn(Logger.prototype, 'warn').mockImplementation((entry) => void warnings.push(entry));

describe(ForgetClosedLetters, () => {
  const { app, db } = gatewayHarness({
    config: { DEAD_LETTER_RETENTION_DAYS: '10', INBOX_RETENTION_DAYS: '5' },
  });

  it('deletes what was closed longer ago than configured, and nothing that is open', async () => {
    const old = await Promise.all([stored('resolved', 11), stored('discarded', 11)]);
    const kept = await Promise.all([
      stored('resolved', 9),
      stored('discarded', 9),
      stored('open', 400),
      stored('replaying', 400),
    ]);

    await Promise.all([forget().run(), forget().run()]);

    const rows: { id: string }[] = await db().query(
      'select id from dead_letter where id = any($1::uuid[])',
      [[...old, ...kept]],
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual(kept.toSorted());
  });

  it('leaves one for later that somebody holds', async () => {
    const id = await stored('discarded', 11);

    await db().transaction(async (tx) => {
      await tx.query('select 1 from dead_letter where id = $1 for update', [id]);
      await forget().run();
    });

    const [row]: unknown[] = await db().query('select 1 from dead_letter where id = $1', [id]);
    expect(row).toEqual({ '?column?': 1 });
  });

  it('warns at the start when handled messages are forgotten earlier than dead letters', () => {
    expect(warnings).toContainEqual(
      expect.objectContaining({
        event: 'inbox-shorter-than-dead-letters',
        help: expect.stringContaining('INBOX_RETENTION_DAYS'),
      }),
    );
  });

  const forget = (): ForgetClosedLetters => app().get(ForgetClosedLetters, { strict: false });

  const stored = async (state: string, daysAgo: number): Promise<string> => {
    const id = await aStoredDeadLetter(db());
    await db().query(
      `update dead_letter set state = $2, failed_at = now() - $3 * interval '1 day',
              closed_at = case when $2 in ('resolved', 'discarded')
                          then now() - $3 * interval '1 day' end
        where id = $1`,
      [id, state, daysAgo],
    );
    return id;
  };
});
