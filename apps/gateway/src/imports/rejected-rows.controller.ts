import { Controller, Get, Param, Res } from '@nestjs/common';
import {
  ExportRejectedRowsQuery,
  type KeptRow,
  type List,
  ListKeptRowsQuery,
  ListRejectedRowsQuery,
  type RejectedRow,
} from '@offload/contracts/http';
import type { Response } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { IdOf, ValidQuery } from '../http/request-parts.js';
import { sendCsv } from '../http/send-csv.js';
import { RejectedRowsQueries } from './rejected-rows.queries.js';
import { writeRejectedRows } from './write-rejected-rows.js';

const ImportId = Param('id', new IdOf('import'));

@Controller('v1/imports')
@RequiresScope('imports:read')
export class RejectedRowsController {
  constructor(private readonly rows: RejectedRowsQueries) {}

  @Get(':id/errors')
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ImportId id: string,
    @ValidQuery(ListRejectedRowsQuery) query: ListRejectedRowsQuery,
  ): Promise<List<RejectedRow>> {
    await this.rows.importOf(tenantId, id);
    return this.rows.list(id, query);
  }

  @Get(':id/errors.csv')
  async export(
    @CurrentCaller() { tenantId }: Caller,
    @ImportId id: string,
    @ValidQuery(ExportRejectedRowsQuery) { formulas, ...filter }: ExportRejectedRowsQuery,
    @Res() response: Response,
  ): Promise<void> {
    const { sourceColumns } = await this.rows.importOf(tenantId, id);
    const columns = {
      source: sourceColumns ?? [],
      widest: await this.rows.widest(id, filter),
      escapesFormulas: formulas === 'escape',
    };
    const records = writeRejectedRows(this.rows.all(id, filter), columns);
    await sendCsv(response, records, `errors-${id}.csv`);
  }

  @Get(':id/kept-rows')
  async listKept(
    @CurrentCaller() { tenantId }: Caller,
    @ImportId id: string,
    @ValidQuery(ListKeptRowsQuery) query: ListKeptRowsQuery,
  ): Promise<List<KeptRow>> {
    await this.rows.importOf(tenantId, id);
    return this.rows.listKept(id, query);
  }
}
