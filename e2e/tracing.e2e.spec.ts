import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { EmailResource } from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { inRepository } from '../scripts/lib/repository.mts';
import { SERVICES } from '../scripts/lib/services.mts';
import { Collector } from '../scripts/lib/trace/collector.mts';
import type { CollectedSpan } from '../scripts/lib/trace/read-spans.mts';
import { type LogLine, logLines } from './harness/log-lines.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { stackHarness, type TestStack } from './harness/stack-harness.js';
import { suiteEndings } from './harness/suite-endings.js';

/** What a client sends that traces itself. */
const client = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${client.traceId}-${client.spanId}-01`;

describe('an operator who has named a collector', () => {
  const whenDone = suiteEndings();
  let collector: Collector;
  beforeAll(async () => {
    collector = await Collector.start();
    whenDone(() => collector.stop());
  });
  const running = stackHarness({
    env: () => tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
  });

  /** A trace once it is whole enough. */
  const traceWith = (traceId: string, ...names: string[]): Promise<CollectedSpan[]> =>
    eventually(() => {
      const spans = collector.trace(traceId);
      expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
      return spans;
    }, 30_000);

  it('sees one import as one trace through three services, to the e-mail at its end', async () => {
    const { api, mail } = running();
    const recipient = 'ada@example.test';
    const csv = numberedCsv({ rows: 60_000, badEvery: 20_000 });
    const { id: uploadId } = await api.upload(csv.text, 'people.csv');

    await api.startImport(
      {
        upload_id: uploadId,
        dataset: { name: 'people', columns: numberedColumns },
        notify: { email: recipient },
      },
      { traceparent },
    );
    await eventually(() => expect(mail.takenFor(recipient)).toHaveLength(1), 30_000);

    const spans = await traceWith(
      client.traceId,
      'publish offload.events:notifier.email-sent.v1',
      'process offload.events:notifier.email-sent.v1:gateway.track-email-sent',
      'process offload.events:ingest.import-completed.v1:gateway.track-import-completed',
    );
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['offload-gateway', 'offload-ingest', 'offload-notifier']),
    );
    const known = new Set([client.spanId, ...spans.map(({ spanId }) => spanId)]);
    expect(spans.filter(({ parentId = '' }) => !known.has(parentId))).toEqual([]);
    expect(spans.filter(({ parentId }) => parentId === client.spanId)).toMatchObject([
      { name: 'POST /v1/imports', kind: 'server', attributes: { 'http.route': '/v1/imports' } },
    ]);
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['outbox-insert', 'inbox-insert', 'COPY', 'COMMIT', 'storage open']),
    );
    expect(spans.find(({ name }) => name === 'SMTP send')).toMatchObject({
      kind: 'client',
      attributes: { 'offload.mail.verdict': 'taken' },
    });
    // Neither rows nor people: traces are kept by others than the data are.
    const told = JSON.stringify(spans, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(told).not.toContain(recipient);
    expect(told).not.toContain('invalid input syntax');
  });

  it('sees each try of an e-mail as a step under the same sending', async () => {
    const { api, mail } = running();
    const to = 'later@example.test';
    mail.answer(to, { code: 451, text: 'Greylisted, come again' });

    const { headers } = await api.post<EmailResource>('/v1/emails', anEmail(to));
    await eventually(() => expect(mail.takenFor(to)).toHaveLength(1));

    const traceId = traceOf(headers);
    const spans = await traceWith(
      traceId,
      'process offload.events:notifier.email-sent.v1:gateway.track-email-sent',
    );
    const tries = spans.filter(
      ({ name, attributes }) =>
        name.startsWith('process ') && attributes['offload.queue'] === 'notifier.send-email',
    );
    expect(tries).toMatchObject([
      {
        attributes: { 'offload.attempt': 1, 'offload.outcome': 'retry' },
        exceptions: ['notifier.relay-deferred'],
        hasFailed: true,
      },
      { attributes: { 'offload.attempt': 2, 'offload.outcome': 'handled' }, hasFailed: false },
    ]);
    expect(new Set(tries.map(({ parentId }) => parentId)).size).toBe(1);
  });

  it('finds what was put back in a trace of its own that names the one in which it failed', async () => {
    const { api, mail } = running();
    const to = 'refused@example.test';
    mail.answer(to, { code: 550, text: 'No such mailbox' });
    const { headers, body } = await api.post<EmailResource>('/v1/emails', anEmail(to));
    const letterId = await deadLetterAbout(running(), body.id);

    await api.post(`/v1/dead-letters/${letterId}/replays`, { reason: 'The mailbox is there.' });
    await eventually(() => expect(mail.takenFor(to)).toHaveLength(1));

    const [again] = await eventually(() => {
      const linked = collector.spans.filter(
        ({ name, links }) => name.startsWith('process ') && links.includes(traceOf(headers)),
      );
      expect(linked).toHaveLength(1);
      return linked;
    });
    expect(again?.traceId).not.toBe(traceOf(headers));
    expect(again?.attributes).toMatchObject({
      'offload.queue': 'notifier.send-email',
      'offload.outcome': 'handled',
    });
  });

  it('finds the trace in the log lines of each service', async () => {
    const { stack } = running();
    const traced = (service: (typeof SERVICES)[number], event: string): number =>
      logLines(stack.service(service)).filter(
        (line) => line.event === event && line.trace_id === client.traceId && line.span_id,
      ).length;

    expect(traced('gateway', 'request')).toBe(1);
    for (const service of SERVICES) {
      expect(traced(service, 'delivery')).toBeGreaterThan(0);
      expect(loaded(logLines(stack.service(service)))).toContain('@opentelemetry/sdk-trace');
    }
  });

  it('has no trace of what looks around by itself, of health checks or of metrics', async () => {
    const { api } = running();
    const { headers } = await api.call('GET', '/health/ready');
    await api.call('GET', '/health/live');

    expect(headers.get('traceresponse')).toBeNull();
    const roots = collector.spans.filter(({ parentId }) => parentId === undefined);
    expect(roots.length).toBeGreaterThan(0);
    expect(roots.filter(({ kind }) => kind !== 'server' && kind !== 'producer')).toEqual([]);
    expect(roots.filter(({ name }) => name.includes('health'))).toEqual([]);
  });
});

describe('an operator who has named none', () => {
  const running = stackHarness({ env: tracing({}) });

  it('has nothing of OpenTelemetry loaded that records, and no trace invented', async () => {
    const { api, mail, stack } = running();
    const to = 'untraced@example.test';

    const { headers } = await api.post('/v1/emails', anEmail(to));
    await eventually(() => expect(mail.takenFor(to)).toHaveLength(1));

    expect(headers.get('traceresponse')).toBeNull();
    for (const service of SERVICES) {
      const lines = logLines(stack.service(service));
      // The metrics' library asks OpenTelemetry's API, which is small and does nothing by itself.
      expect(loaded(lines)).toEqual(['@opentelemetry/api']);
      expect(lines.filter(({ trace_id: id }) => id !== undefined)).toEqual([]);
    }
  });

  it('finds the trace of a client that traces itself in every service', async () => {
    const { api, stack } = running();

    await api.sendEmail(anEmail('traced@example.test'), { traceparent });

    await eventually(() => {
      const lines = SERVICES.flatMap((service) => logLines(stack.service(service)));
      const traced = lines.filter((line) => line.trace_id === client.traceId);
      expect(new Set(traced.map(({ event, queue }) => queue ?? event))).toEqual(
        new Set(['request', 'notifier.send-email', 'gateway.track-email-sent']),
      );
    });
  });
});

describe('an operator whose collector takes everything and answers nothing', () => {
  const whenDone = suiteEndings();
  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    whenDone(async () => void silent.close());
  });
  const running = stackHarness({
    env: () =>
      tracing({
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(silent)}`,
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      }),
  });

  it('loses traces and nothing else, is told so once, and can stop the services in time', async () => {
    const { api, mail, stack } = running();
    const recipients = Array.from({ length: 20 }, (_, index) => `silent-${index}@example.test`);

    for (const to of recipients) await api.sendEmail(anEmail(to));
    await eventually(() => {
      for (const to of recipients) expect(mail.takenFor(to)).toHaveLength(1);
    });
    const gateway = stack.service('gateway');
    const complaints = await eventually(() => {
      const found = logLines(gateway).filter(({ event }) => event === 'trace-export');
      expect(found).not.toEqual([]);
      return found;
    });
    expect(complaints).toHaveLength(1);

    // It is killed when it is not gone in time.
    expect(await gateway.stop()).not.toMatchObject({ signal: 'SIGKILL' });
  });
});

/** Settings of every service, which tell in their logs what they load. */
function tracing(settings: Record<string, string>): Record<string, Record<string, string>> {
  const env = {
    ...settings,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    NODE_OPTIONS: `--require ${inRepository('e2e/harness/loaded-modules.cjs')}`,
  };
  return Object.fromEntries(SERVICES.map((service) => [service, env]));
}

function loaded(lines: LogLine[]): (string | undefined)[] {
  return lines.filter(({ event }) => event === 'loaded').map(({ name }) => name);
}

function traceOf(headers: Headers): string {
  return headers.get('traceresponse')?.split('-')[1] ?? 'none';
}

async function deadLetterAbout({ api }: TestStack, emailId: string): Promise<string> {
  return eventually(async () => {
    const { data } = await api.get<{ data: { id: string; subject: string | null }[] }>(
      '/v1/dead-letters?state=open',
    );
    const letter = data.find(({ subject }) => subject === `email:${emailId}`);
    expect(letter).toBeDefined();
    return letter?.id ?? '';
  });
}

function anEmail(to: string): { to: string; subject: string; text: string } {
  return { to, subject: 'Traced', text: 'Where have I been?' };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('It does not listen.');
  return address.port;
}
