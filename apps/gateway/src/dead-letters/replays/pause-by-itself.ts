import type { ReplayPause } from '@offload/contracts/http';
import { describeError } from '@offload/platform';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordOperation } from '../../audit/record-operation.js';
import { storableText } from '../../database/storable.js';
import { ReplayEntity } from './replay.entity.js';
import { tellReplay } from './tell-replay.js';

/**
 * Pauses a running replay. The system does it, so nobody is named in the audit. Must run in the
 * transaction that holds the replay and stores it.
 */
export async function pauseByItself(
  tx: EntityManager,
  replay: ReplayEntity,
  { code, detail }: Pick<ReplayPause, 'code' | 'detail'>,
  now: Date,
): Promise<void> {
  const why = code === 'too_many_failures' ? await mostFrequentFailure(tx, replay.id) : '';
  replay.stop({ code, detail: `${detail}${why}`, at: now.toISOString() });
  await recordOperation(tx, {
    id: v7(),
    action: 'replay.pause',
    caller: undefined,
    target: `replay:${replay.id}`,
    incident: replay.incident,
    reason: replay.pause?.detail ?? detail,
    count: replay.claimed,
    details: { code },
  });
}

/**
 * Pauses a replay whose steps fail again and again, with the error in words; one that is not running is
 * left as it is. Answers whether it was running. Must run in a transaction of its own: that of the step
 * is lost.
 */
export async function pauseFailing(
  tx: EntityManager,
  id: string,
  { failures, thrown }: { failures: number; thrown: unknown },
): Promise<boolean> {
  const replay = await tx.findOne(ReplayEntity, {
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (replay?.state !== 'running') return false;
  const now = new Date();
  const message = storableText(describeError(thrown).message).slice(0, longestMessage);
  const detail = `A step of the replay failed ${failures} times in a row: ${message}`;
  await pauseByItself(tx, replay, { code: 'step_failed', detail }, now);
  replay.changedAt = now;
  await tellReplay(tx, replay, now);
  await tx.update(ReplayEntity, { id }, replay);
  return true;
}

const longestMessage = 500;

async function mostFrequentFailure(tx: EntityManager, replayId: string): Promise<string> {
  const [row]: { code: string; count: string }[] = await tx.query(
    `select outcome_code as code, count(*)
       from (select outcome_code from replay_item
              where replay_id = $1 and state in ('failed_again', 'expired') limit 1000) as failed
      group by outcome_code order by count(*) desc limit 1`,
    [replayId],
  );
  return row ? ` The most frequent failure is ${row.code}.` : '';
}
