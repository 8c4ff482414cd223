import { Injectable } from '@nestjs/common';
import { EventHub } from './event-hub.js';

/** Waits for something to happen on a topic, inside of this process: for answers that are held back. */
@Injectable()
export class TopicNews {
  constructor(private readonly hub: EventHub) {}

  /**
   * Looks at once and again whenever there are news, until something is found; undefined when the time is
   * over or this replica is going away.
   */
  async until<T>(
    { tenantId, topic, timeoutMs }: { tenantId: string; topic: string; timeoutMs: number },
    look: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    let news = Promise.withResolvers<void>();
    const over = Promise.withResolvers<'over'>();
    const timer = setTimeout(() => over.resolve('over'), timeoutMs);
    // It joins before it looks, so that nothing falls between.
    const leave = await this.hub.subscribe({
      tenantId,
      topics: [topic],
      take: () => news.resolve(),
      tell: () => undefined,
      close: () => over.resolve('over'),
    });
    try {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if ((await Promise.race([news.promise, over.promise])) === 'over') return undefined;
        news = Promise.withResolvers();
      }
    } finally {
      clearTimeout(timer);
      leave();
    }
  }
}
