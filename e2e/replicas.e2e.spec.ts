import type { ImportResource, Ticket } from '@offload/contracts/http';
import type { ServiceProcess } from '../scripts/lib/service-process.mts';
import { eventually } from '../libs/testing/src/eventually.js';
import { ApiClient } from './harness/api-client.js';
import { count } from './harness/database.js';
import { EventReader } from './harness/event-reader.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { stackHarness } from './harness/stack-harness.js';

describe('two gateways side by side', () => {
  const running = stackHarness();
  let second: ServiceProcess;
  let secondApi: ApiClient;

  beforeAll(async () => {
    const { stack } = running();
    second = await stack.startReplica('gateway');
    secondApi = new ApiClient(() => second.url, stack.apiKey);
  });

  it('make one import of a request that reaches both at the same time', async () => {
    const { api, db } = running();
    const upload = await api.upload(numberedCsv({ rows: 10 }).text);
    const body = { upload_id: upload.id, dataset: { name: 'once', columns: numberedColumns } };
    const headers = { 'idempotency-key': 'the-same-import' };
    const post = (to: ApiClient) => to.post<ImportResource>('/v1/imports', body, headers);

    const together = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(index % 2 ? api : secondApi)),
    );
    const later = await post(secondApi);

    await eventually(async () => {
      expect((await api.getImport(later.body.id)).state).toBe('completed');
    });

    // Whoever comes while the first is at work is asked to come again.
    const answered = together.filter(({ status }) => status !== 409);
    expect(new Set([...answered, later].map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set([...answered, later].map(({ body: { id } }) => id)).size).toBe(1);
    expect(later.headers.get('idempotency-replayed')).toBe('true');
    expect(
      await count(db, 'select count(*) from gateway.import where upload_id = $1', [upload.id]),
    ).toBe(1);
  });

  it('let a ticket open one stream, whichever of them is asked', async () => {
    const { api, stack } = running();
    const { body } = await api.post<Ticket>('/v1/events/tickets', { topics: ['import:*'] });
    const first = new EventReader(undefined);
    const other = new EventReader(undefined);

    const opened = await first.connect(second.url, `ticket=${body.ticket}`);
    const refused = await other.connect(stack.url, `ticket=${body.ticket}`);
    first.disconnect();

    expect([opened.status, refused.status]).toEqual([200, 410]);
  });

  it('show every event once and in order to a client whose gateway dies under it', async () => {
    const { api, stack, db } = running();
    const upload = await api.upload(numberedCsv({ rows: 20_000 }).text);
    const from = await count(db, 'select max(sequence) from gateway.event');
    const reader = new EventReader(stack.apiKey);
    const topics = 'topics=import:*,email:*';
    const broken = await reader.connect(second.url, topics);

    const accepted = Array.from({ length: 80 }, (_, index) =>
      api.sendEmail({ to: `r${index}@example.test`, subject: `No. ${index}`, text: 'News' }),
    );
    const run = await api.startImport({
      upload_id: upload.id,
      dataset: { name: 'followed', columns: numberedColumns },
    });
    await eventually(() => expect(reader.events.length).toBeGreaterThan(10));
    await second.kill();
    expect(await broken.closed).toBe(false);
    const seenBefore = reader.events.length;
    const resumed = await reader.connect(stack.url, topics);
    const emails = await Promise.all(accepted);

    const ends = [...emails.map(({ id }) => `email:${id}`), `import:${run.id}`];
    const stored = await eventually(async () => {
      const { rows } = await db.query<{ sequence: string; type: string; topic: string }>(
        'select sequence, type, topic from gateway.event where sequence > $1 order by sequence',
        [from],
      );
      const ended = rows.filter(({ type }) => /-(sent|completed)$/.test(type));
      expect(ended.map(({ topic }) => topic).toSorted()).toEqual(ends.toSorted());
      expect(reader.lastEventId).toBe(rows.at(-1)?.sequence);
      return rows;
    }, 60_000);
    reader.disconnect();
    expect(resumed.status).toBe(200);
    expect(seenBefore).toBeLessThan(stored.length);
    expect(reader.events.map(({ id, name, topic }) => [id, name, topic])).toEqual(
      stored.map(({ sequence, type, topic }) => [sequence, type, topic]),
    );
  });
});
