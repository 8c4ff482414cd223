import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { columnsIn, run, sameKey } from '../staging/sql.js';
import type { Loser, Merged, MergeJob } from './merge-job.js';
import { noCounts } from '../progress/import-ledger.js';

/**
 * Adds rows to the dataset, one after the other in the order of the file. One that meets another row in a key is left
 * out, and told or counted as skipped.
 */
export async function addRows(job: MergeJob): Promise<Merged> {
  const { tx, target, source, part, columns, base, keys } = job;
  const names = columns.map(quoteIdentifier).join(', ');
  const hasKeys = keys.length > 0;
  const { count: created } = await run(
    tx,
    `insert into ${target} ("_id", ${names})
     select $1::bigint + s."_row", ${columnsIn('s', columns)} from ${source} s where ${part}
     ${hasKeys ? 'order by s."_row" on conflict do nothing' : ''}`,
    [base],
  );
  const losers = created < job.rows ? await findLosers(job) : [];
  return {
    counts: { ...noCounts, created, skipped: job.rows - created - losers.length },
    losers,
  };
}

/**
 * The rows that were left out and are to be told, with the key in which each met another. The import is compared as text
 * so that its rows are not found by it, but by their ids (see `isStillOf` in undo-sql.ts).
 */
async function findLosers(job: MergeJob): Promise<Loser[]> {
  const { tx, importId, target, source, part, base, span, keys, key, onMeeting } = job;
  const meetings = keys.map((each, index) => {
    const values = each.map((name) => `s.${quoteIdentifier(name)}::text`).join(', ');
    return `(select d."_id" from ${target} d where ${sameKey('d', 's', each)} limit 1) as "met_${index}",
            array[${values}] as "values_${index}"`;
  });
  const { rows } = await run<{ row: string } & Record<string, string | string[] | null>>(
    tx,
    `select s."_row" as row, ${meetings.join(', ')}
       from ${source} s
      where ${part} and not exists (
        select from ${target} d where d."_id" = $1::bigint + s."_row" and d."_import_id"::text = $2)
      order by s."_row"`,
    [base, importId],
  );
  return rows.flatMap((found) => {
    const met = keys.flatMap((each, index) => {
      const id = found[`met_${index}`];
      return typeof id === 'string' ? [{ key: each, id: Number(id), index }] : [];
    });
    if (
      onMeeting === 'skip' &&
      met.some((meeting) => meeting.key === key || isSame(meeting.key, key))
    ) {
      return [];
    }
    const [first] = met;
    const row = Number(found.row);
    if (!first) return [{ row, ...metNobody }];
    const values = found[`values_${first.index}`] as (string | null)[];
    const other = first.id - base;
    const isOfFile = other >= 1 && other <= span;
    return [{ row, ...describeMeeting(first.key, values, isOfFile ? other : undefined) }];
  });
}

/** The row that it met may have been deleted since. */
const metNobody = {
  code: 'not_unique',
  column: null,
  value: null,
  message: 'Another row had the same key.',
};

function describeMeeting(
  key: readonly string[],
  values: readonly (string | null)[],
  other: number | undefined,
): Omit<Loser, 'row'> {
  const names = key.map((name) => `“${name}”`).join(', ');
  const value = values.join(', ');
  const shown = value.length > 100 ? `${value.slice(0, 100)}…` : value;
  const where =
    other === undefined ? 'The dataset has a row' : `Row ${other} of the file comes before it`;
  return {
    code: other === undefined ? 'not_unique' : 'duplicate_key_in_file',
    column: key[0] ?? null,
    value,
    message: `${where} with the same ${names}: ${shown}.`,
  };
}

function isSame(one: readonly string[], other: readonly string[] | null): boolean {
  return other !== null && one.length === other.length && one.every((name) => other.includes(name));
}
