import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Contract, MessageContext, Outgoing, PayloadOf } from '@offload/contracts';
import { skip } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { BrokerConnection, type ConnectionState } from './amqp/connection.js';
import { Consumer } from './amqp/consumer.js';
import { declare } from './amqp/declare.js';
import { Publisher } from './amqp/publisher.js';
import { subscribeReplica } from './amqp/replica-subscription.js';
import { writeEnvelope } from './amqp/wire.js';
import { Deliveries } from './consume/deliveries.js';
import { noTenant } from './consume/delivery.js';
import { DeliveryWork, type RegisteredHandler } from './consume/delivery-work.js';
import { defaultTiersMs } from './consume/retry-policy.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';
import { cleanUp } from './outbox/clean-up.js';
import { storeOutgoing } from './outbox/outbox.js';
import { Relay } from './outbox/relay.js';
import { checkBroker } from './amqp/check-broker.js';
import { exchanges, replicaQueue } from './topology/names.js';
import { type Topology, topology } from './topology/topology.js';

/**
 * One service's part of the road: two connections, the relay, and a consumer for each handler.
 *
 * Start: look at the broker and declare, publish connection, relay, consumers. Stop, in the other
 * direction: no more deliveries, finish those in hand, relay, connections. The database outlives it.
 */
@Injectable()
export class MessagingRuntime {
  readonly deliveries = new Deliveries();
  private readonly logger = new Logger('Messaging');
  private readonly publisher = new Publisher();
  private readonly relay: Relay;
  private readonly work: DeliveryWork;
  private publishing: BrokerConnection | undefined;
  private consuming: BrokerConnection | undefined;
  private consumers: Consumer[] = [];
  private cleaning: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private readonly atStart: (() => void)[] = [];

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
  ) {
    this.relay = new Relay(dataSource, this.publisher, {
      onBatch: ({ sent, failed, error }) => {
        if (failed > 0) this.logger.warn({ event: 'relay', sent, failed, err: error });
      },
      onError: (error) => this.logger.error({ event: 'relay', err: error }),
    });
    this.work = new DeliveryWork({
      service: options.service,
      dataSource,
      publisher: this.publisher,
      deliveries: this.deliveries,
      tiersMs: this.tiersMs,
      onOutbox: () => this.relay.nudge(),
      stopping: this.stopping.signal,
    });
  }

  /** The state of both connections, for the readiness check. */
  get connections(): { publishing: ConnectionState; consuming: ConnectionState } {
    const unopened: ConnectionState = { status: 'disconnected', reason: 'not started' };
    return {
      publishing: this.publishing?.state.value ?? unopened,
      consuming: this.consuming?.state.value ?? unopened,
    };
  }

  /** Deliveries being worked on at this moment. */
  get inHand(): number {
    return this.consumers.reduce((sum, consumer) => sum + consumer.inHandCount, 0);
  }

  /** Resolves when every handler is being fed. Throws UnfitBroker when that cannot be. */
  async start(handlers: readonly RegisteredHandler[]): Promise<void> {
    const { rabbitmqUrl, service, instance } = this.options;
    const wanted = topology(handlers.flatMap(addressOf), this.tiersMs);
    for (const warning of await checkBroker(rabbitmqUrl, wanted)) this.logger.warn(warning);

    this.publishing = this.connect(`${service} publishes (${instance})`);
    this.consuming = this.connect(`${service} consumes (${instance})`);
    this.publishing.state.subscribe(({ status }) => {
      this.publisher.isBlocked = status === 'blocked';
      this.relay.nudge();
    });
    this.openPublishChannel(this.publishing, wanted);
    this.relay.start();
    for (const begin of this.atStart.splice(0)) begin();
    this.consumers = handlers.map((handler) => this.consume(handler, wanted));
    await Promise.all(this.consumers.map((consumer) => consumer.ready()));
    this.cleaning = setInterval(() => void this.clean(), 60_000);
  }

  /** Finishes what is in hand and closes. Nothing is lost or repeated by it. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    clearInterval(this.cleaning);
    const timeoutMs = this.options.drainTimeoutMs ?? 25_000;
    await Promise.all(this.consumers.map((consumer) => consumer.drain(timeoutMs)));
    this.stopping.abort();
    await this.relay.stop();
    await Promise.all([this.publishing?.close(), this.consuming?.close()]);
  }

  /** Runs `work` in a transaction, stores what it returns for sending, and sends it after the commit. */
  async send<T>(
    context: MessageContext,
    work: (tx: EntityManager) => Promise<{ result: T; messages: Outgoing[] }>,
  ): Promise<T> {
    const { result } = await this.dataSource.transaction(async (tx) => {
      const done = await work(tx);
      await storeOutgoing(tx, done.messages, context);
      return done;
    });
    this.relay.nudge();
    return result;
  }

  /** Something was stored in the outbox and committed: publish it at once. */
  nudge(): void {
    this.relay.nudge();
  }

  /** Tells all replicas of this service something that may be lost. */
  hint(message: Outgoing): void {
    this.publisher.hint({
      exchange: exchanges.hints,
      routingKey: message.type,
      ...writeEnvelope({
        id: v7(),
        source: this.options.service,
        type: message.type,
        time: new Date().toISOString(),
        tenantId: noTenant,
        correlationId: this.options.instance,
        attempt: 1,
        replays: 0,
      }),
      body: Buffer.from(JSON.stringify(message.payload)),
    });
  }

  /** Listens to hints with this replica alone; before the start, it listens from the start on. */
  onHint<C extends Contract>(
    contract: C,
    purpose: string,
    listener: (payload: PayloadOf<C>) => void,
  ): void {
    const subscribe = (): void => this.subscribeToHints(contract, purpose, listener);
    if (this.consuming) subscribe();
    else this.atStart.push(subscribe);
  }

  private subscribeToHints<C extends Contract>(
    contract: C,
    purpose: string,
    listener: (payload: PayloadOf<C>) => void,
  ): void {
    if (!this.consuming) return;
    subscribeReplica(this.consuming, {
      queue: replicaQueue(this.options.service, purpose, this.options.instance),
      exchange: exchanges.hints,
      routingKey: contract.type,
      onMessage: (body) => {
        const parsed = contract.schema.safeParse(jsonOrUndefined(body));
        // What is no hint of ours is not worth more than a hint that was lost.
        if (parsed.success) listener(parsed.data as PayloadOf<C>);
      },
      onError: (error) => this.logger.warn({ event: 'hint', err: error }),
    });
  }

  private get tiersMs(): readonly number[] {
    return this.options.retryTiersMs ?? defaultTiersMs;
  }

  private connect(name: string): BrokerConnection {
    const connection = new BrokerConnection({ url: this.options.rabbitmqUrl, name });
    connection.state.pipe(skip(1)).subscribe((state) => {
      if (state.status === 'connected')
        this.logger.log({ event: 'broker', connection: name, ...state });
      else if (!this.stopping.signal.aborted) {
        this.logger.warn({ event: 'broker', connection: name, ...state });
      }
    });
    return connection;
  }

  private openPublishChannel(connection: BrokerConnection, wanted: Topology): void {
    connection.openChannel(
      'publish',
      async (channel) => {
        await declare(channel, wanted);
        this.publisher.attach(channel);
        this.relay.nudge();
      },
      (error) => this.logger.error({ event: 'publish-channel', err: error }),
    );
  }

  private consume(handler: RegisteredHandler, wanted: Topology): Consumer {
    if (!this.consuming) throw new Error('Messaging has not been started.');
    const { queue, prefetch } = handler.registration;
    return new Consumer(this.consuming, {
      queue,
      prefetch,
      setup: (channel) => declare(channel, wanted),
      work: (message) => this.work.run(message, handler),
      onError: (error) => {
        if (!this.stopping.signal.aborted)
          this.logger.error({ event: 'consumer', queue, err: error });
      },
    });
  }

  private async clean(): Promise<void> {
    const retention = this.options.retention ?? { outboxHours: 1, inboxDays: 60 };
    await cleanUp(this.dataSource, retention).catch((error: unknown) =>
      this.logger.warn({ event: 'clean-up', err: error }),
    );
  }
}

function addressOf({ registration: { queue, contract } }: RegisteredHandler): {
  queue: string;
  contract: Contract;
}[] {
  return contract ? [{ queue, contract }] : [];
}

function jsonOrUndefined(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
