import type { DeadLetterGroup } from '@offload/contracts/http';
import type { CountedRow, StepCount } from './groups.queries.js';
import { seriesOf, stepsOf } from './sparkline.js';

/** A group as people see it. */
export function groupResource(
  row: CountedRow,
  counted: readonly StepCount[] = [],
  now: Date,
): DeadLetterGroup {
  const { from, bucketS } = stepsOf(row.since, now);
  return {
    id: row.id,
    object: 'dead_letter_group',
    kind: row.kind,
    title: row.title,
    code: row.code,
    class: row.class,
    message_type: row.message_type,
    frame: row.frame,
    example: row.example,
    fingerprint_version: row.fingerprint_version,
    count: Number(row.count),
    queues: row.queues.filter((queue) => queue !== null),
    first_failed_at: row.first_failed_at.toISOString(),
    last_failed_at: row.last_failed_at.toISOString(),
    sparkline: { from, bucket_s: bucketS, counts: seriesOf(counted) },
    notes: Number(row.notes),
  };
}
