import { LoadChunk, type Outgoing, ReportProgress, SplitFile } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { listMissingChunks } from '../progress/import-ledger.js';
import { askForTurn } from '../turns/dataset-turns.js';

/**
 * Begins to load the chunks of an import, or goes on with those that are not committed. One whose chunks go straight
 * into the dataset waits until it is its turn.
 */
export async function beginLoading(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  const isDirect = run.resolved.sink === 'direct';
  run.state = !isDirect || (await askForTurn(tx, run, 'shared')) ? 'loading' : 'waiting';
  await tx.save(run);
  return run.state === 'waiting' ? [] : sendChunks(tx, run);
}

/** The messages that have everything loaded which is not: chunks that are cut, and the rest of the file. */
export async function sendChunks(
  tx: EntityManager,
  { importId, splitAt }: ImportRun,
): Promise<Outgoing[]> {
  const chunks = await listMissingChunks(tx, importId);
  const loads = chunks.map((chunk) => LoadChunk({ importId, chunk }));
  if (splitAt) {
    const { chunk: nextChunk, ...at } = splitAt;
    return [...loads, SplitFile({ importId, at, nextChunk })];
  }
  return loads.length > 0 ? loads : [ReportProgress({ importId })];
}
