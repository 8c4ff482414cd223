import { eventually } from '@offload/testing';
import { v7 } from 'uuid';
import { eventsHarness, follow, received, type StreamClient } from './events-harness.js';
import { recordEvent } from './record-event.js';
import { StreamTickets } from './stream-tickets.js';

describe('the event stream', () => {
  const ended = new Set<string>();
  const { db, startReplica } = eventsHarness((id) =>
    id === 'unknown' ? undefined : { data: { id }, hasEnded: ended.has(id) },
  );

  const record = async (
    tenantId: string,
    id: string,
    step: number,
    options: { endsTopic?: boolean; delayMs?: number } = {},
  ): Promise<void> => {
    await db().transaction(async (tx) => {
      const endsTopic = options.endsTopic ?? false;
      await recordEvent(tx, {
        tenantId,
        topic: `import:${id}`,
        type: 'import-progressed',
        data: { step },
        endsTopic,
      });
      if (options.delayMs) await tx.query('select pg_sleep($1)', [options.delayMs / 1000]);
    });
  };
  it('begins with a snapshot and goes on with news', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const client = await follow(replica, `import:${id}`);
    await received(client, 1);

    await record(tenant, id, 1);
    replica.sequencer.nudge();

    const events = await received(client, 2);
    expect(events.map(({ event }) => event)).toEqual(['snapshot', 'import-progressed']);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({
      topic: `import:${id}`,
      data: { id },
    });
  });

  it('sends every event once and in order, whatever order they were committed in', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const client = await follow(replica, `import:${id}`);
    await received(client, 1);

    const steps = Array.from({ length: 120 }, (_, step) => step);
    await Promise.all(
      steps.map(async (step) => {
        await record(tenant, id, step, { delayMs: (step * 37) % 60 });
        replica.sequencer.nudge();
      }),
    );

    const events = await received(client, 121);
    const ids = events.slice(1).map((event) => Number(event.id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(120);
    expect(stepsOf(events).toSorted((a, b) => a - b)).toEqual(steps);
  });

  it('resumes on another replica after the last event the client saw', async () => {
    const [tenant, id] = [v7(), v7()];
    const [first, second] = [await startReplica(tenant), await startReplica(tenant)];
    const before = await follow(first, `import:${id}`);
    await received(before, 1);
    await record(tenant, id, 1);
    first.sequencer.nudge();
    await received(before, 2);
    before.disconnect();
    await record(tenant, id, 2);
    first.sequencer.nudge();

    const after = await follow(second, `import:${id}`, before.events.at(-1)?.id);
    await record(tenant, id, 3);
    first.sequencer.nudge();

    expect(stepsOf(await received(after, 2))).toEqual([2, 3]);
  });

  it('sends its clients on when its replica stops, and those who had seen nothing yet miss nothing', async () => {
    const [tenant, id] = [v7(), v7()];
    const [first, second] = [await startReplica(tenant), await startReplica(tenant)];
    const one = await follow(first, `import:${id}`);
    const all = await follow(first, 'import:*');
    await eventually(() => expect(first.hub.size).toBe(2));
    await received(one, 1);
    await eventually(() => expect(all.lastEventId).toBeDefined());

    first.shutdown.leave(0);
    await Promise.all([one.ended, all.ended]);
    await record(tenant, id, 1);
    second.sequencer.nudge();
    const [oneAgain, allAgain] = [
      await follow(second, `import:${id}`, one.lastEventId),
      await follow(second, 'import:*', all.lastEventId),
    ];

    expect(one.retryMs).not.toBe(3000);
    expect(all.retryMs).not.toBe(one.retryMs);
    expect(stepsOf(await received(oneAgain, 1))).toEqual([1]);
    expect(stepsOf(await received(allAgain, 1))).toEqual([1]);
  });

  it('ends when its topics have ended, and answers the next connection with 204', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const client = await follow(replica, `import:${id}`);
    await received(client, 1);

    await record(tenant, id, 1, { endsTopic: true });
    ended.add(id);
    replica.sequencer.nudge();
    await client.ended;

    expect(client.events.map(({ event }) => event)).toEqual([
      'snapshot',
      'import-progressed',
      'end',
    ]);
    const again = await follow(replica, `import:${id}`, client.events[1]?.id);
    expect(again.status).toBe(204);
  });

  it('goes on when a topic that has ended is opened again, for new clients and for those who come back', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    await record(tenant, id, 1, { endsTopic: true });
    ended.add(id);
    replica.sequencer.nudge();
    const before = await follow(replica, `import:${id}`, '0');
    await before.ended;
    const seen = before.events.find(({ event }) => event === 'import-progressed')?.id ?? '';
    expect((await follow(replica, `import:${id}`, seen)).status).toBe(204);

    ended.delete(id);
    await record(tenant, id, 2);
    replica.sequencer.nudge();
    const returning = await follow(replica, `import:${id}`, seen);
    const fresh = await follow(replica, `import:${id}`);
    await received(returning, 1);
    await received(fresh, 1);
    await record(tenant, id, 3, { endsTopic: true });
    ended.add(id);
    replica.sequencer.nudge();
    await Promise.all([returning.ended, fresh.ended]);

    expect(stepsOf(returning.events)).toEqual([2, 3]);
    expect(namesOf(returning).at(-1)).toBe('end');
    expect(stepsOf(fresh.events).at(-1)).toBe(3);
    expect(namesOf(fresh)[0]).toBe('snapshot');
    expect((await follow(replica, `import:${id}`, returning.events.at(-2)?.id)).status).toBe(204);
  });

  it('does not say 204 while the last event is committed but not sent', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const client = await follow(replica, `import:${id}`);
    const [snapshot] = await received(client, 1);
    client.disconnect();
    await record(tenant, id, 1, { endsTopic: true });
    ended.add(id);

    const again = await follow(replica, `import:${id}`, snapshot?.id ?? '0');
    replica.sequencer.nudge();
    await again.ended;

    expect(again.status).toBe(200);
    expect(stepsOf(again.events)).toEqual([1]);
  });

  it('says reset and sends a snapshot when the missed events are no longer known', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);

    const client = await follow(replica, `import:${id}`, '999999999');

    expect((await received(client, 2)).map(({ event }) => event)).toEqual(['reset', 'snapshot']);
  });

  it('keeps tenants apart, also under a wildcard', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const client = await follow(replica, 'import:*');

    await record(v7(), id, 1);
    await record(tenant, id, 2);
    replica.sequencer.nudge();

    expect(stepsOf(await received(client, 1))).toEqual([2]);
  });

  it('forgets a client that has gone', async () => {
    const replica = await startReplica(v7());
    const client = await follow(replica, `import:${v7()}`);
    await received(client, 1);
    expect(replica.hub.size).toBe(1);

    client.disconnect();

    await client.ended;
    await eventually(() => expect(replica.hub.size).toBe(0));
  });

  it('tells that work is held up, and that it goes on, to those who follow that kind', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    const one = await follow(replica, `import:${id}`);
    const all = await follow(replica, 'import:*');
    const others = await follow(replica, 'email:*');
    await received(one, 1);
    await eventually(() => expect(replica.hub.size).toBe(3));

    replica.holds.set('import', aHold);
    replica.holds.set('import', { ...aHold });
    await received(one, 2);
    // One that is still opening is told of the hold when it is open.
    await received(all, 1);
    replica.holds.set('import', null);

    await received(one, 3);
    await received(all, 2);
    expect(namesOf(one)).toEqual(['snapshot', 'work-held', 'work-resumed']);
    expect(namesOf(all)).toEqual(['work-held', 'work-resumed']);
    expect(namesOf(others)).toEqual([]);
    expect(one.events[1]?.id).toBeUndefined();
    expect(JSON.parse(one.events[1]?.data ?? '')).toMatchObject({
      topic: 'import:*',
      data: { hold: aHold },
    });
  });

  it('tells a stream that opens without a snapshot what holds work up already', async () => {
    const [tenant, id] = [v7(), v7()];
    const replica = await startReplica(tenant);
    await record(tenant, id, 1);
    replica.sequencer.nudge();
    const first = await follow(replica, `import:${id}`);
    const [snapshot] = await received(first, 1);
    replica.holds.set('import', aHold);

    const comesBack = await follow(replica, `import:${id}`, snapshot?.id);
    const followsAll = await follow(replica, 'import:*');
    const startsNow = await follow(replica, `import:${id}`);

    await received(comesBack, 1);
    await received(followsAll, 1);
    await received(startsNow, 1);
    expect(namesOf(comesBack)).toContain('work-held');
    expect(namesOf(followsAll)).toContain('work-held');
    expect(namesOf(startsNow)).not.toContain('work-held');
  });

  it('does not tell those whose work has ended', async () => {
    const [tenant, id, going] = [v7(), v7(), v7()];
    ended.add(id);
    const replica = await startReplica(tenant);
    const client = await follow(replica, `import:${id},email:*`);
    const mixed = await follow(replica, `import:${id},import:${going}`);
    await eventually(() => expect(replica.hub.size).toBeGreaterThan(0));

    replica.holds.set('import', aHold);

    await eventually(() => expect(namesOf(mixed)).toContain('work-held'));
    expect(namesOf(client)).not.toContain('work-held');
  });

  it('opens one stream with a ticket, and no second one', async () => {
    const tickets = new StreamTickets(db());
    const holder = { tenantId: v7(), topics: ['import:*'] };
    const { ticket } = await tickets.issue(holder);

    expect(await tickets.redeem(ticket)).toEqual(holder);
    await expect(tickets.redeem(ticket)).rejects.toMatchObject({ code: 'ticket_used' });
  });
});

const aHold = {
  detail: 'Paused since 12:03 UTC: the database does not answer.',
  since: '2026-01-01T12:03:00.000Z',
  next_try_at: '2026-01-01T12:04:00.000Z',
};

function namesOf({ events }: StreamClient): (string | undefined)[] {
  return events.map(({ event }) => event);
}

/** The steps that a client was told of, in order. */
function stepsOf(events: { event?: string | undefined; data: string }[]): number[] {
  return events.flatMap(({ event, data }) =>
    event === 'import-progressed'
      ? [(JSON.parse(data) as { data: { step: number } }).data.step]
      : [],
  );
}
