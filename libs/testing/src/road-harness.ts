import {
  command,
  type Contract,
  event,
  hint,
  type MessageContext,
  type Outgoing,
  type PayloadOf,
} from '@offload/contracts';
import {
  createMessagingTables,
  type DeliveryResult,
  type HandlerContext,
  type MessagingOptions,
  MessagingRuntime,
  type RegisteredHandler,
} from '@offload/messaging';
import { databaseOptions, type DatabaseSettings, migrate } from '@offload/platform';
import { type Channel, type ChannelModel, connect, type Replies } from 'amqplib';
import { filter, firstValueFrom, type Observable, take, timeout, toArray } from 'rxjs';
import { DataSource, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { testTenant } from './handler-harness.js';
import { workerDatabase, workerVhost } from './test-servers.js';

/** Contracts of a service that exists in specs only; its handlers write to the table `note`. */
export const Note = command('probe.note.v1', z.object({ text: z.string() }));
export const Noted = event('probe.noted.v1', z.object({ text: z.string() }));
export const Whispered = hint('probe.whispered.v1', z.object({ text: z.string() }));

export const probeContext: MessageContext = {
  source: 'probe',
  tenantId: testTenant,
  correlationId: 'spec',
};

/** Retry tiers short enough for specs; everything else is as in production. */
export const shortTiersMs = [100, 300];

class CreateProbe1795000000000 {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query('create table note (id bigint generated always as identity, text text)');
  }
}

/** The schema of the probe service. */
export function probeDatabase(url: string): DatabaseSettings {
  return {
    url,
    schema: 'probe',
    entities: [],
    migrations: [CreateProbe1795000000000],
    poolSize: 20,
    name: 'probe',
  };
}

/**
 * The road with a real broker and a real database, for the specs of messaging itself. Call it inside
 * `describe`; every spec file has a virtual host of its own under `purpose`.
 */
export function roadHarness(purpose: string) {
  const running: MessagingRuntime[] = [];
  let dataSource: DataSource;
  let rabbitmqUrl: string;
  let model: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    const settings = probeDatabase(await workerDatabase());
    await migrate(settings);
    dataSource = await new DataSource(databaseOptions(settings)).initialize();
    rabbitmqUrl = await workerVhost(purpose);
    model = await connect(rabbitmqUrl);
    model.on('error', () => undefined);
    channel = await model.createChannel();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((runtime) => runtime.stop()));
  });

  afterAll(async () => {
    await model.close();
    await dataSource.destroy();
  });

  /** A replica of the probe service with settings of its own, stopped after the test. */
  const startWith = async (
    { database = dataSource, ...settings }: Partial<MessagingOptions> & { database?: DataSource },
    ...handlers: RegisteredHandler[]
  ): Promise<MessagingRuntime> => {
    const runtime = new MessagingRuntime(
      {
        service: 'probe',
        instance: `${purpose}-${running.length}`,
        rabbitmqUrl,
        retryTiersMs: shortTiersMs,
        drainTimeoutMs: 10_000,
        ...settings,
      },
      database,
    );
    running.push(runtime);
    await runtime.start(handlers);
    return runtime;
  };

  /** A replica of the probe service with the given handlers, stopped after the test. */
  const start = (...handlers: RegisteredHandler[]): Promise<MessagingRuntime> =>
    startWith({}, ...handlers);

  return {
    db: (): DataSource => dataSource,
    url: (): string => rabbitmqUrl,
    /** A channel of the spec's own, to look into queues. */
    channel: (): Channel => channel,
    /** Looks at a queue on a channel that may fail, as it does when the queue is missing. */
    countsOf: async (queue: string): Promise<Replies.AssertQueue> => {
      const probing = await model.createChannel();
      probing.on('error', () => undefined);
      const counts = await probing.checkQueue(queue);
      await probing.close();
      return counts;
    },
    start,
    startWith,
  };
}

/** Another connection to the database of the specs, to be taken away from a process; the test closes it. */
export async function ownDatabase(): Promise<DataSource> {
  return new DataSource(databaseOptions(probeDatabase(await workerDatabase()))).initialize();
}

/** A handler as `@Handles` registers it, from a function. */
export function handlerFor<C extends Contract>(
  contract: C,
  queue: string,
  handle: (payload: PayloadOf<C>, context: HandlerContext) => Promise<Outgoing[]> | Outgoing[],
  options: { prefetch?: number; attempts?: number } = {},
): RegisteredHandler {
  return {
    registration: {
      queue,
      contract,
      prefetch: options.prefetch ?? 10,
      attempts: options.attempts ?? 8,
    },
    invoke: async (payload, context) => handle(payload as PayloadOf<C>, context),
  };
}

/** The next deliveries that settle in this process and match. Subscribe before causing them. */
export function settled(
  runtime: MessagingRuntime,
  matches: (result: DeliveryResult) => boolean,
  count = 1,
  timeoutMs = 20_000,
): Promise<DeliveryResult[]> {
  const found: Observable<DeliveryResult> = runtime.deliveries.settled.pipe(
    filter(matches),
    take(count),
  );
  return firstValueFrom(found.pipe(toArray(), timeout(timeoutMs)));
}
