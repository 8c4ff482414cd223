import { ImportCompleted, LoadChunk, ReplayedMessageHandled, SendEmail } from '@offload/contracts';
import { checkWiring } from './wiring.js';

const loadChunk = { queue: 'ingest.load-chunk', contract: LoadChunk, prefetch: 1, attempts: 1 };

describe(checkWiring.name, () => {
  it('accepts one handler for each command of the service', () => {
    expect(() => checkWiring('ingest', [LoadChunk, SendEmail], [loadChunk])).not.toThrow();
  });

  it('lets any service listen to what the road itself tells', () => {
    const settle = {
      ...loadChunk,
      queue: 'gateway.settle-replayed',
      contract: ReplayedMessageHandled,
    };

    expect(() => checkWiring('gateway', [ReplayedMessageHandled], [settle])).not.toThrow();
  });

  it('refuses a command without a handler and says what to add', () => {
    expect(() => checkWiring('ingest', [LoadChunk], [])).toThrow(
      'No handler for ingest.load-chunk.v1. Add @Handles(…) to a class under controllers of ingest.',
    );
  });

  it('refuses two handlers for one command', () => {
    const second = { ...loadChunk, queue: 'ingest.load-chunk-again' };

    expect(() => checkWiring('ingest', [LoadChunk], [loadChunk, second])).toThrow(
      'Two handlers obey ingest.load-chunk.v1.',
    );
  });

  it('refuses two handlers on one queue', () => {
    const second = { ...loadChunk, contract: ImportCompleted };

    expect(() => checkWiring('ingest', [LoadChunk], [loadChunk, second])).toThrow(
      'Two handlers are fed from queue ingest.load-chunk.',
    );
  });

  it('refuses a command that another service obeys', () => {
    const foreign = { ...loadChunk, queue: 'notifier.load-chunk' };

    expect(() => checkWiring('notifier', [], [foreign])).toThrow(
      'ingest.load-chunk.v1 is for ingest to obey, not for notifier.',
    );
  });
});
