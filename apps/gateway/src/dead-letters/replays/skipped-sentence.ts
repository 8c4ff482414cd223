import type { EntityManager } from 'typeorm';

/** Why a replay leaves messages alone, for people; empty when it leaves none. */
export async function skippedSentence(tx: EntityManager, replayId: string): Promise<string> {
  const rows: { detail: string; count: string }[] = await tx.query(
    `select outcome_detail as detail, count(*) from replay_item
      where replay_id = $1 and state = 'skipped' group by outcome_detail order by count(*) desc`,
    [replayId],
  );
  if (rows.length === 1 && rows[0]?.count === '1') return rows[0].detail;
  return rows.map(({ detail, count }) => `${count}: ${detail}`).join(' ');
}
