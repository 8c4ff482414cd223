import type { INestApplication } from '@nestjs/common';
import { type CommonConfig, MemoryGuard, memoryLimitExitCode } from '@offload/platform';
import type { Logger } from 'nestjs-pino';
import { memoryLimitBytesOf } from './messaging-options-of.js';

export interface MemoryLimitOptions {
  config: Pick<CommonConfig, 'MEMORY_LIMIT_MB' | 'HEARTBEAT_MS' | 'DRAIN_TIMEOUT_MS'>;
  logger: Logger;
  /** (Default: process.exit) */
  exit?: (code: number) => void;
}

/** What a stop may take beside the drain, before the process ends without it. In milliseconds. */
const graceMs = 10_000;

/**
 * Ends the process in good order when it stays above its memory limit: the normal stop, which finishes
 * what is in hand, and then exit code 75, for its supervisor to start it again. Without a limit it does
 * nothing.
 */
export function endAtMemoryLimit(
  app: Pick<INestApplication, 'close'>,
  { config, logger, exit = (code) => process.exit(code) }: MemoryLimitOptions,
): void {
  const limitBytes = memoryLimitBytesOf(config);
  if (limitBytes === undefined) return;
  const end = async (rssBytes: number): Promise<void> => {
    logger.warn({
      event: 'memory-limit',
      rssBytes,
      limitBytes,
      reason: `The process holds ${inMiB(rssBytes)} MiB and stays above its limit of ${inMiB(limitBytes)} MiB. It finishes what is in hand and ends, to be started again.`,
    });
    const giveUp = setTimeout(() => exit(memoryLimitExitCode), config.DRAIN_TIMEOUT_MS + graceMs);
    await app.close().catch((error: unknown) => logger.error({ event: 'stop', err: error }));
    clearTimeout(giveUp);
    exit(memoryLimitExitCode);
  };
  new MemoryGuard({
    limitBytes,
    everyMs: config.HEARTBEAT_MS,
    onLimit: (rssBytes) => void end(rssBytes),
  }).start();
}

function inMiB(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
