import type { DeadLetterSummary, List, ReplayResource } from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { EventReader } from './harness/event-reader.js';
import { listedMetrics } from './harness/metrics-page.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { Scrape } from './harness/scrape.js';
import { stackHarness } from './harness/stack-harness.js';

const services = ['gateway', 'ingest', 'notifier'] as const;

describe('an operator who reads the metrics', () => {
  const running = stackHarness();
  const csv = numberedCsv({ rows: 40_000, badEvery: 8_000 });
  const bytes = Buffer.byteLength(csv.text);
  let scrapes: Record<(typeof services)[number], Scrape>;

  const scrape = (service: (typeof services)[number]): Promise<Scrape> =>
    Scrape.of(running().stack.service(service).url);

  beforeAll(async () => {
    const { api, stack } = running();
    const upload = await api.upload(csv.text, 'people.csv');
    const { id } = await api.startImport({
      upload_id: upload.id,
      dataset: { name: 'people', columns: numberedColumns },
    });
    const reader = new EventReader(stack.apiKey);
    const { closed } = await reader.connect(stack.url, `topics=import:${id}`);
    await closed;
    await sendRefuseAndReplay();
    await api.call('GET', '/v1/nothing-here');
    await eventually(async () => {
      const [gateway, ingest, notifier] = await Promise.all(services.map(scrape));
      if (!gateway || !ingest || !notifier) throw new Error('A service is not there.');
      const isSettled =
        gateway.value('offload_replayed_messages_total', { outcome: 'succeeded' }) === 1 &&
        gateway.value('offload_dead_letters', { state: 'resolved' }) === 1 &&
        gateway.value('offload_outbox_pending') === 0 &&
        // The broker counts a queue that was just made after some seconds only.
        gateway.value('offload_queue_consumers', { queue: 'notifier.send-email' }) !== undefined;
      if (!isSettled) throw new Error('Not everything has been counted yet.');
      scrapes = { gateway, ingest, notifier };
    }, 30_000);
  });

  /** One e-mail is taken; another is refused, becomes a dead letter, and is taken when it is put back. */
  async function sendRefuseAndReplay(): Promise<void> {
    const { api, mail } = running();
    const to = 'nobody@example.test';
    mail.answer(to, { code: 554, text: 'Transaction failed' });
    await api.sendEmail({ to: 'grace@example.test', subject: 'Hello', text: 'Hi.' });
    await api.sendEmail({ to, subject: 'Hello', text: 'Hi.' });
    const letter = await eventually(async () => {
      const { data } = await api.get<List<DeadLetterSummary>>('/v1/dead-letters?state=open');
      const [first] = data;
      if (!first) throw new Error('There is no dead letter yet.');
      return first;
    });
    const { body } = await api.post<ReplayResource>('/v1/replays', {
      filter: { queue: letter.queue },
      incident: 'e2e',
      reason: 'It is mended.',
    });
    await eventually(async () => {
      const replay = await api.get<ReplayResource>(`/v1/replays/${body.id}`);
      expect(replay.state).toBe('completed');
    });
  }

  it.each(services)(
    'finds every metric of %s in the reference, and every one of it served',
    (name) => {
      const listed = listedMetrics(name);
      const served = scrapes[name];

      expect([...served.names].toSorted()).toEqual(listed.map((each) => each.name).toSorted());
      for (const { name: metric, closed } of listed) {
        for (const [label, values] of Object.entries(closed)) {
          expect([...values]).toEqual(
            expect.arrayContaining([...served.labelValues(metric, label)]),
          );
        }
      }
    },
  );

  it('sees what the import has committed', () => {
    const { ingest } = scrapes;
    const rows = 'offload_import_rows_total';

    expect(ingest.value(rows, { result: 'stored' })).toBe(csv.rows);
    expect(ingest.value(rows, { result: 'rejected' })).toBe(csv.rejected);
    expect(ingest.value('offload_imports_ended_total', { outcome: 'completed_with_errors' })).toBe(
      1,
    );
    expect(ingest.value('offload_import_bytes_total')).toBeLessThanOrEqual(bytes);
    expect(ingest.value('offload_import_bytes_total')).toBeGreaterThan(bytes * 0.99);
    expect(ingest.value('offload_import_chunks_total', { path: 'around' })).toBeGreaterThan(0);
    const phases = 'offload_import_phase_duration_seconds_count';
    expect(ingest.value(phases, { phase: 'loading' })).toBe(1);
    expect(ingest.value(phases, { phase: 'waiting' })).toBe(0);
    expect(scrapes.gateway.value('offload_upload_bytes_total')).toBe(bytes);
  });

  it('sees what became of the e-mails, and of the one that was put back', () => {
    const { gateway, notifier } = scrapes;
    const attempts = 'offload_email_attempt_duration_seconds_count';

    expect(notifier.value(attempts, { result: 'sent' })).toBe(2);
    expect(notifier.value(attempts, { result: 'failed' })).toBe(1);
    expect(notifier.value('offload_given_up_total', { queue: 'notifier.send-email' })).toBe(1);
    expect(gateway.value('offload_dead_letters', { state: 'open' })).toBe(0);
    expect(gateway.value('offload_emails')).toBe(0);
  });

  it('sees the stream, with the time to its first byte', () => {
    const { gateway } = scrapes;
    const requests = 'offload_http_request_duration_seconds';
    const stream = { route: '/v1/events', method: 'GET', status: '200' };

    expect(gateway.value('offload_sse_streams_opened_total')).toBe(1);
    expect(gateway.value('offload_sse_streams_closed_total', { reason: 'ended' })).toBe(1);
    expect(gateway.value('offload_sse_events_sent_total')).toBeGreaterThan(0);
    expect(gateway.value('offload_sse_streams')).toBe(0);
    expect(gateway.value(`${requests}_count`, stream)).toBe(1);
  });

  it('sees requests by the template of their route, and every other path as one', () => {
    const requests = 'offload_http_request_duration_seconds';
    const count = (labels: Record<string, string>): number | undefined =>
      scrapes.gateway.value(`${requests}_count`, labels);

    expect(count({ route: '/v1/imports', method: 'POST', status: '202' })).toBe(1);
    expect(count({ route: '/v1/replays/{id}', method: 'GET', status: '200' })).toBeGreaterThan(0);
    expect(count({ route: 'unmatched', method: 'GET', status: '404' })).toBe(1);
    for (const route of scrapes.gateway.labelValues(requests, 'route')) {
      expect(route).toMatch(/^(unmatched|\/[a-z0-9/_{}.-]*)$/);
    }
  });

  it('sees queues, dependencies and the version', () => {
    for (const name of services) {
      const value = (metric: string, labels?: Record<string, string>): number | undefined =>
        scrapes[name].value(metric, labels);
      expect(value('offload_build_info')).toBe(1);
      expect(value('offload_health_up', { check: 'database' })).toBe(1);
      expect(value('offload_broker_connected', { connection: 'publish' })).toBe(1);
      expect(value('offload_relay_published_total', { result: 'failed' })).toBe(0);
    }
    const queue = 'notifier.send-email';
    expect(scrapes.gateway.value('offload_queue_consumers', { queue })).toBe(1);
    expect(scrapes.gateway.value('offload_health_up', { check: 'storage' })).toBe(1);
  });
});
