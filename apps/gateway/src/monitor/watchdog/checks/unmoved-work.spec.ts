import {
  aBrake,
  aConsumer,
  aGateway,
  ago,
  heard,
  minutes,
  someFacts,
} from '../../../../test/monitor-builders.js';
import { emailStalled } from './email-stalled.js';
import { importStalled } from './import-stalled.js';

const quietFor = (ms: number, state = 'loading') => ({
  count: 1,
  oldest: [{ id: 'i1', state, lastSignAt: ago(ms) }],
});

describe(importStalled.name, () => {
  it('warns of an import of which nothing was committed, while a retry may still come', () => {
    const found = importStalled(someFacts({ imports: quietFor(minutes(20)) }));

    expect(found).toMatchObject([
      { code: 'import_stalled', severity: 'warning', subject: 'import:i1' },
    ]);
    expect(found?.[0]?.detail).toBe(
      'Import i1 is loading, and nothing of it was committed for 20 min. One of its tries may be waiting in a retry tier.',
    );
  });

  it('is critical when no retry can be waiting any more', () => {
    const [found] = importStalled(someFacts({ imports: quietFor(minutes(121)) })) ?? [];

    expect(found?.severity).toBe('critical');
    expect(found?.detail).not.toContain('retry');
  });

  it('is silent while imports are held up by a brake, which people are told', () => {
    const held = heard({ consumers: [aConsumer('ingest.load-chunk', { brake: aBrake() })] });

    expect(importStalled(someFacts({ imports: quietFor(minutes(20)), workers: [held] }))).toEqual(
      [],
    );
  });

  it('still warns when only one of two workers has paused', () => {
    const workers = [
      heard({ consumers: [aConsumer('ingest.load-chunk', { brake: aBrake() })] }),
      heard({ instance: 'ingest-2' }),
    ];

    expect(importStalled(someFacts({ imports: quietFor(minutes(20)), workers }))).toHaveLength(1);
  });

  it('leaves alone what waits behind others in a queue that moves', () => {
    expect(importStalled(busy(minutes(25)))).toEqual([]);
    expect(importStalled(busy(minutes(5)))).toHaveLength(1);
  });

  it('leaves a queued import alone whose command may still be in the outbox', () => {
    const outbox = { pending: 7, oldestAt: ago(minutes(30)), lastError: null };

    const queued = someFacts({ imports: quietFor(minutes(20), 'queued'), outbox });
    const loading = someFacts({ imports: quietFor(minutes(20)), outbox });

    expect(importStalled(queued)).toEqual([]);
    expect(importStalled(loading)).toHaveLength(1);
  });

  it('tells the number of those beyond the oldest instead of each of them', () => {
    const imports = { ...quietFor(minutes(20)), count: 1001 };

    expect(importStalled(someFacts({ imports }))).toMatchObject([
      { subject: 'import:i1' },
      {
        subject: 'import:others',
        detail: '1,000 more imports have given no sign of life either.',
      },
    ]);
  });
});

describe(emailStalled.name, () => {
  it('warns of an e-mail whose next try is overdue', () => {
    expect(emailStalled(someFacts({ emails: quietFor(minutes(150), 'deferred') }))).toMatchObject([
      {
        code: 'email_stalled',
        subject: 'email:i1',
        detail:
          'E-mail i1 is deferred, and nothing was heard of it for 3 h; its next try is overdue.',
      },
    ]);
  });

  it('is silent while sending is paused, and while the queue is only long', () => {
    const emails = quietFor(minutes(150), 'queued');
    const paused = heard({ consumers: [aConsumer('notifier.send-email', { brake: aBrake() })] });
    const busy = heard({
      consumers: [aConsumer('notifier.send-email', { waitedMs: minutes(151) })],
    });

    expect(emailStalled(someFacts({ emails, workers: [paused] }))).toEqual([]);
    expect(emailStalled(someFacts({ emails, workers: [busy] }))).toEqual([]);
  });
});

const busy = (waitedMs: number) =>
  someFacts({
    imports: quietFor(minutes(20)),
    workers: [aGateway(), heard({ consumers: [aConsumer('ingest.load-chunk', { waitedMs })] })],
  });
