import { eventually } from '@offload/testing';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';
import { startReplay } from './start-replay.js';

describe(startReplay, () => {
  const gateway = gatewayHarness({ broker: 'start-replay' });
  const { as, db } = gateway;
  const worker = replayHarness('start-replay', gateway);
  const { queue, letters, start, until, items, stateOf, decides } = worker;

  const ask = (request: object) =>
    as()
      .post('/v1/replays')
      .send({ incident: 'spec', reason: 'It is mended.', ...request });

  it('counts what it freezes, and not what was there when it looked', async () => {
    const [first = ''] = await letters(1, { failure: { code: 'spec.more' } });
    const blocker = db().createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('lock table replay in share mode');

    const asked = Promise.resolve(
      ask({ filter: { queue, code: 'spec.more' }, expected_count: 1 }).then((answer) => answer),
    );
    await eventually(async () => {
      const waiting: unknown[] = await db().query(
        `select from pg_locks where not granted and relation = 'replay'::regclass`,
      );
      expect(waiting).not.toHaveLength(0);
    });
    const [second = ''] = await letters(1, { failure: { code: 'spec.more' } });
    await blocker.commitTransaction();
    await blocker.release();
    const { status, body } = await asked;

    expect([status, body.code]).toEqual([409, 'invalid_state']);
    expect(body.detail).toBe(
      '2 dead letters match by now; expected were at most 1. Nothing was done.',
    );
    expect([await stateOf(first), await stateOf(second)]).toEqual(['open', 'open']);
  });

  it('takes the count that the preview shows, also where it leaves some alone', async () => {
    const [old] = await letters(2, { failure: { code: 'spec.some-old' } });
    await db().query(
      `update dead_letter set first_failed_at = now() - interval '61 days' where id = $1`,
      [old],
    );
    const filter = { queue, code: 'spec.some-old' };
    const { body: preview } = await ask({ filter, dry_run: true }).expect(200);

    const { id } = await start({ filter, expected_count: preview.count });

    await until(id, { state: 'completed', counts: { succeeded: 1, skipped: 1 } });
    expect(preview.count).toBe(1);
  });

  it('leaves alone what could not be sent', async () => {
    const addresses = [
      { exchange: '', routingKey: '' },
      { exchange: 'spec.gone', routingKey: queue },
      { exchange: 'offload.retry', routingKey: queue },
      { exchange: 'offload.commands', routingKey: 'é'.repeat(128) },
    ];
    const unsendable: string[] = [];
    for (const address of addresses) unsendable.push(...(await letters(1, { address })));
    const [good = ''] = await letters(1);
    decides(() => 'handled');

    const { id } = await start({ ids: [...unsendable, good] });
    await until(id, { state: 'completed', counts: { succeeded: 1, skipped: 4 } });

    expect(await items(id, '&state=skipped')).toMatchObject(
      addresses.map(() => ({ outcome: { code: 'unusable_message' } })),
    );
    expect(await Promise.all(unsendable.map(stateOf))).toEqual(addresses.map(() => 'open'));
  });
});
