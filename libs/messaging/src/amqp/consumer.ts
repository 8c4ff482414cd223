import type { ChannelWrapper } from 'amqp-connection-manager';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { BrokerConnection } from './connection.js';
import type { IncomingMessage } from './wire.js';

export interface ConsumerOptions {
  queue: string;
  /** Deliveries in hand at once. */
  prefetch: number;
  /** Declares what the queue needs; runs before every consume, also after a reconnect. */
  setup: (channel: ConfirmChannel) => Promise<void>;
  /**
   * Works on one delivery. `settled` acknowledges it; `left` and rejecting leave it with the broker,
   * which hands it over again when this channel has closed. `gone` is aborted when it has: the delivery
   * is then the broker's again, and whatever has not begun need not begin.
   */
  work: (message: IncomingMessage, gone: AbortSignal) => Promise<'settled' | 'left'>;
  onError: (error: Error) => void;
}

/**
 * The subscription that feeds one handler from one queue, on a channel of its own.
 *
 * A delivery tag is only valid on the channel that delivered it, so an ack goes to that raw channel;
 * if it has died meanwhile the broker redelivers, and the inbox makes that harmless.
 */
export class Consumer {
  private readonly inHand = new Set<Promise<void>>();
  private readonly channelWrapper: ChannelWrapper;
  private channel: ConfirmChannel | undefined;
  private consumerTag: string | undefined;
  private isStopping = false;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly options: ConsumerOptions,
  ) {
    this.channelWrapper = connection.openChannel(
      options.queue,
      (channel) => this.consume(channel),
      options.onError,
    );
  }

  get inHandCount(): number {
    return this.inHand.size;
  }

  /** Resolves once the broker has accepted the subscription. */
  async ready(): Promise<void> {
    await this.channelWrapper.waitForConnect();
  }

  /** Takes no more deliveries and waits for those in hand, at most so long. Safe to call twice. */
  async drain(timeoutMs: number): Promise<void> {
    this.isStopping = true;
    if (this.channel && this.consumerTag) {
      await this.channel.cancel(this.consumerTag).catch(() => undefined);
    }
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.allSettled(this.inHand), deadline]);
    clearTimeout(timer);
  }

  private async consume(channel: ConfirmChannel): Promise<void> {
    if (this.isStopping) return;
    await this.options.setup(channel);
    await channel.prefetch(this.options.prefetch);
    if (this.isStopping) return;
    const gone = new AbortController();
    channel.once('close', () => gone.abort());
    const { consumerTag } = await channel.consume(this.options.queue, (delivery) =>
      this.receive(channel, delivery, gone.signal),
    );
    this.channel = channel;
    this.consumerTag = consumerTag;
    channel.once('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    // Who drained meanwhile found no subscription to cancel.
    if (this.isStopping) await channel.cancel(consumerTag);
  }

  private receive(
    channel: ConfirmChannel,
    delivery: ConsumeMessage | null,
    gone: AbortSignal,
  ): void {
    if (delivery === null) {
      // The broker has cancelled the subscription, for instance because the queue was deleted.
      this.options.onError(
        new Error(`The broker cancelled the consumer of ${this.options.queue}.`),
      );
      this.connection.reset();
      return;
    }
    const work = this.workOn(channel, delivery, gone).finally(() => this.inHand.delete(work));
    this.inHand.add(work);
  }

  private async workOn(
    channel: ConfirmChannel,
    delivery: ConsumeMessage,
    gone: AbortSignal,
  ): Promise<void> {
    try {
      const end = await this.options.work(readDelivery(this.options.queue, delivery), gone);
      if (end === 'settled') channel.ack(delivery);
    } catch (error) {
      this.options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function readDelivery(
  queue: string,
  { fields, properties, content }: ConsumeMessage,
): IncomingMessage {
  return {
    queue,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    redelivered: fields.redelivered,
    messageId: text(properties.messageId),
    properties: {
      type: text(properties.type),
      appId: text(properties.appId),
      correlationId: text(properties.correlationId),
      contentType: text(properties.contentType),
      timestamp: typeof properties.timestamp === 'number' ? properties.timestamp : undefined,
    },
    headers: { ...properties.headers },
    body: content,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
