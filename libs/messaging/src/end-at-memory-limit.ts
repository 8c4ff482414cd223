import { type CommonConfig, MemoryGuard, memoryLimitExitCode } from '@offload/platform';
import type { Logger } from 'nestjs-pino';
import type { GracefulStop } from './graceful-stop.js';
import { memoryLimitBytesOf } from './messaging-options-of.js';

export interface MemoryLimitOptions {
  config: Pick<CommonConfig, 'MEMORY_LIMIT_MB' | 'HEARTBEAT_MS'>;
  logger: Logger;
}

/**
 * Ends the process in good order when it stays above its memory limit: the normal stop, which finishes
 * what is in hand, and then exit code 75, for its supervisor to start it again. Without a limit it does
 * nothing.
 */
export function endAtMemoryLimit(stop: GracefulStop, { config, logger }: MemoryLimitOptions): void {
  const limitBytes = memoryLimitBytesOf(config);
  if (limitBytes === undefined) return;
  const end = (rssBytes: number): void => {
    logger.warn({
      event: 'memory-limit',
      rssBytes,
      limitBytes,
      reason: `The process holds ${inMiB(rssBytes)} MiB and stays above its limit of ${inMiB(limitBytes)} MiB. It finishes what is in hand and ends, to be started again.`,
    });
    void stop.run({ cause: 'memory-limit', code: memoryLimitExitCode });
  };
  new MemoryGuard({ limitBytes, everyMs: config.HEARTBEAT_MS, onLimit: end }).start();
}

function inMiB(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
