import { Injectable } from '@nestjs/common';
import {
  type DatasetResource,
  type List,
  type ListDatasetsQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { Reply } from '../http/reply.js';
import { NotFound } from '../http/request-parts.js';
import { Dataset } from './dataset.entity.js';
import { datasetResource } from './dataset-resource.js';
import { DatasetNotReady } from './datasets.errors.js';

/** Reads what is known of the datasets. */
@Injectable()
export class DatasetsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound. */
  async show(tenantId: string, name: string): Promise<Reply> {
    const dataset = await this.get(tenantId, name);
    return new Reply(200, dataset.isBusy ? { 'Retry-After': '1' } : {}, datasetResource(dataset));
  }

  /** A dataset whose rows can be read. Throws NotFound, or DatasetNotReady while it has no table. */
  async getWithTable(tenantId: string, name: string): Promise<Dataset & { tableName: string }> {
    const dataset = await this.get(tenantId, name);
    if (!hasTable(dataset)) throw new DatasetNotReady(dataset);
    return dataset;
  }

  async list(
    tenantId: string,
    { limit, after = '' }: ListDatasetsQuery,
  ): Promise<List<DatasetResource>> {
    const datasets = await this.dataSource.manager
      .createQueryBuilder(Dataset, 'dataset')
      .where(`tenant_id = :tenantId and state <> 'dropped'`, { tenantId })
      .andWhere('name > :after collate "C"', { after })
      .orderBy('dataset.name collate "C"')
      .limit(limit + 1)
      .getMany();
    return pageOf(datasets, limit, ({ name }) => name, datasetResource);
  }

  /** Throws NotFound, for another tenant's dataset too. */
  private async get(tenantId: string, name: string): Promise<Dataset> {
    const dataset = await this.dataSource.manager.findOneBy(Dataset, { tenantId, name });
    if (!dataset || dataset.state === 'dropped') throw new NotFound('dataset', name);
    return dataset;
  }
}

function hasTable(dataset: Dataset): dataset is Dataset & { tableName: string } {
  return dataset.tableName !== null;
}
