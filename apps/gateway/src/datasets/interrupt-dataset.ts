import { CreateDataset, DropDataset, ExtendDataset } from '@offload/contracts';
import type { DatasetProblem } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { lockDataset } from './track-dataset.js';

/**
 * What was asked of a dataset waits as a dead letter: people are told, and may ask for something else. When it is
 * replayed after all, what comes of it is taken over as ever.
 *
 * Must run in the transaction that stored the dead letter. A dataset that is not here is no matter.
 */
export async function interruptDataset(
  tx: EntityManager,
  setback: {
    id: string;
    tenantId: string | null;
    isOpen: boolean;
    messageType: string | null;
    detail: string;
    failedAt: Date;
  },
): Promise<void> {
  const action = ACTIONS[setback.messageType ?? ''];
  if (!action || !setback.isOpen || setback.tenantId === null) return;
  const dataset = await lockDataset(tx, setback.tenantId, setback.id);
  if (!dataset) return;
  dataset.interrupt(action, setback.detail, setback.failedAt);
  await tx.save(dataset);
}

const ACTIONS: Record<string, DatasetProblem['action']> = {
  [CreateDataset.type]: 'create',
  [ExtendDataset.type]: 'extend',
  [DropDataset.type]: 'drop',
};
