import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Ticket } from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { TicketUsed } from './events.errors.js';

const lifetimeMs = 60_000;

export interface TicketHolder {
  tenantId: string;
  topics: string[];
}

/** Tickets that open one stream, once, within a minute. Only their hash is kept. */
@Injectable()
export class StreamTickets {
  constructor(private readonly dataSource: DataSource) {}

  async issue({ tenantId, topics }: TicketHolder): Promise<Ticket> {
    const ticket = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + lifetimeMs);
    await this.dataSource.query(
      'insert into event_ticket (hash, tenant_id, topics, expires_at) values ($1, $2, $3, $4)',
      [hashOf(ticket), tenantId, topics, expiresAt],
    );
    return { ticket, expires_at: expiresAt.toISOString() };
  }

  /** Uses a ticket up. Of two that try at once, one gets it. Throws TicketUsed. */
  async redeem(ticket: string): Promise<TicketHolder> {
    const [[row]]: [TicketRow[], number] = await this.dataSource.query(
      `delete from event_ticket where hash = $1 returning tenant_id, topics, expires_at > now() as is_valid`,
      [hashOf(ticket)],
    );
    if (!row?.is_valid) throw new TicketUsed();
    return { tenantId: row.tenant_id, topics: row.topics };
  }

  async deleteExpired(): Promise<void> {
    await this.dataSource.query('delete from event_ticket where expires_at < now()');
  }
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}

interface TicketRow {
  tenant_id: string;
  topics: string[];
  is_valid: boolean;
}
