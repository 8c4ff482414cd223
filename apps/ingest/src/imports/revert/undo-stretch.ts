import type { EntityManager } from 'typeorm';
import type { UndoState } from '../import-run.entity.js';
import { isAboutData } from '../load/copy-rows.js';
import { run as query } from '../staging/sql.js';
import { changedRows, createdRows, removeRows, restoreRows, type UndoTables } from './undo-sql.js';

/** Rows that one message looks at. */
const stretchRows = 50_000;

/**
 * Takes the next stretch of an import's rows back out of its dataset, and answers how far that has come; undefined when
 * there is nothing left. Must run in a transaction with the settings of an import.
 *
 * A row that something else in the database needs as it is stays, and is found by trying ever shorter stretches.
 */
export async function undoStretch(
  tx: EntityManager,
  tables: UndoTables,
  undo: UndoState,
): Promise<UndoState | undefined> {
  let state = undo;
  let limit = stretchRows;
  for (let looked = 0; looked < stretchRows;) {
    const done = await attempt(tx, tables, state, limit);
    if (done === 'refused') {
      if (limit === 1) state = await keepNext(tx, tables, state);
      limit = Math.max(1, Math.ceil(limit / 4));
      continue;
    }
    if (done.rows === 0) {
      const next = nextStep(tables, state);
      if (!next) return looked === 0 ? undefined : state;
      state = next;
      continue;
    }
    looked += done.rows;
    limit = Math.min(stretchRows, limit * 4);
    state = {
      ...state,
      after: done.last,
      removed: state.removed + (state.step === 'created' ? done.undone : 0),
      restored: state.restored + (state.step === 'updated' ? done.undone : 0),
      kept: state.kept + done.rows - done.undone,
    };
  }
  return state;
}

function nextStep({ before }: UndoTables, state: UndoState): UndoState | undefined {
  if (state.step !== 'created' || !before) return undefined;
  return { ...state, step: 'updated', after: 0, until: Number.MAX_SAFE_INTEGER };
}

interface Stretch {
  rows: number;
  undone: number;
  last: number;
}

async function attempt(
  tx: EntityManager,
  tables: UndoTables,
  { step, after, until }: UndoState,
  limit: number,
): Promise<Stretch | 'refused'> {
  const isCreated = step === 'created';
  await query(tx, 'savepoint undo_stretch');
  try {
    const { rows } = await query<Record<'rows' | 'undone' | 'last', string | null>>(
      tx,
      `with stretch as materialized (
         select * from (${isCreated ? createdRows(tables) : changedRows(tables)}) r order by "_id" limit ${limit}
       ), undone as (
         ${isCreated ? removeRows(tables) : restoreRows(tables)} returning d."_id"
       ), kept as (
         insert into reports.kept_row (import_id, row_id, reason)
         select $3, "_id", reason from stretch where reason is not null
         on conflict (import_id, row_id) do update set reason = excluded.reason
       )
       select (select count(*) from stretch) as rows, (select count(*) from undone) as undone,
              (select max("_id") from stretch) as last`,
      [after, until, tables.importId],
    );
    await query(tx, 'release savepoint undo_stretch');
    const [found] = rows;
    return {
      rows: Number(found?.rows),
      undone: Number(found?.undone),
      last: Number(found?.last ?? after),
    };
  } catch (error) {
    if (!isAboutData(error)) throw error;
    await query(tx, 'rollback to savepoint undo_stretch');
    return 'refused';
  }
}

/** Steps over a row that cannot be taken back. */
async function keepNext(
  tx: EntityManager,
  tables: UndoTables,
  state: UndoState,
): Promise<UndoState> {
  const { step, after, until } = state;
  const { rows } = await query<{ id: string }>(
    tx,
    `insert into reports.kept_row (import_id, row_id, reason)
     select $3, "_id", 'needed_elsewhere'
       from (${step === 'created' ? createdRows(tables) : changedRows(tables)}) r order by "_id" limit 1
     on conflict (import_id, row_id) do update set reason = excluded.reason returning row_id as id`,
    [after, until, tables.importId],
  );
  const [next] = rows;
  if (!next) throw new Error('There is no row to step over.');
  return { ...state, after: Number(next.id), kept: state.kept + 1 };
}
