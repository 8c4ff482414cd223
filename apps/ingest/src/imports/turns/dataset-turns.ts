import { type Outgoing, ReportProgress } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { grantTurns, type Turn, type TurnKind } from './grant-turns.js';

/**
 * Who may write to a dataset.
 *
 * An import writes in many transactions, and two that overlap would leave what neither was asked for: half of an
 * upsert over half of another, rows appended to a table that is being replaced. So each asks for its turn, in the
 * order of coming; appends without keys share theirs. A turn outlives transactions and processes, and ends with
 * the import: when it completes, fails, is held, is canceled. One that is stuck keeps it until somebody retries or
 * cancels it.
 */
export async function askForTurn(
  tx: EntityManager,
  { importId, tenantId, datasetName }: ImportRun,
  kind: TurnKind,
): Promise<boolean> {
  await lockTurns(tx, { tenantId, datasetName });
  await tx.query(
    `insert into dataset_turn (import_id, tenant_id, dataset_name, kind) values ($1, $2, $3, $4)
     on conflict (import_id) do nothing`,
    [importId, tenantId, datasetName, kind],
  );
  await grant(tx, { tenantId, datasetName });
  const [turn]: { is_granted: boolean }[] = await tx.query(
    'select is_granted from dataset_turn where import_id = $1',
    [importId],
  );
  return turn?.is_granted ?? false;
}

/** Ends an import's turn, if it has one. Answers the messages that wake those whose turn it is. */
export async function endTurn(
  tx: EntityManager,
  { importId, tenantId, datasetName }: ImportRun,
): Promise<Outgoing[]> {
  await lockTurns(tx, { tenantId, datasetName });
  await tx.query('delete from dataset_turn where import_id = $1', [importId]);
  const granted = await grant(tx, { tenantId, datasetName });
  return granted.map((id) => ReportProgress({ importId: id }));
}

type DatasetOfTenant = Pick<ImportRun, 'tenantId' | 'datasetName'>;

async function lockTurns(
  tx: EntityManager,
  { tenantId, datasetName }: DatasetOfTenant,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `turns ${tenantId} ${datasetName}`,
  ]);
}

async function grant(
  tx: EntityManager,
  { tenantId, datasetName }: DatasetOfTenant,
): Promise<string[]> {
  const rows: { import_id: string; kind: TurnKind; is_granted: boolean }[] = await tx.query(
    `select import_id, kind, is_granted from dataset_turn
      where tenant_id = $1 and dataset_name = $2 order by place`,
    [tenantId, datasetName],
  );
  const granted = grantTurns(
    rows.map(({ import_id, kind, is_granted }): Turn => {
      return { importId: import_id, kind, isGranted: is_granted };
    }),
  );
  if (granted.length > 0) {
    await tx.query('update dataset_turn set is_granted = true where import_id = any ($1)', [
      granted,
    ]);
  }
  return granted;
}
