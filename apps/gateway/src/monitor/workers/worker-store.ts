import { Injectable } from '@nestjs/common';
import type { WorkerReported } from '@offload/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { storableJson } from '../../database/storable.js';
import type { HeardWorker } from './heard-worker.js';

/** What is known of the processes. All times are the database's, which the replicas share. */
@Injectable()
export class WorkerStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes reports over, and a sample of the memory once a minute. One that is older than what is known
   * changes nothing; safe in several replicas at once, which all hear the same.
   */
  async record(reports: readonly WorkerReported[]): Promise<void> {
    if (reports.length === 0) return;
    await this.dataSource.query(recordReports, [JSON.stringify(storableJson(reports))]);
  }

  /** Processes that have not ended, also the silent ones, by service and name. */
  async list(): Promise<HeardWorker[]> {
    return listWorkers(this.dataSource.manager);
  }

  /** Forgets who was silent for a day, and samples of that age. */
  async forget(): Promise<void> {
    await this.dataSource.query(
      `delete from worker where heard_at < now() - interval '1 day'
          or (has_ended and heard_at < now() - interval '1 hour')`,
    );
    await this.dataSource.query(`delete from worker_memory where at < now() - interval '1 day'`);
  }
}

/** Processes that have not ended, also the silent ones, by service and name. */
export async function listWorkers(tx: EntityManager): Promise<HeardWorker[]> {
  const rows: { report: WorkerReported; age_ms: number }[] = await tx.query(
    `select report,
            greatest(0, extract(epoch from clock_timestamp() - heard_at) * 1000)::float8 as age_ms
       from worker where not has_ended order by service, instance`,
  );
  return rows.map(({ report, age_ms: ageMs }) => ({ report, ageMs }));
}

/**
 * Ordered, so that replicas which record the same processes do not deadlock. A clock that was set back
 * must not silence a process for ever: after a minute any report is taken.
 */
const recordReports = `
  with reported as (
    select r as report, r->>'instance' as instance, r->>'service' as service,
           (r->>'startedAt')::timestamptz as started_at, (r->>'reportedAt')::timestamptz as reported_at,
           coalesce((r->>'isLast')::boolean, false) as is_last
      from jsonb_array_elements($1::jsonb) as r
  ), sampled as (
    insert into worker_memory (instance, started_at, at, rss_bytes)
    select instance, started_at, date_trunc('minute', now()), (report->'memory'->>'rssBytes')::bigint
      from reported order by instance
    on conflict do nothing
  )
  insert into worker as known
         (instance, service, started_at, reported_at, heard_at, has_ended, report)
  select instance, service, started_at, reported_at, now(), is_last, report
    from reported order by instance
  on conflict (instance) do update set
     service = excluded.service, started_at = excluded.started_at, reported_at = excluded.reported_at,
     heard_at = excluded.heard_at, has_ended = excluded.has_ended, report = excluded.report
   where excluded.reported_at > known.reported_at
      or known.heard_at < now() - interval '1 minute'`;
