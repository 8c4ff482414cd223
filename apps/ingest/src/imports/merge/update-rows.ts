import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { columnsIn, run, sameKey } from '../staging/sql.js';
import type { Merged, MergeJob } from './merge-job.js';
import { DatasetChangedMeanwhile } from './merge.errors.js';

/** The rows that count, and for each the row of the dataset with its key; for as long as the transaction. */
export const winners = '"pg_temp"."merging"';

/** Finds the row that counts of those with the same key, which is the last, and what it meets in the dataset. */
export async function createWinners(job: MergeJob): Promise<void> {
  const { tx, target, source, part, columns, key } = job;
  if (!key) throw new Error('An upsert goes by a key.');
  const names = key.map(quoteIdentifier).join(', ');
  const changed = columns.filter((name) => !key.includes(name));
  const differs =
    changed.length === 0
      ? 'false'
      : `row(${columnsIn('d', changed)}) is distinct from row(${columnsIn('s', changed)})`;
  await run(
    tx,
    `create temporary table merging on commit drop as
     select s."_row", ${columnsIn('s', columns)}, d."_id" as "_old",
            d."_id" is not null and ${differs} as "_differs"
       from (select distinct on (${names}) "_row", ${columns.map(quoteIdentifier).join(', ')}
               from ${source} s where ${part} order by ${names}, "_row" desc) s
       left join ${target} d on ${sameKey('d', 's', key)}`,
  );
  await run(tx, 'analyze pg_temp.merging');
}

/**
 * Updates and inserts the rows that count, or those of them with a number from `from` to `to`.
 *
 * What a row was before is kept in the same transaction, and the row is locked from then on: when somebody with SQL was
 * quicker, nothing is stored and another try finds what they have made.
 */
export async function updateRows(
  job: MergeJob,
  { from, to }: { from: number; to: number } = { from: 0, to: Number.MAX_SAFE_INTEGER },
): Promise<Merged> {
  const { tx, importId, target, columns, key, base, before } = job;
  const names = columns.map(quoteIdentifier).join(', ');
  const range = 'w."_row" between $1 and $2';
  const { rows } = await run<Record<'total' | 'meeting' | 'differing', string>>(
    tx,
    `select count(*) as total, count(w."_old") as meeting, count(*) filter (where w."_differs") as differing
       from ${winners} w where ${range}`,
    [from, to],
  );
  const total = Number(rows[0]?.total);
  const meeting = Number(rows[0]?.meeting);
  const updated = Number(rows[0]?.differing);
  if (updated > 0) {
    if (before) await keepBefore(job, before, { from, to });
    const changes = columns
      .filter((name) => !key?.includes(name))
      .map((name) => `${quoteIdentifier(name)} = w.${quoteIdentifier(name)}`);
    const { count } = await run(
      tx,
      `update ${target} d set ${changes.join(', ')}, "_import_id" = $3, "_edited_at" = null
         from ${winners} w
        where d."_id" = w."_old" and ${sameKey('d', 'w', key ?? [])} and w."_differs" and ${range}`,
      [from, to, importId],
    );
    if (count !== updated) throw new DatasetChangedMeanwhile();
  }
  if (meeting < total) {
    await run(
      tx,
      `insert into ${target} ("_id", ${names})
       select $3::bigint + w."_row", ${columnsIn('w', columns)} from ${winners} w
        where w."_old" is null and ${range} order by w."_row"`,
      [from, to, base],
    );
  }
  const isWhole = from === 0;
  return {
    counts: {
      created: total - meeting,
      updated,
      unchanged: meeting - updated,
      skipped: isWhole ? job.rows - total : 0,
    },
    losers: [],
  };
}

/** A row that this import has made or changed already keeps what it was before that. */
async function keepBefore(
  { tx, importId, target, columns }: MergeJob,
  before: string,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const names = columns.map(quoteIdentifier).join(', ');
  await run(
    tx,
    `insert into ${before} ("_id", "_import_id", "_edited_at", ${names})
     select d."_id", d."_import_id", d."_edited_at", ${columnsIn('d', columns)}
       from ${winners} w join ${target} d on d."_id" = w."_old"
      where w."_differs" and w."_row" between $1 and $2 and d."_import_id" <> $3
        for update of d
     on conflict ("_id") do nothing`,
    [from, to, importId],
  );
}
