import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { OutboxFull } from './access.errors.js';
import { accessOf } from './access.guard.js';

const checkEveryMs = 1000;

/**
 * Refuses POSTs while the outbox holds more than it may.
 *
 * A broker that is away or blocked is no reason by itself: accepted work waits in the outbox. What operators
 * do is let through: to pause a replay or to discard dead letters may be just what makes room.
 */
@Injectable()
export class CapacityGuard implements CanActivate {
  private checkedAt = -Infinity;
  private isFull = Promise.resolve(false);

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'OUTBOX_LIMIT'>,
    private readonly dataSource: DataSource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (context.switchToHttp().getRequest<Request>().method !== 'POST') return true;
    if (accessOf(context.getHandler(), context.getClass()) === 'operations:write') return true;
    if (performance.now() - this.checkedAt > checkEveryMs) {
      this.checkedAt = performance.now();
      this.isFull = this.check();
    }
    if (await this.isFull) throw new OutboxFull();
    return true;
  }

  /** Counts no further than the limit, so that a long outbox does not make it slow. */
  private async check(): Promise<boolean> {
    const [row]: { pending: string }[] = await this.dataSource.query(
      `select count(*) as pending
         from (select from outbox_message where sent_at is null limit $1) as waiting`,
      [this.config.OUTBOX_LIMIT + 1],
    );
    return Number(row?.pending ?? 0) > this.config.OUTBOX_LIMIT;
  }
}
