import type { EntityManager } from 'typeorm';
import { skipDetails } from './letters-to-replay.js';
import type { ReplayEntity } from './replay.entity.js';

/** One step of an abort; the next follows at once. */
const batchSize = 2000;

/**
 * Opens the dead letters of the next messages that an aborted replay has not published, and answers
 * them. Must run in the transaction that holds the replay.
 */
export async function releaseItems(tx: EntityManager, replay: ReplayEntity): Promise<string[]> {
  const rows: { id: string; dead_letter_id: string }[] = await tx.query(
    `select id, dead_letter_id from replay_item
      where replay_id = $1 and state = 'claimed' order by position limit ${batchSize}`,
    [replay.id],
  );
  const letters = rows.map((row) => row.dead_letter_id);
  await openLetters(tx, letters);
  await skipItems(
    tx,
    replay,
    rows.map(({ id }) => id),
    'aborted',
  );
  return letters;
}

/** Those that the replay has are open again. Locks them in the order of their ids. */
export async function openLetters(tx: EntityManager, letters: readonly string[]): Promise<void> {
  await tx.query(
    `with locked as materialized (
       select id from dead_letter where id = any($1::uuid[]) and state = 'replaying'
        order by id for update)
     update dead_letter letter set state = 'open' from locked where letter.id = locked.id`,
    [letters],
  );
}

/** They are left alone, for this reason. */
export async function skipItems(
  tx: EntityManager,
  replay: ReplayEntity,
  items: readonly string[],
  code: keyof typeof skipDetails,
): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    `update replay_item
        set state = 'skipped', outcome_code = $2, outcome_detail = $3, settled_at = now()
      where id = any($1::uuid[])`,
    [items, code, skipDetails[code]],
  );
  replay.claimed -= items.length;
  replay.skipped += items.length;
}
