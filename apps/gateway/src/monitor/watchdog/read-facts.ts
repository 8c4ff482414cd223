import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import type { BrokerView } from '../queues/look-at-broker.js';
import { listWorkers } from '../workers/worker-store.js';
import type {
  Facts,
  Limits,
  MemoryTrend,
  OutboxFacts,
  PausedReplay,
  UnroutedMessages,
  Unmoved,
  UnmovedWork,
} from './facts.js';

/** Told one by one; of the others only the number. */
const toldOneByOne = 20;

type Config = Pick<GatewayConfig, 'RETRY_TIERS_MS' | 'STALLED_AFTER_MIN' | 'WATCHDOG_EVERY_S'>;

/** Reads what the watchdog judges by: one statement for each kind of fact, all of them by an index. */
@Injectable()
export class ReadFacts {
  readonly limits: Limits;

  constructor(@Inject(GATEWAY_CONFIG) config: Config) {
    this.limits = {
      stalledAfterMs: config.STALLED_AFTER_MIN * 60_000,
      // A wait in a tier is never longer than the tier; the second time is for what comes before and after.
      retryHorizonMs: 2 * Math.max(...config.RETRY_TIERS_MS),
      everyMs: config.WATCHDOG_EVERY_S * 1000,
    };
  }

  async execute(tx: EntityManager, broker: BrokerView): Promise<Facts> {
    const { stalledAfterMs, retryHorizonMs } = this.limits;
    const [clock]: { now: Date }[] = await tx.query('select now()');
    return {
      now: clock?.now ?? new Date(),
      limits: this.limits,
      workers: await listWorkers(tx),
      memory: await tx.query<MemoryTrend[]>(memoryTrends),
      broker,
      imports: await unmoved(tx, unmovedImports, stalledAfterMs),
      emails: await unmoved(tx, unmovedEmails, Math.max(stalledAfterMs, retryHorizonMs)),
      outbox: await outboxFacts(tx),
      unrouted: await tx.query<UnroutedMessages[]>(unroutedMessages),
      replays: await tx.query<PausedReplay[]>(pausedReplays),
    };
  }
}

async function unmoved(tx: EntityManager, sql: string, silentMs: number): Promise<Unmoved> {
  const rows: (UnmovedWork & { count: number })[] = await tx.query(sql, [silentMs, toldOneByOne]);
  return {
    count: rows[0]?.count ?? 0,
    oldest: rows.map(({ id, state, lastSignAt }) => ({ id, state, lastSignAt })),
  };
}

async function outboxFacts(tx: EntityManager): Promise<OutboxFacts> {
  const [row]: OutboxFacts[] = await tx.query(outbox);
  return row ?? { pending: 0, oldestAt: null, lastError: null };
}

/**
 * Without those that wait for somebody to review them, and those that have dead letters to be dealt with,
 * or had until lately: people know of these, and they start anew when the last one is put back.
 */
const unmovedImports = `
  select id, state, last_sign as "lastSignAt", (count(*) over ())::int as count
    from (select id, state, coalesce(progressed_at, started_at, created_at) as last_sign
            from import
           where finished_at is null and open_dead_letters = 0 and state <> 'awaiting_review'
             and created_at < now() - $1 * interval '1 ms') as unfinished
   where last_sign < now() - $1 * interval '1 ms'
     and not exists (
       select from dead_letter
        where subject = 'import:' || unfinished.id
          and (state in ('open', 'replaying')
               or coalesce(closed_at, failed_at) > now() - $1 * interval '1 ms'))
   order by last_sign, id limit $2`;

const unmovedEmails = `
  select id, state, coalesce(reported_at, created_at) as "lastSignAt",
         (count(*) over ())::int as count
    from email
   where sent_at is null and failed_at is null
     and created_at < now() - $1 * interval '1 ms'
     and coalesce(reported_at, created_at) < now() - $1 * interval '1 ms'
   order by 3, id limit $2`;

/** No count needs to be larger. */
const outbox = `
  with waiting as (
    select created_at, last_error from outbox_message where sent_at is null limit 100000
  )
  select count(*)::int as pending, min(created_at) as "oldestAt",
         (select last_error from waiting where last_error is not null
           order by created_at limit 1) as "lastError"
    from waiting`;

const unroutedMessages = `
  select coalesce(letter.message_type, 'unknown') as "messageType", count(*)::int as count,
         min(letter.failed_at) as "oldestAt"
    from dead_letter_group as kind join dead_letter as letter on letter.group_id = kind.id
   where kind.kind = 'unrouted' and letter.state = 'open'
   group by 1 order by 3 limit ${toldOneByOne}`;

const pausedReplays = `
  select id, incident, pause->>'code' as code, pause->>'detail' as detail,
         (pause->>'at')::timestamptz as "pausedAt"
    from replay where state = 'paused' and pause->>'code' <> 'by_operator'
   order by id limit ${toldOneByOne}`;

/** Of the last hour, of processes that are heard of. One fills its caches first: those minutes are no trend. */
const memoryTrends = `
  with samples as (
    select sample.instance, sample.at, sample.rss_bytes,
           min(sample.at) over (partition by sample.instance) as first_at
      from worker_memory as sample join worker using (instance, started_at)
     where not worker.has_ended and worker.heard_at > now() - interval '5 minutes'
  )
  select instance, (extract(epoch from max(at) - min(at)) * 1000)::float8 as "spanMs",
         coalesce(regr_slope(rss_bytes, extract(epoch from at)) * 3600, 0)::float8 as "bytesPerHour",
         coalesce(regr_r2(rss_bytes, extract(epoch from at)), 0)::float8 as fit
    from samples
   where at > now() - interval '1 hour' and at >= first_at + interval '5 minutes'
   group by instance`;
