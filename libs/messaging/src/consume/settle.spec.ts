import { PermanentError } from '@offload/platform';
import type { IncomingMessage } from '../amqp/wire.js';
import type { DeliveryResult, Outcome } from './delivery.js';
import { comeBackCopy, followUp } from './settle.js';

const policy = { service: 'ingest', attempts: 8, tiersMs: [1_000, 3_000, 10_000], pauseMs: 4_000 };

describe(followUp.name, () => {
  it('publishes nothing for what was handled', () => {
    expect(followUp(aMessage(), aResult('handled'), policy)).toBeUndefined();
    expect(followUp(aMessage(), aResult('duplicate'), policy)).toBeUndefined();
  });

  it('sends a retry through a tier back to its own queue and counts the attempt', () => {
    const copy = followUp(aMessage({ 'x-attempt': 2 }), aResult('retry'), policy, 0.5);

    expect(copy).toMatchObject({
      exchange: 'offload.retry',
      routingKey: 'ingest.load-chunk',
      messageId: 'm-1',
      headers: { 'x-attempt': 3, 'retry-tier': '3s', 'x-failure-code': 'ingest.broken' },
    });
  });

  it('lets a try that does not count come back after about a pause, as the same try', () => {
    const message = aMessage({ 'x-attempt': 8 });

    const copy = followUp(message, { ...aResult('retry'), isCounted: false }, policy);

    expect(copy?.headers).toMatchObject({
      'x-attempt': 8,
      'retry-tier': '3s',
      'x-failure-code': 'ingest.broken',
    });
  });

  it('strips what the broker wrote, or RabbitMQ 3 drops the copy as a cycle', () => {
    const headers = {
      'x-death': [{ queue: 'retry.1s' }],
      'x-first-death-queue': 'retry.1s',
      'x-last-death-reason': 'expired',
      'x-delivery-count': 3,
      'x-acquired-count': 3,
      'retry-tier': '1s',
      'ce-tenantid': 'kept',
    };

    for (const outcome of ['retry', 'dead-letter'] as const) {
      const names = Object.keys(
        followUp(aMessage(headers), aResult(outcome), policy)?.headers ?? {},
      );

      expect(names.filter((name) => /death|count/.test(name))).toEqual([]);
      expect(names).toContain('ce-tenantid');
    }
  });

  it('keeps which replay put it back, and of what it is an edited copy', () => {
    const headers = { 'x-replay-item': 'i-1', 'x-edit-of': 'm-0' };

    for (const outcome of ['retry', 'dead-letter'] as const) {
      expect(followUp(aMessage(headers), aResult(outcome), policy)?.headers).toMatchObject(headers);
    }
  });

  it('gives up to the dead letters with the failure', () => {
    const copy = followUp(aMessage({ 'x-attempt': 8 }), aResult('dead-letter'), policy);

    expect(copy).toMatchObject({
      exchange: 'offload.dead-letters',
      routingKey: 'ingest.load-chunk',
      headers: {
        'x-attempt': 8,
        'x-failure-code': 'ingest.broken',
        'x-failure-class': 'PermanentError',
        'x-failed-queue': 'ingest.load-chunk',
        'x-failed-service': 'ingest',
      },
    });
    expect(copy?.headers['x-dead-letter-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps the time of the first failure over all attempts', () => {
    const headers = { 'x-first-failed-at': '2026-01-01T00:00:00.000Z' };

    const copy = followUp(aMessage(headers), aResult('retry'), policy);

    expect(copy?.headers['x-first-failed-at']).toBe('2026-01-01T00:00:00.000Z');
  });

  it('cuts a huge stack, which would not fit a frame', () => {
    const error = new Error('boom');
    error.stack = 'ä'.repeat(100_000);

    const copy = followUp(aMessage(), { ...aResult('retry'), error }, policy);

    const stack = String(copy?.headers['x-failure-stack']);
    expect(Buffer.byteLength(stack)).toBeLessThanOrEqual(8 * 1024);
    expect(stack).not.toContain('\uFFFD');
  });
});

describe(comeBackCopy.name, () => {
  it('sends what was not tried back as it is, with the name of its queue', () => {
    const copy = comeBackCopy(aMessage({ 'x-attempt': 2, 'x-death': [] }), policy);

    expect(copy).toMatchObject({ exchange: 'offload.retry', routingKey: 'ingest.load-chunk' });
    expect(copy?.headers).toEqual({
      'x-attempt': 2,
      'retry-tier': '3s',
      'x-failed-queue': 'ingest.load-chunk',
    });
  });
});

function aMessage(headers: Record<string, unknown> = {}): IncomingMessage {
  return {
    queue: 'ingest.load-chunk',
    exchange: 'offload.commands',
    routingKey: 'ingest.load-chunk.v1',
    redelivered: false,
    messageId: 'm-1',
    properties: { type: 'ingest.load-chunk.v1' },
    headers,
    body: Buffer.from('{}'),
  };
}

function aResult(outcome: Outcome): DeliveryResult {
  return {
    outcome,
    messageId: 'm-1',
    messageType: 'ingest.load-chunk.v1',
    queue: 'ingest.load-chunk',
    attempt: 1,
    correlationId: 'c-1',
    published: [],
    notes: [],
    isCounted: true,
    error: outcome === 'handled' ? undefined : new PermanentError('ingest.broken', 'It is broken.'),
    durationMs: 1,
  };
}
