import { command, type Outgoing } from '@offload/contracts';
import { AppError, startTracing, stopTracing } from '@offload/platform';
import {
  eventually,
  handlerFor,
  Note,
  Noted,
  probeContext,
  roadHarness,
  settled,
} from '@offload/testing';
import { z } from 'zod';
import { Collector } from '../../../scripts/lib/trace/collector.mts';
import type { CollectedSpan } from '../../../scripts/lib/trace/read-spans.mts';

/** Every part but the first is one of many. */
const Part = command(
  'probe.part.v1',
  z.object({ number: z.int() }),
  undefined,
  ({ number }) => number > 0,
);

describe('the trace of a message', () => {
  const road = roadHarness('tracing');
  let collector: Collector;

  beforeAll(async () => {
    collector = await Collector.start();
    await startTracing('probe', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: 50,
      INSTANCE_ID: 'probe-0',
    });
  });

  afterAll(async () => {
    await stopTracing();
    await collector.stop();
  });

  const processed = (queue: string): CollectedSpan[] =>
    collector.spans.filter(
      ({ name, attributes }) =>
        name.startsWith('process ') && attributes['offload.queue'] === queue,
    );

  it('tells of many alike the first, those that fail, and what comes of any', async () => {
    const failsOnce = new Set([5]);
    const load = (part: { number: number }): Outgoing[] => {
      if (failsOnce.delete(part.number)) throw new AppError('probe.stumbled', 'Once more.');
      return part.number === 9 ? [Noted({ text: 'the last' })] : [];
    };
    const runtime = await road.start(
      handlerFor(Note, 'probe.split', () =>
        Array.from({ length: 10 }, (_, number) => Part({ number })),
      ),
      handlerFor(Part, 'probe.load-part', load),
      handlerFor(Noted, 'probe.end', () => []),
    );
    const loaded = settled(
      runtime,
      ({ queue, outcome }) => queue === 'probe.load-part' && outcome === 'handled',
      10,
    );
    const ended = settled(runtime, ({ queue }) => queue === 'probe.end');

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'go' })],
    }));
    await Promise.all([loaded, ended]);

    // The first, the one that failed and was tried again, and the one that ended it.
    await eventually(() => expect(processed('probe.load-part')).toHaveLength(4));
    const told = processed('probe.load-part').map(({ attributes, exceptions }) =>
      [attributes['offload.attempt'], attributes['offload.outcome'], ...exceptions].join(' '),
    );
    expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual([
      '1 handled',
      '1 handled',
      '1 retry probe.stumbled',
      '2 handled',
    ]);
    const [end] = await eventually(() => {
      expect(processed('probe.end')).toHaveLength(1);
      return processed('probe.end');
    });
    const trace = collector.trace(end?.traceId ?? '');
    const known = new Set(trace.map(({ spanId }) => spanId));
    expect(trace.filter(({ parentId }) => parentId === undefined)).toMatchObject([
      { name: 'publish offload.commands:probe.note.v1', kind: 'producer' },
    ]);
    expect(trace.filter(({ parentId }) => parentId !== undefined && !known.has(parentId))).toEqual(
      [],
    );
  });
});
