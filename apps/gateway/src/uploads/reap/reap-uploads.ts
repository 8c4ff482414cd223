import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RepeatedWork } from '@offload/platform';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { RemoveFiles } from '../remove-files.js';
import { FIND_UPLOAD_USES, type FindUploadUses } from '../upload-uses.js';
import { onlyHere } from './only-here.js';

const everyMs = 60_000;
const batchSize = 200;

/**
 * Removes what nobody has gone on with, and what nobody uses any more.
 *
 * 1. An unfinished upload past its time expires, unless a request is sending bytes of it: that one has taken
 *    the lease before its time was over, and moves the time with what it writes down.
 * 2. A finished one past its time expires unless an import needs it, or has needed it lately. What is in
 *    quarantine stays until somebody deletes it.
 * 3. The bytes of all that have expired, were deleted or rejected go, also those that could not be removed then.
 * 4. Rows that say nothing to anybody any more are deleted.
 *
 * One replica at a time does this. Every step is safe in several at once all the same.
 */
@Injectable()
export class ReapUploads implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Uploads');
  private readonly repeated = new RepeatedWork(() => this.run(), { everyMs });

  constructor(
    private readonly dataSource: DataSource,
    private readonly removeFiles: RemoveFiles,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'UPLOAD_RETENTION_DAYS'>,
    @Inject(FIND_UPLOAD_USES) private readonly findUses: FindUploadUses,
  ) {}

  onApplicationBootstrap(): void {
    this.repeated.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeated.stop();
  }

  /** Does nothing while another replica is at it. Does not throw. */
  async run(): Promise<void> {
    try {
      await onlyHere(this.dataSource, 'reap uploads', async () => {
        const expired =
          (await this.inBatches(() => this.expireUnfinished())) +
          (await this.inBatches(() => this.expireFinished()));
        await this.inBatches(() => this.removeBytes());
        const forgotten = await this.inBatches(() => this.forgetRows());
        if (expired + forgotten > 0) {
          this.logger.log({ event: 'uploads-reaped', expired, forgotten });
        }
      });
    } catch (error) {
      this.logger.warn({ event: 'uploads-not-reaped', err: error });
    }
  }

  /** Answers how many there were altogether. A step that does less than a batch has come to its end. */
  private async inBatches(step: () => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const done = await step();
      total += done;
      if (done < batchSize || this.repeated.isStopping) return total;
    }
  }

  private async expireUnfinished(): Promise<number> {
    const [, expired]: [unknown, number] = await this.dataSource.query(
      `update upload set ${expiredBecause('Nobody has gone on with it in time.')}
        where id in (
          select id from upload
           where expires_at < now() and deleted_at is null and removed_at is null
             and (state = 'receiving' or kind = 'part' and state <> 'expired')
             and not exists (select from upload_lease lease
                              where lease.upload_id = upload.id and lease.expires_at > now())
             and not exists (select from upload assembled
                              where assembled.parts @> array[upload.id] and assembled.sha256 is null
                                and assembled.state in ('receiving', 'received', 'scanning')
                                and assembled.deleted_at is null)
           order by expires_at limit ${batchSize} for update skip locked)`,
    );
    return expired;
  }

  /** Those that are needed, or were needed lately, get a later time. */
  private async expireFinished(): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      const due: { id: string }[] = await tx.query(
        `select id from upload
          where expires_at < now() and deleted_at is null and removed_at is null
            and kind <> 'part' and state = 'ready'
          order by expires_at limit ${batchSize} for update skip locked`,
      );
      const ids = due.map(({ id }) => id);
      const later = await this.postpone(tx, ids);
      await tx.query(
        `update upload set ${expiredBecause('Nobody has used it in time.')} where id = any($1::uuid[])`,
        [ids.filter((id) => !later.has(id))],
      );
      return ids.length;
    });
  }

  private async postpone(tx: EntityManager, ids: readonly string[]): Promise<Set<string>> {
    const uses = await this.findUses(tx, ids);
    const retentionMs = this.config.UPLOAD_RETENTION_DAYS * 86_400_000;
    const later = new Map<string, Date>();
    for (const [id, { isHeld, lastUsedAt }] of uses) {
      const needed = isHeld ? new Date() : lastUsedAt;
      const until = new Date(needed.getTime() + retentionMs);
      if (until > new Date()) later.set(id, until);
    }
    await tx.query(
      `update upload set expires_at = later.until
         from unnest($1::uuid[], $2::timestamptz[]) as later(id, until) where upload.id = later.id`,
      [[...later.keys()], [...later.values()]],
    );
    return new Set(later.keys());
  }

  private async removeBytes(): Promise<number> {
    const rows: { id: string; storage_key: string }[] = await this.dataSource.query(
      `select id, storage_key from upload
        where removed_at is null and (deleted_at is not null or state in ('rejected', 'expired'))
        order by id limit ${batchSize}`,
    );
    let removed = 0;
    for (const { id, storage_key: storageKey } of rows) {
      if (await this.removeFiles.execute({ id, storageKey })) removed += 1;
    }
    return removed;
  }

  /**
   * What was deleted at once; what has expired or was rejected is told for as long as a file is kept. Rows
   * that imports speak of stay, and are not looked at again.
   */
  private async forgetRows(): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      const due: { id: string }[] = await tx.query(
        `select id from upload
          where not stays
            and removed_at < now() - case when deleted_at is null then $1 else 0 end * interval '1 day'
          order by removed_at limit ${batchSize} for update skip locked`,
        [this.config.UPLOAD_RETENTION_DAYS],
      );
      const ids = due.map(({ id }) => id);
      const uses = await this.findUses(tx, ids);
      await tx.query('update upload set stays = true where id = any($1::uuid[])', [
        [...uses.keys()],
      ]);
      const unused = ids.filter((id) => !uses.has(id));
      await tx.query('delete from upload where id = any($1::uuid[])', [unused]);
      return ids.length;
    });
  }
}

function expiredBecause(detail: string): string {
  return `state = 'expired', problem_code = 'upload_expired', problem_detail = '${detail}'`;
}
