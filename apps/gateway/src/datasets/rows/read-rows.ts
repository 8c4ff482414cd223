import { Inject, Injectable } from '@nestjs/common';
import type { DatasetRow, List, ListRowsQuery } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import type { Dataset } from '../dataset.entity.js';
import { DatasetsQueries } from '../datasets.queries.js';
import { explainReadError } from './explain-read-error.js';
import { fetchRows } from './fetch-rows.js';
import { parseSelection, type Selection } from './parse-selection.js';
import { prepareReading } from './prepare-reading.js';
import { invalidCursor, readCursor, type RowCursor, writeCursor } from './row-cursor.js';
import { usualFields } from './row-column.js';
import { placeOf, type RawRow, selectRows, selectSortValues, toDatasetRow } from './select-rows.js';

/** Reads pages of rows where they are: in the table of the dataset. */
@Injectable()
export class ReadRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsQueries,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'QUERY_TIMEOUT_MS'>,
  ) {}

  /** Throws NotFound, DatasetNotReady, ValidationFailed or QueryTooSlow. */
  async execute(tenantId: string, name: string, query: ListRowsQuery): Promise<List<DatasetRow>> {
    const dataset = await this.datasets.getWithTable(tenantId, name);
    const selection = parseSelection(query, dataset.columns, usualFields(dataset.columns));
    const cursor = query.after === undefined ? undefined : readCursor(query.after, selection.sort);
    const timeoutMs = this.config.QUERY_TIMEOUT_MS;
    try {
      return await this.dataSource.transaction(async (tx) => {
        await prepareReading(tx, timeoutMs);
        return readPage(tx, dataset, selection, { limit: query.limit, cursor });
      });
    } catch (error) {
      throw explainReadError(error, dataset, timeoutMs);
    }
  }
}

async function readPage(
  tx: EntityManager,
  { tableName }: Dataset & { tableName: string },
  selection: Selection,
  { limit, cursor }: { limit: number; cursor: RowCursor | undefined },
): Promise<List<DatasetRow>> {
  const behind = cursor && (await placeBehind(tx, tableName, selection, cursor));
  const { text, parameters } = selectRows(tableName, selection, { limit, behind });
  await tx.query(`declare page no scroll cursor for ${text}`, parameters);
  const { rows, isCut } = await fetchRows(tx, limit + 1);
  const page = rows.slice(0, limit);
  const hasMore = isCut || rows.length > limit;
  const last = page.at(-1);
  return {
    object: 'list',
    data: page.map((row) => toDatasetRow(row, selection.fields)),
    has_more: hasMore,
    next_cursor: hasMore && last ? writeCursor(selection.sort, placeOf(last, selection)) : null,
  };
}

async function placeBehind(
  tx: EntityManager,
  tableName: string,
  selection: Selection,
  { id, values }: RowCursor,
): Promise<Required<RowCursor>> {
  if (values) return { id, values };
  const { text, parameters } = selectSortValues(tableName, selection, id);
  const [row]: RawRow[] = await tx.query(text, parameters);
  if (!row) throw invalidCursor('The row at which the page before ended is gone: begin again.');
  return placeOf(row, selection);
}
