import type { Channel } from 'amqplib';
import { NotConfirmed } from './publisher.js';

export interface QueueCounts {
  queue: string;
  /** Waiting; those in the hands of consumers are not among them. */
  ready: number;
  consumers: number;
}

/** Opens a channel that may fail alone. Throws when there is no connection. */
export type OpenPassiveChannel = () => Promise<Channel>;

/**
 * How many messages wait in each queue, and how many consumers it has; queues that are not there are
 * left out.
 *
 * Asked by passive declares. One for a queue that is not there closes its channel (AMQP 0-9-1,
 * queue.declare: "If passive is set and the queue does not exist, the server MUST reply with code 404"),
 * so each miss is followed by a fresh channel, and nothing else ever shares one. Must not be used with
 * queues that belong to another connection. Throws when the broker does not answer in time.
 */
export async function countMessages(
  open: OpenPassiveChannel,
  queues: readonly string[],
  timeoutMs = 3_000,
): Promise<QueueCounts[]> {
  const asking = new Asking(open);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NotConfirmed(`The broker did not answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([asking.run(queues), tooLate]);
  } finally {
    clearTimeout(timer);
    await asking.close();
  }
}

class Asking {
  private channel: Channel | undefined;
  private isClosed = false;

  constructor(private readonly open: OpenPassiveChannel) {}

  async run(queues: readonly string[]): Promise<QueueCounts[]> {
    const counts: QueueCounts[] = [];
    for (const queue of queues) {
      if (this.isClosed) break;
      const found = await this.ask(queue);
      if (found) counts.push(found);
    }
    return counts;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    // Closing waits for the broker's answer, and one that hangs gives none.
    void this.channel?.close().catch(() => undefined);
    this.channel = undefined;
  }

  private async ask(queue: string): Promise<QueueCounts | undefined> {
    const channel = (this.channel ??= await this.open());
    try {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      return { queue, ready: messageCount, consumers: consumerCount };
    } catch (error) {
      this.channel = undefined;
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** RabbitMQ's reply code for a queue that is not there. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 404;
}
