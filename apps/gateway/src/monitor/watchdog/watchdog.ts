import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { FindingCode } from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { LookAtBroker } from '../queues/look-at-broker.js';
import { checks } from './checks/checks.js';
import type { Facts, Trouble } from './facts.js';
import { FindingStore, runbookOf } from './finding-store.js';
import { ReadFacts } from './read-facts.js';
import { type Change, reconcile } from './reconcile-findings.js';

/**
 * Looks after the system, so that what fails in silence does not stay silent. (Guarantee 12)
 *
 * 1. Each replica wakes every few seconds, and one of them takes the look on.
 * 2. It looks at the broker, which may take a moment, and then reads what the database knows.
 * 3. The checks, which are pure functions, say what is wrong.
 * 4. That is compared with the findings there are: opened, seen again, resolved. A lock makes sure that
 *    looks which overlap do not do it twice.
 * 5. After the commit each finding that was opened, grew worse or was resolved is one log line.
 *
 * A look that fails is told in the log, and the next one is a period later. Nothing ends the process.
 */
@Injectable()
export class Watchdog implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Watchdog');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'INSTANCE_ID'>,
    private readonly dataSource: DataSource,
    private readonly broker: LookAtBroker,
    private readonly facts: ReadFacts,
    private readonly findings: FindingStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.lookInTurn(), this.facts.limits.everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Looks if no other replica has in this period. Never throws, and never runs twice at once. */
  async lookInTurn(): Promise<void> {
    this.looking ??= this.takeTurn().finally(() => {
      this.looking = undefined;
    });
    await this.looking;
  }

  /** Looks at once, whoever has looked before. Answers what has changed. */
  async look(): Promise<Change[]> {
    const view = await this.broker.read();
    const changes = await this.dataSource.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = '15s'`);
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('gateway.watchdog', 0))`);
      const facts = await this.facts.execute(tx, view);
      const found = this.runChecks(facts);
      const known = await this.findings.listUnresolved(tx);
      const { everyMs } = facts.limits;
      const compared = reconcile({ now: facts.now, everyMs, known, ...found });
      await this.findings.apply(tx, compared);
      return compared;
    });
    for (const change of changes) this.tell(change);
    return changes;
  }

  private async takeTurn(): Promise<void> {
    try {
      const { INSTANCE_ID: instance } = this.config;
      if (await this.findings.claimLook(instance, this.facts.limits.everyMs)) await this.look();
    } catch (error) {
      this.logger.error({ event: 'watchdog', err: error }, 'The watchdog could not look.');
    }
  }

  /** A check that is wrong itself must not blind the others. */
  private runChecks(facts: Facts): { seen: Trouble[]; judged: Set<FindingCode> } {
    const seen: Trouble[] = [];
    const judged = new Set<FindingCode>();
    for (const [code, check] of Object.entries(checks) as [
      FindingCode,
      (typeof checks)[FindingCode],
    ][]) {
      try {
        const troubles = check(facts);
        if (!troubles) continue;
        judged.add(code);
        seen.push(...troubles);
      } catch (error) {
        this.logger.error({ event: 'watchdog-check', code, err: error });
      }
    }
    return { seen, judged };
  }

  private tell(change: Change): void {
    if (change.kind === 'resolve') {
      const { code, subject, since } = change.known;
      const durationMs = Date.now() - since.getTime();
      this.logger.log({ event: 'finding', state: 'resolved', code, subject, durationMs });
    }
    const isNews = change.kind === 'open' || (change.kind === 'see' && change.isWorse);
    if (!isNews) return;
    const { code, severity, subject, detail, remedy } = change.trouble;
    const state = change.kind === 'open' ? 'opened' : 'worse';
    const line = { event: 'finding', state, code, severity, subject, detail, remedy };
    if (severity === 'critical') this.logger.error({ ...line, runbook: runbookOf(code) });
    else this.logger.warn({ ...line, runbook: runbookOf(code) });
  }
}
