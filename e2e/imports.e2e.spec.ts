import type { ImportProgress, ImportResource, UploadResource } from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { holdingsExpected, holdingsOf, ledgerOf } from './harness/database.js';
import { EventReader } from './harness/event-reader.js';
import { logLines } from './harness/log-lines.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { stackHarness } from './harness/stack-harness.js';

describe('a person who imports a file', () => {
  const running = stackHarness();
  const csv = numberedCsv({ rows: 400_000, badEvery: 50_000 });
  const requestId = 'e2e-import-request';
  const recipient = 'ada@example.test';
  let accepted: ImportResource;
  let reader: EventReader;

  beforeAll(async () => {
    const { api, stack } = running();
    const upload = await api.upload(csv.text, 'people.csv');
    accepted = await api.startImport(
      {
        upload_id: upload.id,
        dataset: { name: 'people', columns: numberedColumns },
        notify: { email: recipient },
      },
      { 'x-request-id': requestId },
    );
    reader = new EventReader(stack.apiKey, ({ data }) => loadedWhenTold.push(ledgerAt(data)));
    const { closed } = await reader.connect(stack.url, `topics=import:${accepted.id}`);
    await closed;
  });

  /** For each event: the rows it told of, and the rows that were committed when it arrived. */
  const loadedWhenTold: Promise<{ told: number; committed: number }>[] = [];
  const ledgerAt = async (data: unknown): Promise<{ told: number; committed: number }> => {
    const { rows } = await ledgerOf(running().db, accepted.id);
    return { told: progressIn(data)?.rows_loaded ?? 0, committed: rows };
  };

  it('is answered at once', () => {
    expect(accepted).toMatchObject({ object: 'import', state: 'queued', summary: null });
  });

  it('sees progress that only grows, reaches 100 at the end, and is never ahead of the rows', async () => {
    const progress = reader.events.flatMap(({ data }) => progressIn(data) ?? []);
    const percents = progress.map(({ percent }) => percent);

    expect(progress.length).toBeGreaterThan(2);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.filter((percent) => percent === 100)).toHaveLength(1);
    expect(percents.at(-1)).toBe(100);
    for (const { told, committed } of await Promise.all(loadedWhenTold)) {
      expect(told).toBeLessThanOrEqual(committed);
    }
  });

  it('is told the end, and on coming back that nothing follows', async () => {
    const names = reader.events.map(({ name }) => name);
    const again = await reader.connect(running().stack.url, `topics=import:${accepted.id}`);

    expect(names.slice(-2)).toEqual(['import-completed', 'end']);
    expect(again.status).toBe(204);
  });

  it('reads how it went', async () => {
    const shown = await running().api.getImport(accepted.id);

    expect(shown).toMatchObject({
      state: 'completed_with_errors',
      progress: { percent: 100, rows_loaded: csv.rows, rows_rejected: csv.rejected },
      rejections: [{ column: 'amount', rows: csv.rejected, first_line: expect.any(Number) }],
    });
    expect(shown.summary).toContain('399,992 rows of “people.csv” were loaded into people');
  });

  it('finds exactly the rows of the file in a typed table', async () => {
    expect(await holdingsOf(running().db, 'people')).toEqual(holdingsExpected(csv));
  });

  it('gets an e-mail that says how many rows were loaded and how many were rejected', async () => {
    const [mail] = await eventually(() => {
      const taken = running().mail.takenFor(recipient);
      expect(taken).toHaveLength(1);
      return taken;
    });

    expect(mail?.subject).toBe('Import of people.csv: 399,992 rows loaded, 8 rows rejected');
    expect(mail?.text).toContain('The most frequent reasons:');
  });

  it('can be followed by the id of the request through the logs of all services, up to the mail', () => {
    const { stack } = running();
    const marked = (['gateway', 'ingest', 'notifier'] as const).flatMap((service) =>
      logLines(stack.service(service)).filter((line) => line.correlationId === requestId),
    );
    const steps = new Set(marked.map(({ event, queue }) => queue ?? event));

    expect([...steps]).toEqual(
      expect.arrayContaining([
        'request',
        'ingest.start-import',
        'ingest.load-chunk',
        'gateway.track-import-completed',
        'notifier.tell-import-completed',
        'notifier.send-email',
      ]),
    );
  });

  it('can send the file as a form, and read all of it back page by page', async () => {
    const { api } = running();
    const small = numberedCsv({ rows: 230 });
    const form = new FormData();
    form.append('file', new Blob([small.text], { type: 'text/csv' }), 'small.csv');
    const upload = await api.call<UploadResource>('POST', '/v1/uploads', { body: form });
    const { id } = await api.startImport({
      upload_id: upload.body.id,
      dataset: { name: 'small', columns: numberedColumns },
    });
    await eventually(async () => expect((await api.getImport(id)).state).toBe('completed'));

    const rows = await api.allRows('small');

    expect(upload.status).toBe(201);
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
    expect(rows[10]).toMatchObject({
      _import_id: id,
      n: 11,
      name: 'Zoë Ångström 11',
      amount: '87109.11',
      born: '1961-03-21',
      is_active: false,
      note: 'Said "yes", twice',
    });
  });
});

function progressIn(data: unknown): ImportProgress | undefined {
  return (data as { progress?: ImportProgress } | undefined)?.progress;
}
