import { AppError, describeError } from '@offload/platform';
import type { ConfirmChannel } from 'amqplib';
import type { WireMessage } from './wire.js';

/** The broker did not take a message: away, blocked by an alarm, or a full queue. Nothing is lost; try again. */
export class NotConfirmed extends AppError {
  constructor(message: string, cause?: unknown) {
    super('messaging.not-confirmed', message, { cause });
  }
}

/** The broker had no queue for a mandatory message. */
export class Unroutable extends AppError {
  constructor({ exchange, routingKey }: Pick<WireMessage, 'exchange' | 'routingKey'>) {
    super(
      'messaging.unroutable',
      `No queue takes "${routingKey}" from exchange "${exchange || '(default)'}".`,
      { help: 'Start the service that owns the queue once, so that it declares it.' },
    );
  }
}

/** It cannot be written as AMQP at all, for instance under a routing key of more than 255 bytes. Nothing was sent. */
export class Unwritable extends AppError {
  constructor(cause: unknown) {
    super('messaging.unwritable', `It cannot be written as AMQP: ${describeError(cause).message}`, {
      cause,
    });
  }
}

/**
 * Publishes persistent, mandatory messages and waits for the broker's confirm.
 *
 * A message that no queue wants is first returned and then confirmed all the same (AMQP 0-9-1,
 * basic.return; RabbitMQ, "Publisher Confirms"), so returns are matched with confirms here: sent
 * means confirmed and routed. While there is no channel it refuses instead of buffering; what must
 * not be lost waits in the outbox.
 */
export class Publisher {
  /** The broker has raised an alarm; what is published now would only wait in our memory. */
  isBlocked = false;
  private channel: ConfirmChannel | undefined;
  private readonly awaiting = new Map<string, { isReturned: boolean }>();

  constructor(private readonly confirmTimeoutMs = 10_000) {}

  /** Whether publishing makes sense: there is a channel, and the broker takes messages. */
  get isOpen(): boolean {
    return this.channel !== undefined && !this.isBlocked;
  }

  /** Takes over a freshly opened channel; called on every connect. */
  attach(channel: ConfirmChannel): void {
    this.channel = channel;
    channel.on('return', ({ fields, properties }) => {
      const key = awaitedKey(fields.exchange, fields.routingKey, String(properties.messageId));
      const awaited = this.awaiting.get(key);
      if (awaited) awaited.isReturned = true;
    });
    channel.once('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
  }

  /** Resolves when the broker has the message in a queue; throws NotConfirmed, Unroutable or Unwritable. */
  async publish(message: WireMessage): Promise<void> {
    const channel = this.channel;
    if (!channel) throw new NotConfirmed('There is no connection to the broker.');
    if (this.isBlocked)
      throw new NotConfirmed('The broker takes no messages: it has raised an alarm.');
    const key = awaitedKey(message.exchange, message.routingKey, message.messageId);
    const awaited = { isReturned: false };
    this.awaiting.set(key, awaited);
    try {
      await this.confirmed(channel, message);
    } finally {
      this.awaiting.delete(key);
    }
    if (awaited.isReturned) throw new Unroutable(message);
  }

  /**
   * Publishes without waiting and without a promise: for hints that may be lost. Never throws; while the
   * broker takes nothing it drops them, because they would only pile up in our memory.
   */
  hint(message: WireMessage): void {
    if (!this.isOpen) return;
    try {
      this.channel?.publish(message.exchange, message.routingKey, message.body, {
        ...propertiesOf(message),
        persistent: false,
        mandatory: false,
      });
    } catch {
      // The channel is closing; with it goes the hint.
    }
  }

  private confirmed(channel: ConfirmChannel, message: WireMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new NotConfirmed(`No confirm within ${this.confirmTimeoutMs} ms.`)),
        this.confirmTimeoutMs,
      );
      const settle = (error: unknown): void => {
        clearTimeout(timer);
        if (error) reject(new NotConfirmed('The broker refused the message.', error));
        else resolve();
      };
      try {
        channel.publish(
          message.exchange,
          message.routingKey,
          message.body,
          { ...propertiesOf(message), persistent: true, mandatory: true },
          settle,
        );
      } catch (error) {
        clearTimeout(timer);
        reject(refusal(error));
      }
    });
  }
}

/** The channel refuses when it is closing; anything else that it throws at once is about the message. */
function refusal(error: unknown): AppError {
  return describeError(error).name === 'IllegalOperationError'
    ? new NotConfirmed('The channel to the broker is closing.', error)
    : new Unwritable(error);
}

function propertiesOf({ messageId, properties, headers: table }: WireMessage): object {
  return { messageId, ...properties, headers: table };
}

function awaitedKey(exchange: string, routingKey: string, messageId: string): string {
  return `${messageId} ${exchange} ${routingKey}`;
}
