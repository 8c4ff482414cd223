import { eventually } from '@offload/testing';
import { eventsOf } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';

describe('a replay whose steps fail', () => {
  const gateway = gatewayHarness({ broker: 'failing-steps' });
  const { db } = gateway;
  const worker = replayHarness('failing-steps', gateway);
  const { queue, letters, start, act, until, decides } = worker;

  /** Every step that publishes fails, and is counted; the counter does not roll back. */
  const breakSteps = async (sqlState: string): Promise<void> => {
    await db().query('create sequence failed_steps');
    await db().query(
      `create function fail_step() returns trigger language plpgsql as $$ begin
         perform nextval('failed_steps');
         raise exception 'The wheel is off.' using errcode = '${sqlState}';
       end $$`,
    );
    await db().query(
      `create trigger fail_step before update on replay_item for each row
         when (new.state = 'published' and new.queue = '${queue}') execute function fail_step()`,
    );
  };

  const mendSteps = async (): Promise<void> => {
    await db().query('drop trigger if exists fail_step on replay_item');
    await db().query('drop function if exists fail_step');
    await db().query('drop sequence if exists failed_steps');
  };

  afterEach(mendSteps);

  it('pauses and says why, and goes on when it is resumed', async () => {
    const ids = await letters(3);
    decides(() => 'handled');
    await breakSteps('23505');

    const { id } = await start({ ids });
    const paused = await until(id, { state: 'paused' });
    await mendSteps();
    await act(id, 'resumptions').expect(200);
    await until(id, { state: 'completed', counts: { succeeded: 3 } });

    expect(paused).toMatchObject({
      counts: { claimed: 3, published: 0 },
      pause: {
        code: 'step_failed',
        detail: 'A step of the replay failed 5 times in a row: The wheel is off.',
      },
    });
    expect((await eventsOf(db(), `replay:${id}`)).map(({ type }) => type)).toContain(
      'replay-paused',
    );
    const operations: unknown[] = await db().query(
      `select key_id, reason, details from audit_operation
        where target = $1 and action = 'replay.pause'`,
      [`replay:${id}`],
    );
    expect(operations).toEqual([
      { key_id: null, reason: paused.pause?.detail, details: { code: 'step_failed' } },
    ]);
  });

  it('goes on by itself when only the database was away', async () => {
    const ids = await letters(2);
    decides(() => 'handled');
    await breakSteps('57P01');

    const { id } = await start({ ids });
    await eventually(async () => {
      const [row]: { last_value: string }[] = await db().query(
        'select last_value from failed_steps',
      );
      expect(Number(row?.last_value)).toBeGreaterThan(7);
    });
    const meanwhile = await worker.getReplay(id);
    await mendSteps();
    await until(id, { state: 'completed', counts: { succeeded: 2 } });

    expect(meanwhile).toMatchObject({ state: 'running', pause: null });
  });
});
