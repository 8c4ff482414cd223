import { Inject, Injectable, Logger } from '@nestjs/common';
import type {
  ConsumerReport,
  Contract,
  MessageContext,
  Outgoing,
  PayloadOf,
  WorkerReported,
} from '@offload/contracts';
import { type Observable, skip, Subject } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { checkBroker } from './amqp/check-broker.js';
import { BrokerConnection, type ConnectionState } from './amqp/connection.js';
import { countMessages, type QueueCounts } from './amqp/count-messages.js';
import { declare } from './amqp/declare.js';
import { NotConfirmed, Publisher } from './amqp/publisher.js';
import { defaultBrakeSettings } from './consume/brake.js';
import { Brakes } from './consume/brakes.js';
import { Deliveries } from './consume/deliveries.js';
import type { RegisteredHandler } from './consume/delivery-work.js';
import { defaultTiersMs } from './consume/retry-policy.js';
import { ServiceConsumer } from './consume/service-consumer.js';
import { Hints } from './hints.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';
import { cleanUp } from './outbox/clean-up.js';
import { storeOutgoing } from './outbox/outbox.js';
import { Relay, type RelayBatch } from './outbox/relay.js';
import { WorkerReporter } from './report/worker-reporter.js';
import { type Topology, topology } from './topology/topology.js';

/**
 * One service's part of the road: two connections, the relay, and a consumer for each handler.
 *
 * Start: look at the broker and declare, publish connection, relay, consumers, reports. Stop, in the
 * other direction: no more deliveries, finish those in hand (`drain`); what is pending in the outbox, connections
 * (`stop`). The database outlives it.
 */
@Injectable()
export class MessagingRuntime {
  readonly deliveries = new Deliveries();
  /** The consumers when they are made, before the first delivery. Listeners must not throw. */
  readonly consumersMade = new Subject<readonly ConsumerReport[]>();
  /** Every batch of the relay, after its commit. Listeners must not throw and must not be slow. */
  readonly relayed = new Subject<RelayBatch>();
  /** Which queues are held because everything in them fails alike. */
  readonly brakes: Brakes;
  private readonly logger = new Logger('Messaging');
  private readonly publisher = new Publisher();
  private readonly relay: Relay;
  private readonly hints: Hints;
  private readonly reporter: WorkerReporter;
  private publishing: BrokerConnection | undefined;
  private consuming: BrokerConnection | undefined;
  private consumers: ServiceConsumer[] = [];
  private cleaning: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private draining: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
  ) {
    this.relay = new Relay(dataSource, this.publisher, {
      onBatch: (batch) => {
        const { sent, failed, error } = batch;
        this.relayed.next(batch);
        if (failed > 0) this.logger.warn({ event: 'relay', sent, failed, err: error });
      },
      onError: (error) => this.logger.error({ event: 'relay', err: error }),
    });
    this.brakes = new Brakes({ ...defaultBrakeSettings, ...options.brake });
    this.hints = new Hints(options, this.publisher);
    this.reporter = new WorkerReporter({
      messaging: options,
      dataSource,
      brakes: this.brakes,
      consumers: () => this.consumerReports(),
      connections: () => ({
        publishing: this.connections.publishing.status,
        consuming: this.connections.consuming.status,
      }),
      send: (report) => this.hints.send(report),
      onError: (error) => this.logger.warn({ event: 'report', err: error }),
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

  /** The process has been asked to stop; what is in hand is being finished, or is. */
  get isStopping(): boolean {
    return this.draining !== undefined;
  }

  /** Deliveries being worked on at this moment; those that a brake holds are not. */
  get inHand(): number {
    return this.consumers.reduce((sum, consumer) => sum + consumer.inHand, 0);
  }

  /** The outbox as the last report found it; null when it could not be asked. */
  get outboxState(): WorkerReported['outbox'] {
    return this.reporter.outboxState;
  }

  /** How many messages the inbox remembers, by PostgreSQL's estimate; null when that is not known. */
  get inboxEstimate(): number | null {
    return this.reporter.inboxEstimate;
  }

  /** How each consumer does. */
  consumerReports(): ConsumerReport[] {
    return this.consumers.map((consumer) => consumer.report());
  }

  /** The reports of this process as they are made, also while the broker is away. Listeners must not throw. */
  get reports(): Observable<WorkerReported> {
    return this.reporter.reports;
  }

  /**
   * How this process does, as it also tells every gateway now and then. Takes up to two seconds when the
   * database does not answer.
   */
  report(): Promise<WorkerReported> {
    return this.reporter.report();
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
    this.hints.start(this.consuming);
    this.consumers = handlers.map((handler) => this.consume(handler, wanted));
    this.consumersMade.next(this.consumerReports());
    await Promise.all(this.consumers.map((consumer) => consumer.ready()));
    this.reporter.start();
    this.cleaning = setInterval(() => void this.clean(), 60_000);
  }

  /**
   * Takes no more deliveries and finishes those in hand. What is accepted meanwhile is still sent. Whatever takes longer
   * than the timeout is the broker's again when the process ends. Safe to call twice.
   */
  drain(): Promise<void> {
    this.draining ??= this.drainConsumers();
    return this.draining;
  }

  /** Finishes what is in hand and closes. Nothing is lost or repeated by it. Safe to call twice. */
  stop(): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
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

  /** How full queues are; those that are not there are left out. Throws when the broker cannot be asked. */
  countMessages(queues: readonly string[]): Promise<QueueCounts[]> {
    // Not on the connection that publishes: while the broker blocks that one, it answers nothing there.
    const { consuming } = this;
    return countMessages(async () => {
      if (!consuming) throw new NotConfirmed('There is no connection to the broker.');
      return consuming.openPassiveChannel();
    }, queues);
  }

  /** Something was stored in the outbox and committed: publish it at once. */
  nudge(): void {
    this.relay.nudge();
  }

  /** Tells other processes something that may be lost. */
  hint(message: Outgoing): void {
    this.hints.send(message);
  }

  /** Listens to hints with this replica alone; before the start, it listens from the start on. */
  onHint<C extends Contract>(
    contract: C,
    purpose: string,
    listener: (payload: PayloadOf<C>) => void,
  ): void {
    this.hints.listen(contract, purpose, listener);
  }

  private async drainConsumers(): Promise<void> {
    const timeoutMs = this.options.drainTimeoutMs ?? 25_000;
    await Promise.all(this.consumers.map((consumer) => consumer.drain(timeoutMs)));
    const unfinished = this.consumerReports().filter(({ inHand }) => inHand > 0);
    for (const { queue, inHand } of unfinished) {
      this.logger.warn({ event: 'not-drained', queue, inHand, timeoutMs });
    }
  }

  private async close(): Promise<void> {
    await this.drain();
    this.stopping.abort();
    clearInterval(this.cleaning);
    await this.relay.stop();
    this.reporter.stop();
    this.reporter.sayLast();
    await Promise.all([this.publishing?.close(), this.consuming?.close()]);
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

  private consume(handler: RegisteredHandler, wanted: Topology): ServiceConsumer {
    if (!this.consuming) throw new Error('Messaging has not been started.');
    const { queue } = handler.registration;
    return new ServiceConsumer(handler, {
      connection: this.consuming,
      topology: wanted,
      gate: this.brakes.gateFor(queue),
      work: {
        service: this.options.service,
        dataSource: this.dataSource,
        publisher: this.publisher,
        deliveries: this.deliveries,
        tiersMs: this.tiersMs,
        onOutbox: () => this.relay.nudge(),
        stopping: this.stopping.signal,
      },
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
