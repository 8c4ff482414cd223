import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Shutdown } from '../shutdown/shutdown.js';
import { LookAtHealth } from './look-at-health.js';

/**
 * Live: the event loop turns, restart me otherwise. Ready: I can do my work, send me traffic.
 *
 * A dependency that is away makes a service unready, never dead: a restart would not bring it back. One that stops
 * says so at once, without asking anybody else, and stays alive while it finishes what it has in hand.
 */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: LookAtHealth,
    private readonly shutdown: Shutdown,
  ) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<Readiness> {
    if (this.shutdown.leaving.aborted) throw new ServiceUnavailableException(stopping);
    const results = await this.health.look();
    const readiness: Readiness = {
      status: results.every(({ isUp }) => isUp) ? 'ok' : 'unavailable',
      checks: Object.fromEntries(
        results.map(({ name, isUp, reason }) => [
          name,
          reason === undefined ? { is_up: isUp } : { is_up: isUp, reason },
        ]),
      ),
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
