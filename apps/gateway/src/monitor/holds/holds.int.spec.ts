import { WorkerReported } from '@offload/contracts';
import { eventually } from '@offload/testing';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { aStoredEmail, aStoredImport } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { aBrake, aConsumer, aReport } from '../../../test/monitor-builders.js';

describe('work that is held up', () => {
  const { as, bootstrapKey, db, runtime, url } = gatewayHarness({
    broker: 'holds',
    config: { HEARTBEAT_MS: '60000' },
  });

  const tell = (queue: string, { isPaused }: { isPaused: boolean }): void => {
    const consumers = [aConsumer(queue, isPaused ? { brake: aBrake() } : {})];
    const reportedAt = new Date().toISOString();
    runtime().hint(
      WorkerReported(
        aReport({ instance: `worker-of-${queue}`, consumers, reportedAt, everyMs: 60_000 }),
      ),
    );
  };

  const holdOf = async (path: string): Promise<unknown> => {
    const { body } = await as().get(path).expect(200);
    return (body as { hold: unknown }).hold;
  };

  it('is shown with the reason on imports that have not ended, and on no others', async () => {
    const loading = await aStoredImport(db(), { state: 'loading' });
    const ended = await aStoredImport(db(), { state: 'failed', finishedAt: new Date() });
    const email = await aStoredEmail(db());
    expect(await holdOf(`/v1/imports/${loading.id}`)).toBeNull();

    tell('ingest.load-chunk', { isPaused: true });

    await eventually(async () => {
      expect(await holdOf(`/v1/imports/${loading.id}`)).toMatchObject({
        detail: expect.stringMatching(
          /^Paused since 11:50 UTC: the database does not answer \(57P01\)\./,
        ),
        since: '2026-01-01T11:50:00.000Z',
      });
    });
    expect(await holdOf(`/v1/imports/${ended.id}`)).toBeNull();
    expect(await holdOf(`/v1/emails/${email.id}`)).toBeNull();
    const { body } = await as().get('/v1/imports').expect(200);
    expect(body.data.find(({ id }: { id: string }) => id === loading.id).hold).not.toBeNull();

    tell('ingest.load-chunk', { isPaused: false });
    await eventually(async () => expect(await holdOf(`/v1/imports/${loading.id}`)).toBeNull());
  });

  it('is told to open streams when it begins and ends, and to later ones in the snapshot', async () => {
    const { id } = await aStoredEmail(db());
    const open = await follow(`email:${id}`);
    await eventually(() => expect(namesOf(open)).toEqual(['snapshot']));

    tell('notifier.send-email', { isPaused: true });
    await eventually(() => expect(namesOf(open)).toEqual(['snapshot', 'work-held']));
    const later = await follow(`email:${id}`);
    await eventually(() => expect(namesOf(later)).toEqual(['snapshot']));
    tell('notifier.send-email', { isPaused: false });

    await eventually(() => expect(namesOf(open).at(-1)).toBe('work-resumed'));
    expect(JSON.parse(later[0]?.data ?? '')).toMatchObject({
      data: { id, hold: { since: '2026-01-01T11:50:00.000Z' } },
    });
  });

  const streams = new AbortController();
  afterAll(() => streams.abort());

  const follow = async (topics: string): Promise<EventSourceMessage[]> => {
    const response = await fetch(`${url()}/v1/events?topics=${topics}`, {
      headers: { authorization: `Bearer ${bootstrapKey}` },
      signal: streams.signal,
    });
    const events: EventSourceMessage[] = [];
    void read(response, events);
    return events;
  };
});

async function read(response: Response, events: EventSourceMessage[]): Promise<void> {
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? [])
      parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
  } catch {
    // The spec has ended.
  }
}

function namesOf(events: readonly EventSourceMessage[]): (string | undefined)[] {
  return events.map(({ event }) => event);
}
