import { aBrake, aConsumer, heard } from '../../../test/monitor-builders.js';
import { holdOfKind } from './hold-of-kind.js';

describe(holdOfKind.name, () => {
  it('says since when, why and until when, in words that give nothing away', () => {
    expect(holdOfKind('import', [paused('ingest.load-chunk')])).toEqual({
      detail:
        'Paused since 11:50 UTC: the database does not answer (57P01). It is tried again by itself at 12:00:30 UTC; nothing is lost.',
      since: '2026-01-01T11:50:00.000Z',
      next_try_at: '2026-01-01T12:00:30.000Z',
    });
  });

  it('holds only when every live worker of a queue has paused it', () => {
    const goesOn = heard({ instance: 'ingest-2' });

    expect(holdOfKind('import', [paused('ingest.load-chunk'), goesOn])).toBeNull();
    expect(holdOfKind('import', [paused('ingest.split-file'), goesOn])).not.toBeNull();
  });

  it('tells the longest pause of several, and the next try of any of its workers', () => {
    const hold = holdOfKind('import', [
      paused('ingest.split-file'),
      heard({
        instance: 'a',
        consumers: [
          aConsumer('ingest.load-chunk', { brake: aBrake({ since: '2026-01-01T11:00:00.000Z' }) }),
        ],
      }),
      heard({
        instance: 'b',
        consumers: [
          aConsumer('ingest.load-chunk', {
            brake: aBrake({ nextProbeAt: '2026-01-01T12:00:05.000Z' }),
          }),
        ],
      }),
    ]);

    expect(hold).toMatchObject({
      since: '2026-01-01T11:00:00.000Z',
      next_try_at: '2026-01-01T12:00:05.000Z',
    });
  });

  it.each([
    ['import', 'ingest.start-import', true],
    ['import', 'gateway.track-import-progressed', true],
    ['import', 'notifier.send-email', false],
    ['email', 'notifier.send-email', true],
    ['email', 'gateway.track-email-sent', true],
    ['email', 'notifier.tell-import-completed', false],
    ['upload', 'gateway.check-upload', true],
    ['import', 'gateway.check-upload', false],
  ] as const)('%s is held by %s: %s', (kind, queue, isHeld) => {
    expect(holdOfKind(kind, [paused(queue)]) !== null).toBe(isHeld);
  });
});

const paused = (queue: string, fields = {}) =>
  heard({
    instance: `paused-${queue}`,
    consumers: [aConsumer(queue, { brake: aBrake(fields) })],
  });
