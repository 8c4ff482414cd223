import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Reply } from '../http/reply.js';
import { Dataset } from './dataset.entity.js';
import { datasetResource } from './dataset-resource.js';
import { DatasetRefusal } from './datasets.errors.js';

/** Looks at the row so often, in milliseconds: any replica may be the one that hears of the end. */
const everyMs = 50;

/** Keeps an answer back until what was accepted is done, for clients that would rather wait. */
@Injectable()
export class AwaitDataset {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Answers `accepted` when it is not done in time; else the dataset with `doneStatus`, or 204 for one that is gone.
   * Throws DatasetRefusal when it could not be done.
   */
  async execute(
    accepted: Reply,
    { tenantId, name }: { tenantId: string; name: string },
    { seconds, doneStatus }: { seconds: number; doneStatus: number },
  ): Promise<Reply> {
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const dataset = await this.dataSource.manager.findOneBy(Dataset, { tenantId, name });
      if (dataset && !dataset.isBusy) return settled(dataset, { seconds, doneStatus });
      await setTimeout(everyMs);
    }
    return accepted;
  }
}

function settled(
  dataset: Dataset,
  { seconds, doneStatus }: { seconds: number; doneStatus: number },
): Reply {
  if (dataset.problem) throw new DatasetRefusal(dataset.problem.detail);
  const applied = { 'Preference-Applied': `wait=${seconds}` };
  if (dataset.state === 'dropped') return new Reply(204, applied, undefined);
  const resource = datasetResource(dataset);
  return new Reply(doneStatus, { Location: resource.links.self, ...applied }, resource);
}
