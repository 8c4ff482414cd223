import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { IdempotencyInFlight } from './idempotency-key.js';
import type { KeyedRequest } from './request-key.js';

/** How long a key stays held without a sign of life. */
const leaseS = 30;

/**
 * Holds a key for longer than a transaction should last: while a file is received.
 *
 * It expires by itself, so that the upload of a process that died can be sent again; `refresh` it
 * while bytes flow. The transaction that stores the upload calls `confirm`, so a lease that was lost
 * meanwhile loses the upload too, and there are never two.
 */
export class Lease {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly request: KeyedRequest,
    private readonly holder: string,
  ) {}

  /** Throws IdempotencyInFlight while another holds it. */
  static async take(dataSource: DataSource, request: KeyedRequest): Promise<Lease> {
    const holder = randomUUID();
    const taken: unknown[] = await dataSource.query(
      `insert into idempotency_lease (tenant_id, route, key, holder, expires_at)
       values ($1, $2, $3, $4, now() + $5 * interval '1 second')
       on conflict (tenant_id, route, key) do update
         set holder = excluded.holder, expires_at = excluded.expires_at
         where idempotency_lease.expires_at < now()
       returning holder`,
      [...idOf(request), holder, leaseS],
    );
    if (taken.length === 0) throw new IdempotencyInFlight();
    return new Lease(dataSource, request, holder);
  }

  async refresh(): Promise<void> {
    await this.dataSource.query(
      `update idempotency_lease set expires_at = now() + $5 * interval '1 second'
        where tenant_id = $1 and route = $2 and key = $3 and holder = $4`,
      [...idOf(this.request), this.holder, leaseS],
    );
  }

  /** Ends the lease as part of the transaction. Throws IdempotencyInFlight when another has taken it over. */
  async confirm(tx: EntityManager): Promise<void> {
    if ((await this.end(tx)) === 0) throw new IdempotencyInFlight();
  }

  /** Gives the key back; safe after `confirm`. */
  async release(): Promise<void> {
    await this.end(this.dataSource.manager);
  }

  private async end(tx: EntityManager): Promise<number> {
    const [, ended]: [unknown, number] = await tx.query(
      `delete from idempotency_lease
        where tenant_id = $1 and route = $2 and key = $3 and holder = $4`,
      [...idOf(this.request), this.holder],
    );
    return ended;
  }
}

function idOf({ caller, route, key }: KeyedRequest): [string, string, string] {
  return [caller.tenantId, route, key];
}
