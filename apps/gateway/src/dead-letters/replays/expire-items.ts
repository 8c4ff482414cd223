import type { EntityManager } from 'typeorm';
import { openLetters } from './release-items.js';
import type { ReplayEntity } from './replay.entity.js';
import { takeOutcome } from './take-outcome.js';

/** In one step; the next follows at once. */
const batchSize = 1000;

/**
 * Gives up waiting for the messages of which nothing was heard in time, opens their dead letters and
 * answers those. An outcome that comes after all still counts. Must run in the transaction that holds
 * the replay.
 */
export async function expireItems(tx: EntityManager, replay: ReplayEntity): Promise<string[]> {
  const { outcome_timeout_s: timeoutS } = replay.pace;
  const late: { id: string; dead_letter_id: string }[] = await tx.query(
    `select id, dead_letter_id from replay_item
      where replay_id = $1 and state = 'published'
        and published_at < now() - $2 * interval '1 second'
      order by published_at limit ${batchSize}`,
    [replay.id, timeoutS],
  );
  if (late.length === 0) return [];
  const letters = late.map((row) => row.dead_letter_id);
  // Whoever settles one of them holds its dead letter, and may have been first.
  await openLetters(tx, letters);
  const [expired]: [{ dead_letter_id: string; batch: number }[], number] = await tx.query(
    `update replay_item
        set state = 'expired', outcome_code = 'expired', outcome_detail = $2, settled_at = now()
      where id = any($1::uuid[]) and state = 'published' returning dead_letter_id, batch`,
    [late.map(({ id }) => id), `Nothing was heard of it for ${timeoutS} s.`],
  );
  for (const { batch } of expired)
    takeOutcome(replay, { batch, was: 'published', state: 'expired' });
  return expired.map((row) => row.dead_letter_id);
}
