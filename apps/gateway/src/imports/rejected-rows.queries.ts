import { Injectable } from '@nestjs/common';
import {
  type ExportRejectedRowsQuery,
  type KeptRow,
  type List,
  type ListKeptRowsQuery,
  type ListRejectedRowsQuery,
  pageOf,
  type RejectedRow,
} from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import type { Import } from './import.entity.js';
import { ImportsQueries } from './imports.queries.js';

/** A rejected row as it is written down again. */
export interface ListedRow {
  row: string;
  line: string;
  code: string;
  message: string;
  /** In the order of the file's columns; a field without a value is null. */
  fields: (string | null)[];
  is_cut: boolean;
}

export type RowFilter = Pick<ExportRejectedRowsQuery, 'code' | 'column'>;

/** So much of a value and of a record is shown, in characters. */
const shown = { value: 1000, raw: 4000 };
const rowsAtATime = 500;
const bytesAtATime = 4 * 1024 * 1024;

/** Reads what ingest has written down of rows, where it is: the schema `reports`. */
@Injectable()
export class RejectedRowsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportsQueries,
  ) {}

  /** The import that they are of. Throws NotFound, for another tenant's too: its rows are never touched. */
  async importOf(tenantId: string, id: string): Promise<Import> {
    const run = await this.imports.find(this.dataSource.manager, tenantId, id);
    if (!run) throw new NotFound('import', id);
    return run;
  }

  async list(
    importId: string,
    { limit, after = 0, ...filter }: ListRejectedRowsQuery,
  ): Promise<List<RejectedRow>> {
    const rows: RejectedRowColumns[] = await this.dataSource.query(
      `select "row", line, byte_offset, column_name, left(value, ${shown.value}) as value, code,
              message, left(raw, ${shown.raw}) as raw, is_cut
         from reports.rejected_row
        where ${matching} order by "row" limit $5`,
      [...parameters(importId, after, filter), limit + 1],
    );
    return pageOf(rows, limit, ({ row }) => row, toRejectedRow);
  }

  async listKept(
    importId: string,
    { limit, after = 0 }: ListKeptRowsQuery,
  ): Promise<List<KeptRow>> {
    const rows: { row_id: string; reason: string }[] = await this.dataSource.query(
      `select row_id, reason from reports.kept_row
        where import_id = $1 and row_id > $2 order by row_id limit $3`,
      [importId, after, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      ({ row_id: id }) => id,
      ({ row_id: id, reason }) => ({ row_id: Number(id), reason }),
    );
  }

  /** The most fields that one of them has. */
  async widest(importId: string, filter: RowFilter): Promise<number> {
    const [row]: { widest: number | null }[] = await this.dataSource.query(
      `select max(cardinality(fields)) as widest from reports.rejected_row where ${matching}`,
      parameters(importId, 0, filter),
    );
    return row?.widest ?? 0;
  }

  /** All of them in the order of the file; no more than a few megabytes are held at a time. */
  async *all(importId: string, filter: RowFilter): AsyncGenerator<ListedRow> {
    let after = 0;
    for (;;) {
      // The first is taken however long it is.
      const rows: ListedRow[] = await this.dataSource.query(
        `select "row", line, code, message, fields, is_cut
           from (select *, sum(octet_length(array_to_string(fields, ''))) over (order by "row") as so_far,
                        row_number() over (order by "row") as place
                   from (select * from reports.rejected_row
                          where ${matching} order by "row" limit ${rowsAtATime}) as those) as page
          where so_far <= ${bytesAtATime} or place = 1
          order by "row"`,
        parameters(importId, after, filter),
      );
      const last = rows.at(-1);
      if (!last) return;
      yield* rows;
      after = Number(last.row);
    }
  }
}

const matching = `import_id = $1 and "row" > $2 and ($3::text is null or code = $3)
  and ($4::text is null or column_name = $4)`;

function parameters(importId: string, after: number, { code, column }: RowFilter): unknown[] {
  return [importId, after, code ?? null, column ?? null];
}

interface RejectedRowColumns {
  row: string;
  line: string;
  byte_offset: string;
  column_name: string | null;
  value: string | null;
  code: string;
  message: string;
  raw: string;
  is_cut: boolean;
}

function toRejectedRow(row: RejectedRowColumns): RejectedRow {
  return {
    row: Number(row.row),
    line: Number(row.line),
    byte_offset: Number(row.byte_offset),
    column: row.column_name,
    value: row.value,
    code: row.code,
    message: row.message,
    raw: row.raw,
    is_cut: row.is_cut,
  };
}
