import type { Server } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  AppError,
  CannotListen,
  checkSchema,
  type CommonConfig,
  describeError,
  OpenRequests,
} from '@offload/platform';
import { Logger } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import { endAtMemoryLimit } from './end-at-memory-limit.js';
import { GracefulStop, type StopSignals } from './graceful-stop.js';
import { MessagingStrategy } from './messaging-strategy.js';

type ServiceConfig = Pick<
  CommonConfig,
  'PORT' | 'HOST' | 'MEMORY_LIMIT_MB' | 'HEARTBEAT_MS' | 'DRAIN_TIMEOUT_MS' | 'SHUTDOWN_DELAY_MS'
>;

/** What a service needs of its process; specs give their own. */
export interface Surroundings {
  /** (Default: process.exit) */
  exit?: (code: number) => void;
  /** Where signals come from. (Default: process) */
  signals?: StopSignals;
  /** What a stop may take beside the delay and the drain, in milliseconds. (Default: 10 000) */
  graceMs?: number;
}

/**
 * Brings a created application up: logging, the road, HTTP, and a stop that drains, on SIGTERM and above
 * the memory limit.
 *
 * HTTP listens last, so that a service that answers can also do its work. Until it does, a signal ends the process at
 * once, as a crash would: what it may have begun is done again by another. Answers the port.
 */
export async function startService(
  app: NestExpressApplication,
  config: ServiceConfig,
  { exit = (code) => process.exit(code), signals = process, graceMs }: Surroundings = {},
): Promise<number> {
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.flushLogs();
  const dataSource = app.get(DataSource);
  const warning = await checkSchema(dataSource, schemaOf(dataSource));
  if (warning !== undefined) logger.warn({ event: 'schema', reason: warning });
  const requests = new OpenRequests(app.getHttpServer());
  app.connectMicroservice({ strategy: app.get(MessagingStrategy) });
  // Nest would call `onModuleInit` with `listen`, after the first deliveries: who listens to them must be there.
  await app.init();
  await app.startAllMicroservices();
  const server = await listen(app, config);
  const stop = new GracefulStop(app, { config, logger, requests, exit, graceMs });
  stop.listenTo(signals);
  const address: unknown = server.address();
  const port =
    typeof address === 'object' && address && 'port' in address
      ? Number(address.port)
      : config.PORT;
  logger.log({ event: 'listening', port });
  endAtMemoryLimit(stop, { config, logger });
  return port;
}

/** What has begun is drained, so that a start that fails here again and again wears no message out. */
async function listen(app: NestExpressApplication, config: ServiceConfig): Promise<Server> {
  try {
    return await app.listen(config.PORT, config.HOST);
  } catch (error) {
    await app.close();
    throw new CannotListen(config, error);
  }
}

function schemaOf({ options }: DataSource): string {
  return 'schema' in options ? (options.schema ?? '') : '';
}

/**
 * How a service's application is created: Nest's lines wait for the service's own logger, and an error is
 * `runMain`'s to tell, in one line and not in Nest's many.
 */
export const untilItStarts = {
  bufferLogs: true,
  autoFlushLogs: false,
  abortOnError: false,
} satisfies NestApplicationOptions;

/**
 * Runs a service's main function. A start that cannot work ends with the reason and the remedy in
 * one line, and exit code 1, for a supervisor to try again. What nobody has foreseen comes with its stack. The level
 * is the number of the other lines, as a log store that has learnt numbers refuses a line with a word.
 */
export function runMain(service: string, main: () => Promise<unknown>): void {
  main().catch((error: unknown) => {
    const { code, message, stack } = describeError(error);
    const line = {
      level: 60,
      service,
      event: 'start-failed',
      code,
      message,
      ...(error instanceof AppError ? {} : { stack }),
      time: new Date().toISOString(),
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    process.exit(1);
  });
}
