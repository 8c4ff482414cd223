import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Shutdown } from '../shutdown/shutdown.js';

/** One thing a service depends on, and how it is; `reason` says in words why it is not. */
export interface HealthCheck {
  name: string;
  check: () => Promise<{ isUp: boolean; reason?: string | undefined }>;
}

export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

/**
 * Live: the event loop turns, restart me otherwise. Ready: I can do my work, send me traffic.
 *
 * A dependency that is away makes a service unready, never dead: a restart would not bring it back. One that stops
 * says so at once, without asking anybody else, and stays alive while it finishes what it has in hand.
 */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HEALTH_CHECKS) private readonly checks: HealthCheck[],
    private readonly shutdown: Shutdown,
  ) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<Readiness> {
    if (this.shutdown.leaving.aborted) throw new ServiceUnavailableException(stopping);
    const results = await Promise.all(this.checks.map(runCheck));
    const readiness: Readiness = {
      status: results.every(({ is_up: isUp }) => isUp) ? 'ok' : 'unavailable',
      checks: Object.fromEntries(results.map(({ name, ...result }) => [name, result])),
    };
    if (readiness.status === 'ok') return readiness;
    throw new ServiceUnavailableException(readiness);
  }
}

const stopping: Readiness = {
  status: 'unavailable',
  checks: { process: { is_up: false, reason: 'stopping' } },
};

interface Readiness {
  status: 'ok' | 'unavailable';
  checks: Record<string, { is_up: boolean; reason?: string }>;
}

async function runCheck({
  name,
  check,
}: HealthCheck): Promise<{ name: string; is_up: boolean; reason?: string }> {
  try {
    const { isUp, reason } = await check();
    return reason === undefined ? { name, is_up: isUp } : { name, is_up: isUp, reason };
  } catch (error) {
    return { name, is_up: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
