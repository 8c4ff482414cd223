import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { run as query } from '../staging/sql.js';
import { stagingTable } from '../staging/staging-table.js';

/**
 * Forgets a merge of which nothing is stored, such as a trial: its ledger, and the rows that it rejected, which are those
 * among the rejected that are set aside.
 */
export async function forgetMerge(tx: EntityManager, run: ImportRun): Promise<void> {
  const { importId, plan, merge } = run;
  if (!merge || !plan) return;
  const row = plan.sink === 'replace' ? `s."_id" - ${plan.dataset.lastId}` : 's."_row"';
  await query(
    tx,
    `delete from reports.rejected_row r using ${stagingTable('rows', importId)} s
      where r.import_id = $1 and r."row" = ${row}`,
    [importId],
  );
  await tx.query('delete from import_merge where import_id = $1', [importId]);
  run.merge = null;
}
