import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Controller, Get, Module, type OnModuleDestroy } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Outgoing, PayloadOf } from '@offload/contracts';
import {
  CommonConfig,
  databaseModule,
  HealthModule,
  loadConfig,
  loggingModule,
  migrate,
} from '@offload/platform';
import {
  eventually,
  Note,
  probeContext,
  probeDatabase,
  settled,
  workerDatabase,
  workerVhost,
} from '@offload/testing';
import { DataSource } from 'typeorm';
import { type HandlerContext, Handles, type MessageHandler } from './consume/handles.decorator.js';
import { messagingOptionsOf } from './messaging-options-of.js';
import { MessagingModule } from './messaging.module.js';
import { MessagingRuntime } from './messaging-runtime.js';
import { startService, type Surroundings } from './start-service.js';

/** Writes the note when it is let. */
@Handles(Note, { queue: 'probe.write-note' })
class WriteNoteHandler implements MessageHandler<typeof Note> {
  readonly begun = Promise.withResolvers<void>();
  readonly gate = Promise.withResolvers<void>();

  async handle(note: PayloadOf<typeof Note>, { tx }: HandlerContext): Promise<Outgoing[]> {
    this.begun.resolve();
    await this.gate.promise;
    await tx.query('insert into note (text) values ($1)', [note.text]);
    return [];
  }
}

/** Answers when it is let, and may hold the end up. */
@Controller('slow')
class SlowController implements OnModuleDestroy {
  readonly begun = Promise.withResolvers<void>();
  readonly gate = Promise.withResolvers<string>();
  end: Promise<void> | undefined;

  async onModuleDestroy(): Promise<void> {
    await this.end;
  }

  @Get()
  answer(): Promise<string> {
    this.begun.resolve();
    return this.gate.promise;
  }
}

describe(startService.name, () => {
  let app: NestExpressApplication;
  let databaseUrl: string;
  const exits: number[] = [];
  const signals = new EventEmitter();

  /** A service of its own with one handler; answers its port. */
  const start = async (
    environment: Record<string, string>,
    surroundings: Surroundings = {},
  ): Promise<number> => {
    databaseUrl = await workerDatabase();
    await migrate(probeDatabase(databaseUrl));
    const config = loadConfig('probe', CommonConfig, {
      DATABASE_URL: databaseUrl,
      RABBITMQ_URL: await workerVhost('service'),
      LOG_LEVEL: 'silent',
      INSTANCE_ID: 'service-0',
      ...environment,
    });
    @Module({
      imports: [
        loggingModule('probe', config.LOG_LEVEL),
        databaseModule(probeDatabase(databaseUrl), config),
        HealthModule.forRoot({ useFactory: () => [], inject: [] }),
        MessagingModule.forRoot({
          useFactory: () => messagingOptionsOf('probe', config),
          inject: [],
        }),
      ],
      controllers: [WriteNoteHandler, SlowController],
    })
    class ProbeModule {}
    const module = await Test.createTestingModule({ imports: [ProbeModule] }).compile();
    app = module.createNestApplication<NestExpressApplication>();
    return startService(app, config, {
      exit: (code) => exits.push(code),
      signals,
      ...surroundings,
    });
  };

  afterEach(async () => {
    exits.length = 0;
    signals.removeAllListeners();
    await app.close();
  });

  it('serves what the process counts', async () => {
    const port = await start({});
    app.get(WriteNoteHandler).gate.resolve();
    const done = settled(app.get(MessagingRuntime), ({ outcome }) => outcome === 'handled');
    await app
      .get(MessagingRuntime)
      .send(probeContext, async () => ({ result: undefined, messages: [Note({ text: 'x' })] }));
    await done;
    const lines: string[] = [];
    const look = async (): Promise<void> => {
      await app.get(MessagingRuntime).report();
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
      const told = (await answer.text()).split('\n').filter((line) => !line.startsWith('#'));
      lines.splice(0, lines.length, ...told);
    };

    // A message may be handled before the relay has noted that it was sent.
    await eventually(async () => {
      await look();
      expect(lines).toContain('offload_outbox_pending 0');
    });

    expect(lines).toContain(
      'offload_delivery_duration_seconds_count{queue="probe.write-note",type="probe.note.v1",outcome="handled"} 1',
    );
    expect(lines).toContain('offload_in_hand{queue="probe.write-note"} 0');
    expect(lines).toContain('offload_brake_engaged{queue="probe.write-note"} 0');
    expect(lines).toContain('offload_database_connections_max 20');
    expect(lines.find((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))).toBeTruthy();
    expect(lines.find((line) => line.startsWith('process_resident_memory_bytes '))).toBeTruthy();
  });

  it('finishes what is in hand and ends with code 75 when it stays above its memory limit', async () => {
    await start({ MEMORY_LIMIT_MB: '32', HEARTBEAT_MS: '500' });
    const { gate } = app.get(WriteNoteHandler);
    const runtime = app.get(MessagingRuntime);
    const text = await aNoteInHand();
    const [before] = runtime.consumerReports();
    const done = settled(runtime, ({ outcome }) => outcome === 'handled');

    await eventually(() => expect(isStopping()).toBe(true));
    expect(exits).toEqual([]);
    gate.resolve();

    expect(before).toMatchObject({ inHand: 1 });
    await done;
    await eventually(() => expect(exits).toEqual([75]));
    expect(await notes(text)).toBe(1);
  });

  it('says that it stops and goes on to serve, and a second signal ends it where it is', async () => {
    const port = await start({ SHUTDOWN_DELAY_MS: '600000' });
    const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    expect((await ask('/health/ready')).status).toBe(200);

    signals.emit('SIGTERM');
    const [ready, live] = [await ask('/health/ready'), await ask('/health/live')];

    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'unavailable',
      checks: { process: { is_up: false, reason: 'stopping' } },
    });
    expect(live.status).toBe(200);
    expect(live.headers.get('connection')).toBe('close');
    expect(exits).toEqual([]);
    signals.emit('SIGTERM');
    expect(exits).toEqual([1]);
  });

  it('finishes requests and deliveries in hand, sends what they have left, and ends with code 0', async () => {
    const port = await start({});
    const { gate: note } = app.get(WriteNoteHandler);
    const { begun, gate: slow } = app.get(SlowController);
    const text = await aNoteInHand();
    const answer = fetch(`http://127.0.0.1:${port}/slow`);
    await begun.promise;

    signals.emit('SIGTERM');
    await eventually(() => expect(app.getHttpServer()).toMatchObject({ listening: false }));
    expect(exits).toEqual([]);
    slow.resolve('done');
    note.resolve();

    expect(await (await answer).text()).toBe('done');
    await eventually(() => expect(exits).toEqual([0]));
    expect(await notes(text)).toBe(1);
  });

  it('ends by itself with code 1 when it cannot come to an end in time', async () => {
    await start({ DRAIN_TIMEOUT_MS: '0' }, { graceMs: 200 });
    const end = Promise.withResolvers<void>();
    app.get(SlowController).end = end.promise;

    signals.emit('SIGTERM');

    await eventually(() => expect(exits).toEqual([1]));
    end.resolve();
  });

  it('is asked to stop while it stops by itself, and still finishes what is in hand', async () => {
    await start({ MEMORY_LIMIT_MB: '32', HEARTBEAT_MS: '100' });
    const { gate } = app.get(WriteNoteHandler);
    const text = await aNoteInHand();
    await eventually(() => expect(isStopping()).toBe(true));

    signals.emit('SIGTERM');
    expect(exits).toEqual([]);
    gate.resolve();

    await eventually(() => expect(exits).toEqual([75]));
    expect(await notes(text)).toBe(1);
  });

  it('sets the limits of the database on every connection', async () => {
    await start({ STATEMENT_TIMEOUT_MS: '61000', IDLE_TRANSACTION_TIMEOUT_MS: '7000' });

    const [limits]: unknown[] = await app.get(DataSource).query(
      `select current_setting('statement_timeout') as statement,
                current_setting('idle_in_transaction_session_timeout') as idle`,
    );

    expect(limits).toEqual({ statement: '61s', idle: '7s' });
  });

  /** Answers the text of a note that is being written, once it is. */
  async function aNoteInHand(): Promise<string> {
    const text = randomUUID();
    const messages = [Note({ text })];
    await app
      .get(MessagingRuntime)
      .send(probeContext, async () => ({ result: undefined, messages }));
    await app.get(WriteNoteHandler).begun.promise;
    return text;
  }

  function isStopping(): boolean {
    return app.get(MessagingRuntime).isStopping;
  }

  /** The service's own connections are gone with it. */
  async function notes(text: string): Promise<number> {
    const dataSource = await new DataSource({ type: 'postgres', url: databaseUrl }).initialize();
    const rows: unknown[] = await dataSource.query('select from probe.note where text = $1', [
      text,
    ]);
    await dataSource.destroy();
    return rows.length;
  }
});
