import { ExtendDataset, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { attemptChange } from './attempt-change.js';
import { databaseTime } from './database-time.js';
import { createKey } from './dataset-indexes.js';
import { addColumns } from './dataset-table.js';
import { Dataset } from './dataset.entity.js';
import { concernsOthers } from './datasets.errors.js';
import { explainObstacle } from './explain-obstacle.js';
import { findProblems } from './find-problems.js';
import { findRunningImports } from './find-running-imports.js';
import { lockDataset } from './lock-dataset.js';
import { tableOf } from './table-of.js';
import { type Refusal, tellDataset, tellRefusal } from './tell-dataset.js';

/**
 * Adds columns and keys to a dataset: all of them, or none and why.
 *
 * Not while an import runs: it has looked at the columns already, and one that replaces the rows has made the table
 * that will take this one's place.
 */
@Handles(ExtendDataset, { queue: 'ingest.extend-dataset', brakeOn: concernsOthers })
export class ExtendDatasetHandler implements MessageHandler<typeof ExtendDataset> {
  async handle(command: ExtendDataset, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { dataset: name, ...addition } = command;
    await lockDataset(tx, name);
    const dataset = await tx.findOneBy(Dataset, { tenantId: envelope.tenantId, name });
    if (!dataset) {
      const message = `There is no dataset “${name}”.`;
      return [tellRefusal(name, 'extend', { code: 'dataset_not_found', message })];
    }
    const refusal =
      (await objectTo(tx, dataset, addition)) ?? (await extend(tx, dataset, addition));
    if (refusal) return [tellRefusal(name, 'extend', refusal)];
    return [tellDataset(dataset, await databaseTime(tx))];
  }
}

type Addition = Pick<ExtendDataset, 'columns' | 'keys'>;

async function objectTo(
  tx: EntityManager,
  dataset: Dataset,
  addition: Addition,
): Promise<Refusal | undefined> {
  const running = await findRunningImports(tx, dataset);
  if (running.length > 0) {
    const message = `Import ${running[0]} into “${dataset.name}” has not ended.`;
    return { code: 'dataset_in_use', message };
  }
  const problems = await findProblems(tx, addition, dataset);
  if (problems.length > 0) {
    return { code: 'invalid_dataset', message: problems.map(({ message }) => message).join(' ') };
  }
  const required = addition.columns.filter(({ nullable, generated }) => !nullable && !generated);
  if (required.length === 0 || !(await hasRows(tx, dataset))) return undefined;
  const message = required
    .map(
      ({ name }) =>
        `“${name}” must not be empty, and the rows that are there have no value for it.`,
    )
    .join(' ');
  return { code: 'rows_in_the_way', message: `${message} Make it nullable or generated.` };
}

async function hasRows(tx: EntityManager, { tableName }: Dataset): Promise<boolean> {
  const rows: unknown[] = await tx.query(`select 1 from ${tableOf(tableName)} limit 1`);
  return rows.length > 0;
}

async function extend(
  tx: EntityManager,
  dataset: Dataset,
  { columns, keys }: Addition,
): Promise<Refusal | undefined> {
  const { tableName } = dataset;
  let current = keys[0];
  const complaint = await attemptChange(tx, async () => {
    if (columns.length > 0) await tx.query(addColumns(tableName, columns));
    for (const key of keys) {
      current = key;
      await tx.query(createKey(tableName, key));
    }
  });
  if (complaint) return explainObstacle(tx, dataset, current ?? [], complaint);
  dataset.columns = [...dataset.columns, ...columns];
  dataset.keys = [...dataset.keys, ...keys];
  await tx.save(dataset);
  return undefined;
}
