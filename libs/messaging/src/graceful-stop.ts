import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { type CommonConfig, type OpenRequests, Shutdown } from '@offload/platform';
import type { Logger } from 'nestjs-pino';
import { MessagingRuntime } from './messaging-runtime.js';

export interface GracefulStopOptions {
  config: Pick<CommonConfig, 'SHUTDOWN_DELAY_MS' | 'DRAIN_TIMEOUT_MS'>;
  logger: Logger;
  requests: OpenRequests;
  exit: (code: number) => void;
  /** What a stop may take beside the delay and the drain, before the process ends without it, in milliseconds. (Default: 10 000) */
  graceMs?: number | undefined;
}

/** Where signals come from: the process. */
export type StopSignals = Pick<NodeJS.EventEmitter, 'on'>;

export interface StopCause {
  /** A signal, or why the process ends by itself. */
  cause: string;
  /** What the supervisor is told. (Default: 0) */
  code?: number;
}

/** How long a request whose time is over has for its answer, in milliseconds. */
const lastAnswersMs = 3000;

/**
 * The life of a stop:
 *
 * 1. Readiness says "stopping", answers say `Connection: close`, event streams end one after the other. No more
 *    deliveries are taken, and those in hand are finished; that goes on beside the next two steps.
 * 2. It goes on to serve for SHUTDOWN_DELAY_MS, until balancers have noticed.
 * 3. No more connections; requests in hand are finished, for up to DRAIN_TIMEOUT_MS. Uploads that take longer are
 *    then ended with an answer.
 * 4. Nest's own shutdown: timers, what is pending in the outbox, the connections to broker and database.
 *
 * A second signal, or a stop that takes longer than the sum of these and ten seconds, ends the process where it is.
 * Nothing is lost by that; what was in hand is done again. The first signal to a process that already stops by itself
 * is no second one: whoever sent it wants what is going on.
 */
export class GracefulStop {
  private running: Promise<void> | undefined;
  private limit: NodeJS.Timeout | undefined;
  private hasEnded = false;

  constructor(
    private readonly app: Pick<INestApplication, 'get' | 'close'>,
    private readonly options: GracefulStopOptions,
  ) {}

  listenTo(signals: StopSignals): void {
    let isAsked = false;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
      signals.on(signal, () => {
        if (isAsked) this.endNow(1, `${signal} came while the process was stopping`);
        isAsked = true;
        void this.run({ cause: signal });
      });
    }
  }

  /** Ends the process, with code 0 unless the cause has another. A stop that runs already is left to it. */
  run(cause: StopCause): Promise<void> {
    this.running ??= this.stop(cause);
    return this.running;
  }

  private async stop({ cause, code = 0 }: StopCause): Promise<void> {
    const { config, logger, requests, graceMs = 10_000 } = this.options;
    const startedAt = performance.now();
    const limitMs = config.SHUTDOWN_DELAY_MS + config.DRAIN_TIMEOUT_MS + graceMs;
    const tooLong = (): void => this.endNow(code || 1, `the stop took longer than ${limitMs} ms`);
    this.limit = setTimeout(tooLong, limitMs);
    logger.log({ event: 'stopping', cause, requests: requests.count });
    try {
      await Promise.all([this.app.get(MessagingRuntime).drain(), this.partWithClients()]);
      await this.app.close();
      logger.log({ event: 'stopped', durationMs: Math.round(performance.now() - startedAt) });
    } catch (error) {
      logger.error({ event: 'stop', err: error });
    }
    this.end(code);
  }

  private async partWithClients(): Promise<void> {
    const { config, logger, requests } = this.options;
    const shutdown = this.app.get(Shutdown);
    requests.part();
    shutdown.leave(config.SHUTDOWN_DELAY_MS);
    await pause(config.SHUTDOWN_DELAY_MS, undefined, { ref: false });
    const done = requests.close();
    if (await endsWithin(done, config.DRAIN_TIMEOUT_MS)) return;
    logger.warn({ event: 'requests-ended', requests: requests.count });
    shutdown.end();
    if (await endsWithin(done, lastAnswersMs)) return;
    requests.cutOff();
    await done;
  }

  private endNow(code: number, reason: string): void {
    const { logger, requests } = this.options;
    const inHand = this.app.get(MessagingRuntime).inHand;
    logger.error({
      event: 'stop-cut-short',
      reason: `The process ends at once: ${reason}. What it had in hand is done again by another.`,
      inHand,
      requests: requests.count,
    });
    this.end(code);
  }

  private end(code: number): void {
    clearTimeout(this.limit);
    if (!this.hasEnded) this.options.exit(code);
    this.hasEnded = true;
  }
}

async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      pause(ms, false, { signal: over.signal }).catch(() => false),
    ]);
  } finally {
    over.abort();
  }
}
