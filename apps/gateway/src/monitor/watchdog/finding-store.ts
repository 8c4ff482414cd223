import { Injectable } from '@nestjs/common';
import type { Finding, FindingCode, FindingList, ListFindingsQuery } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { storableText } from '../../database/storable.js';
import type { Trouble } from './facts.js';
import type { Change, KnownFinding } from './reconcile-findings.js';

/** Resolved findings are kept so long. */
const keptDays = 30;

/** The table of findings, and which replica looks. */
@Injectable()
export class FindingStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the next look on for this replica. Answers false when another has, within this period. */
  async claimLook(instance: string, everyMs: number): Promise<boolean> {
    // A tenth less: the timer of a replica may come a little early.
    const [, claimed]: [unknown, number] = await this.dataSource.query(
      `update watchdog set claimed_at = now(), claimed_by = $1
        where claimed_at <= now() - $2 * interval '1 ms'`,
      [instance, everyMs * 0.9],
    );
    return claimed > 0;
  }

  /** Those that are open or suspected. */
  async listUnresolved(tx: EntityManager): Promise<KnownFinding[]> {
    return tx.query(
      `select id, code, severity, subject, detail, remedy, since, last_seen_at as "lastSeenAt",
              confirmed_at is not null as "isConfirmed"
         from finding where resolved_at is null`,
    );
  }

  /** Must run in the transaction that read what is known, which holds the lock of the look. */
  async apply(tx: EntityManager, changes: readonly Change[]): Promise<void> {
    // Dropped ones first: a suspicion may begin anew in their place.
    const dropped = changes.flatMap((change) => (change.kind === 'drop' ? change.known.id : []));
    const resolved = changes.flatMap((change) =>
      change.kind === 'resolve' ? change.known.id : [],
    );
    if (dropped.length > 0) await tx.query('delete from finding where id = any($1)', [dropped]);
    if (resolved.length > 0) {
      await tx.query('update finding set resolved_at = now() where id = any($1)', [resolved]);
    }
    const seen = changes.flatMap(rowOf);
    if (seen.length > 0) await tx.query(putSeen, [JSON.stringify(seen)]);
    await tx.query(`update watchdog set checked_at = now()`);
    await tx.query(`delete from finding where resolved_at < now() - $1 * interval '1 day'`, [
      keptDays,
    ]);
  }

  /** The most severe first, then the oldest. Suspicions are not among them. */
  async list({ state, code, limit }: ListFindingsQuery): Promise<FindingList> {
    const rows: FindingRow[] = await this.dataSource.query(
      `select * from finding
        where confirmed_at is not null
          and ($1 = 'all' or (resolved_at is null) = ($1 = 'open'))
          and ($2::text is null or code = $2)
        order by severity = 'critical' desc, since, id limit $3`,
      [state, code ?? null, limit],
    );
    const [look]: { checked_at: Date | null }[] = await this.dataSource.query(
      'select checked_at from watchdog',
    );
    return {
      object: 'list',
      data: rows.map(findingResource),
      checked_at: look?.checked_at?.toISOString() ?? null,
    };
  }
}

/** Where the page about a code is, in the repository. */
export function runbookOf(code: FindingCode): string {
  return `docs/runbooks/findings.md#${code}`;
}

const putSeen = `
  insert into finding as known (id, code, severity, subject, detail, remedy, confirmed_at)
  select id, code, severity, subject, detail, remedy, case when is_confirmed then now() end
    from jsonb_to_recordset($1::jsonb) as seen
         (id uuid, code text, severity text, subject text, detail text, remedy text, is_confirmed boolean)
  on conflict (code, subject) where resolved_at is null do update set
    severity = excluded.severity, detail = excluded.detail, remedy = excluded.remedy,
    last_seen_at = now(), confirmed_at = coalesce(known.confirmed_at, excluded.confirmed_at)`;

function rowOf(change: Change): object[] {
  if (change.kind === 'drop' || change.kind === 'resolve') return [];
  const { code, severity, subject, detail, remedy }: Trouble = change.trouble;
  return [
    {
      id: v7(),
      code,
      severity,
      subject: storableText(subject),
      // Failures may tell a lot.
      detail: storableText(detail.slice(0, 2000)),
      remedy,
      is_confirmed: change.kind === 'open',
    },
  ];
}

interface FindingRow {
  id: string;
  code: FindingCode;
  severity: Trouble['severity'];
  subject: string;
  detail: string;
  remedy: string;
  since: Date;
  last_seen_at: Date;
  resolved_at: Date | null;
}

function findingResource(row: FindingRow): Finding {
  return {
    id: row.id,
    object: 'finding',
    code: row.code,
    severity: row.severity,
    subject: row.subject,
    detail: row.detail,
    remedy: row.remedy,
    runbook: runbookOf(row.code),
    since: row.since.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
  };
}
