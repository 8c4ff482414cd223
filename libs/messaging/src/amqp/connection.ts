import { type AmqpConnectionManager, type ChannelWrapper, connect } from 'amqp-connection-manager';
import type { Channel, ConfirmChannel } from 'amqplib';
import { BehaviorSubject } from 'rxjs';
import { NotConfirmed } from './publisher.js';

export type ConnectionState =
  | { status: 'connected' }
  | { status: 'disconnected'; reason: string }
  /** The broker has raised a memory or disk alarm and takes no messages (RabbitMQ, "Blocked Connection Notifications"). */
  | { status: 'blocked'; reason: string };

export interface ConnectionOptions {
  /** One address, or those of a cluster's nodes separated by commas: where one fails, the next is tried. */
  url: string;
  /** Shown in the broker's management page. */
  name: string;
  /** (Default: 1000) */
  reconnectMs?: number;
}

/**
 * One connection to the broker that comes back by itself, with its state for health checks.
 *
 * Publishing and consuming have one each: an alarm on the broker blocks the connection that
 * publishes, and a worker must go on acknowledging meanwhile.
 */
export class BrokerConnection {
  readonly state = new BehaviorSubject<ConnectionState>({
    status: 'disconnected',
    reason: 'not connected yet',
  });
  private readonly manager: AmqpConnectionManager;
  private isClosing = false;

  constructor(options: ConnectionOptions) {
    this.manager = connect(addressesOf(options.url), {
      heartbeatIntervalInSeconds: 10,
      reconnectTimeInSeconds: (options.reconnectMs ?? 1000) / 1000,
      connectionOptions: { clientProperties: { connection_name: options.name }, timeout: 10_000 },
    });
    this.manager.on('connect', () => this.state.next({ status: 'connected' }));
    this.manager.on('disconnect', ({ err }) => this.lost(err));
    this.manager.on('connectFailed', ({ err }) => this.lost(err));
    this.manager.on('blocked', ({ reason }) => this.state.next({ status: 'blocked', reason }));
    this.manager.on('unblocked', () => this.state.next({ status: 'connected' }));
  }

  /**
   * Opens a channel now and after every reconnect; `setup` declares and consumes, so it must be safe
   * to run again. A failing setup resets the connection, which tries again.
   *
   * No listener for a channel's `error` is added, on purpose: with one, a channel that fails closes
   * alone and is never opened again; without, amqplib closes the connection and all of it comes back.
   */
  openChannel(
    name: string,
    setup: (channel: ConfirmChannel) => Promise<void>,
    onError: (error: Error) => void,
  ): ChannelWrapper {
    const wrapper = this.manager.createChannel({ name, setup });
    wrapper.on('error', onError);
    return wrapper;
  }

  /**
   * A channel that is opened once and may fail alone, for questions. Its failures come from the calls on
   * it. Throws when there is no connection.
   */
  async openPassiveChannel(): Promise<Channel> {
    const { connection } = this.manager;
    if (!connection) throw new NotConfirmed('There is no connection to the broker.');
    const channel = await connection.createChannel();
    // With a listener amqplib closes the channel alone; without one it closes the whole connection.
    channel.on('error', () => undefined);
    return channel;
  }

  /** Drops the connection and builds it up again, with every channel's setup. */
  reset(): void {
    if (!this.isClosing) this.manager.reconnect();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    // A socket that is already dead makes close() reject; there is nothing left to close then.
    await this.manager.close().catch(() => undefined);
    this.state.next({ status: 'disconnected', reason: 'closed' });
  }

  private lost(error: Error | undefined): void {
    this.state.next({ status: 'disconnected', reason: error?.message ?? 'connection lost' });
  }
}

/** The addresses in a RABBITMQ_URL. */
export function addressesOf(url: string): string[] {
  return url.split(',');
}
