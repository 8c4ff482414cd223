import { Inject, Injectable } from '@nestjs/common';
import type { Quota } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { QuotaExceeded, TooManyUploads } from './quotas.errors.js';

/** How many bytes a tenant may still bring, and what is said to more of them. */
export interface Room {
  bytes: number;
  refusal: () => Error;
}

type Limits = Pick<
  GatewayConfig,
  'UPLOAD_OPEN_LIMIT' | 'UPLOAD_STORED_BYTES_LIMIT' | 'UPLOAD_DAILY_BYTES_LIMIT'
>;

/**
 * What a tenant may store, send in a day and leave open. Where no limit is set nothing is counted.
 *
 * A resumable upload reserves its length when it begins; one whose length is not known yet, and a plain POST,
 * are held to what is left while they come. Stored bytes are added up anew each time, so no counter can drift.
 */
@Injectable()
export class UploadQuotas {
  constructor(@Inject(GATEWAY_CONFIG) private readonly limits: Limits) {}

  /**
   * Lets an upload of this size begin; null when the size is not known. Must run in the transaction that stores
   * its row: a tenant's uploads begin one after the other, so two cannot take the same room. Throws
   * TooManyUploads or QuotaExceeded.
   */
  async reserve(tx: EntityManager, tenantId: string, size: number | null): Promise<void> {
    await beOnlyOne(tx, tenantId);
    await this.refuseTooManyOpen(tx, tenantId);
    await this.refuseTooMuch(tx, tenantId, size ?? 1);
    if (this.daily !== undefined) {
      const { bytes, refusal } = await this.dailyRoom(tx, tenantId, this.daily);
      if (bytes < (size ?? 1)) throw refusal();
    }
  }

  /** What there is room for at this moment, for bytes that nothing is reserved for. */
  async room(tx: EntityManager, tenantId: string): Promise<Room> {
    const stored =
      this.stored === undefined ? noLimit : await this.storedRoom(tx, tenantId, this.stored);
    const daily = await this.roomToday(tx, tenantId);
    return stored.bytes < daily.bytes ? stored : daily;
  }

  /** What may still come today, also of what is reserved. */
  async roomToday(tx: EntityManager, tenantId: string): Promise<Room> {
    return this.daily === undefined ? noLimit : this.dailyRoom(tx, tenantId, this.daily);
  }

  /**
   * Takes a file that came without a reservation. Must run in the transaction that stores its row. Throws
   * QuotaExceeded when others have taken the room meanwhile.
   */
  async admit(tx: EntityManager, tenantId: string, size: number): Promise<void> {
    if (this.stored !== undefined) {
      await beOnlyOne(tx, tenantId);
      await this.refuseTooMuch(tx, tenantId, size);
    }
    await this.note(tx, tenantId, size);
  }

  /** Counts bytes that have come, in the transaction that tells of them. */
  async note(tx: EntityManager, tenantId: string, bytes: number): Promise<void> {
    if (this.daily === undefined || bytes === 0) return;
    await tx.query(
      `insert into upload_traffic (tenant_id, day, bytes) values ($1, (now() at time zone 'UTC')::date, $2)
       on conflict (tenant_id, day) do update set bytes = upload_traffic.bytes + excluded.bytes`,
      [tenantId, bytes],
    );
  }

  private get stored(): number | undefined {
    return this.limits.UPLOAD_STORED_BYTES_LIMIT;
  }

  private get daily(): number | undefined {
    return this.limits.UPLOAD_DAILY_BYTES_LIMIT;
  }

  private async refuseTooManyOpen(tx: EntityManager, tenantId: string): Promise<void> {
    const limit = this.limits.UPLOAD_OPEN_LIMIT;
    const [row]: { open: string }[] = await tx.query(
      `select count(*) as open from upload
        where tenant_id = $1 and state = 'receiving' and deleted_at is null`,
      [tenantId],
    );
    const used = Number(row?.open ?? 0);
    if (used >= limit) {
      throw new TooManyUploads({ name: 'open_uploads', limit, used, resets_in_s: null });
    }
  }

  private async refuseTooMuch(tx: EntityManager, tenantId: string, size: number): Promise<void> {
    if (this.stored === undefined) return;
    const { bytes, refusal } = await this.storedRoom(tx, tenantId, this.stored);
    if (bytes < size) throw refusal();
  }

  /** What is put together from parts counts once it is: until then its parts do. */
  private async storedRoom(tx: EntityManager, tenantId: string, limit: number): Promise<Room> {
    const [row]: { used: string }[] = await tx.query(
      `select coalesce(sum(greatest(coalesce(size, 0), received)), 0) as used from upload
        where tenant_id = $1 and removed_at is null and (kind <> 'assembled' or sha256 is not null)`,
      [tenantId],
    );
    return roomIn({ name: 'stored_bytes', limit, used: Number(row?.used ?? 0), resets_in_s: null });
  }

  private async dailyRoom(tx: EntityManager, tenantId: string, limit: number): Promise<Room> {
    const [row]: { used: string; resets_in_s: number }[] = await tx.query(
      `select ceil(extract(epoch from date_trunc('day', at) + interval '1 day' - at))::int as resets_in_s,
              coalesce((select bytes from upload_traffic where tenant_id = $1 and day = at::date), 0) as used
         from (select now() at time zone 'UTC' as at) as today`,
      [tenantId],
    );
    const resets_in_s = row?.resets_in_s ?? null;
    return roomIn({ name: 'bytes_per_day', limit, used: Number(row?.used ?? 0), resets_in_s });
  }
}

const noLimit: Room = {
  bytes: Infinity,
  refusal: () => new Error('There is no limit.'),
};

function roomIn(quota: Quota): Room {
  return {
    bytes: Math.max(0, quota.limit - quota.used),
    refusal: () => new QuotaExceeded(quota),
  };
}

/** Until the end of the transaction, of those that begin an upload for this tenant. */
async function beOnlyOne(tx: EntityManager, tenantId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`uploads ${tenantId}`]);
}
