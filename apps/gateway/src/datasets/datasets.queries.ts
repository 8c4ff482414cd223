import { Injectable } from '@nestjs/common';
import type { DatasetColumn } from '@offload/contracts';
import {
  type DatasetResource,
  type DatasetRow,
  type List,
  type ListDatasetsQuery,
  type ListRowsQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { selectRows, toDatasetRow } from './select-rows.js';

/** Reads the projection of the datasets, and their rows where they are. */
@Injectable()
export class DatasetsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound, for another tenant's dataset too. */
  async get(tenantId: string, name: string): Promise<DatasetResource> {
    const [row]: ProjectionRow[] = await this.dataSource.query(
      'select * from dataset where tenant_id = $1 and name = $2',
      [tenantId, name],
    );
    if (!row) throw new NotFound('dataset', name);
    return toResource(row);
  }

  async list(
    tenantId: string,
    { limit, after = '' }: ListDatasetsQuery,
  ): Promise<List<DatasetResource>> {
    const rows: ProjectionRow[] = await this.dataSource.query(
      `select * from dataset where tenant_id = $1 and name > $2 collate "C"
        order by name collate "C" limit $3`,
      [tenantId, after, limit + 1],
    );
    return pageOf(rows, limit, ({ name }) => name, toResource);
  }

  /** In the order of `_id`. Throws NotFound. */
  async listRows(
    tenantId: string,
    name: string,
    { limit, after = 0 }: ListRowsQuery,
  ): Promise<List<DatasetRow>> {
    const { table, columns } = await this.get(tenantId, name);
    const rows: Record<string, unknown>[] = await this.dataSource.query(
      selectRows(table, columns),
      [after, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => String(row['c0']),
      (row) => toDatasetRow(row, columns),
    );
  }
}

interface ProjectionRow {
  name: string;
  table_name: string;
  columns: DatasetColumn[];
  rows: string;
  changed_at: Date;
}

function toResource(row: ProjectionRow): DatasetResource {
  return {
    name: row.name,
    object: 'dataset',
    table: row.table_name,
    columns: row.columns,
    rows: Number(row.rows),
    changed_at: row.changed_at.toISOString(),
    links: {
      self: `/v1/datasets/${row.name}`,
      rows: `/v1/datasets/${row.name}/rows`,
      imports: `/v1/imports?dataset=${row.name}`,
    },
  };
}
