import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CheckUpload } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import { RepeatedWork } from '@offload/platform';
import { DataSource } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { SCANNER, type Scanner } from '../scanner.js';

const everyMs = 60_000;
const batchSize = 100;
/** So long an upload is left to the message that was sent when it came, and to the one before. */
const patienceMin = 10;

/**
 * Has uploads scanned that came while the scanner was away, once it answers again: those that can be used all the
 * same (`best_effort`), and those that wait (`required`) longer than their message is retried at short intervals.
 *
 * Safe in several replicas at once: each upload is asked for by the one that marks it.
 */
@Injectable()
export class RescanUploads implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Uploads');
  private readonly repeated = new RepeatedWork(() => this.run(), { everyMs });

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'SCAN_POLICY'>,
    @Inject(SCANNER) private readonly scanner: Scanner | undefined,
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.scanner || this.config.SCAN_POLICY === 'off') return;
    this.repeated.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeated.stop();
  }

  /** Does not throw. Answers how many were asked for. */
  async run(): Promise<number> {
    try {
      if ((await this.scanner?.version()) === undefined) return 0;
      let asked = 0;
      let batch: number;
      do {
        batch = await this.askForOneTenant();
        asked += batch;
      } while (batch > 0);
      if (asked > 0) this.logger.log({ event: 'uploads-scanned-later', asked });
      return asked;
    } catch (error) {
      this.logger.warn({ event: 'uploads-not-scanned-later', err: error });
      return 0;
    }
  }

  /** Messages of one transaction belong to one tenant. */
  private async askForOneTenant(): Promise<number> {
    const tenantId = await this.nextTenant();
    if (tenantId === undefined) return 0;
    const context = { source: 'gateway', tenantId, correlationId: 'rescan-uploads' };
    return this.runtime.send(context, async (tx) => {
      const [rows]: [{ id: string }[], number] = await tx.query(
        `update upload set asked_at = now()
          where id in (select id from upload where tenant_id = $1 and ${isDue}
                        order by id limit ${batchSize} for update skip locked)
        returning id`,
        [tenantId],
      );
      return {
        result: rows.length,
        messages: rows.map(({ id }) => CheckUpload({ uploadId: id })),
      };
    });
  }

  private async nextTenant(): Promise<string | undefined> {
    const [row]: { tenant_id: string }[] = await this.dataSource.query(
      `select tenant_id from upload where ${isDue} order by id limit 1`,
    );
    return row?.tenant_id;
  }
}

const isDue = `removed_at is null and deleted_at is null
  and (state in ('received', 'scanning') or scan_status = 'not_scanned') and kind <> 'part'
  and coalesce(asked_at, created_at) < now() - ${patienceMin} * interval '1 minute'`;
