import { LoadChunk } from '@offload/contracts';
import { PermanentError } from '@offload/platform';
import type { DeliveryResult, Outcome } from './delivery.js';
import { tryEndOf } from './try-end.js';

const registration = { queue: 'ingest.load-chunk', contract: LoadChunk, prefetch: 1, attempts: 8 };

describe(tryEndOf.name, () => {
  it('takes a success for one, and a duplicate for nothing', () => {
    expect(tryEndOf(aResult('handled'), registration)).toEqual({ says: 'works' });
    expect(tryEndOf(aResult('duplicate'), registration)).toEqual({ says: 'nothing' });
  });

  it('learns nothing from what no other try can mend', () => {
    const error = new PermanentError('ingest.import-not-found', 'There is no import 7.');

    expect(tryEndOf(aResult('dead-letter', error), registration)).toEqual({ says: 'nothing' });
  });

  it.each(['retry', 'dead-letter'] as const)('reads the failure behind a %s', (outcome) => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

    expect(tryEndOf(aResult(outcome, error), registration)).toEqual({
      says: 'fails',
      messageId: 'm-1',
      failure: { class: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
    });
  });

  it('takes what the handler calls the message’s own affair for a proof that things work', () => {
    const own = aResult('retry', new RangeError('this one recipient'));
    const common = aResult('retry', new Error('the relay'));

    expect(tryEndOf(own, { ...registration, brakeOn })).toEqual({ says: 'works' });
    expect(tryEndOf(common, { ...registration, brakeOn })).toMatchObject({ says: 'fails' });
  });
});

function brakeOn(error: unknown): boolean {
  return !(error instanceof RangeError);
}

function aResult(outcome: Outcome, error?: unknown): DeliveryResult {
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
    error,
    durationMs: 1,
  };
}
