import { Controller, Get, Param, Res } from '@nestjs/common';
import {
  type DatasetRow,
  ExportCsvQuery,
  ExportNdjsonQuery,
  type List,
  ListRowsQuery,
} from '@offload/contracts/http';
import type { Response } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { ValidQuery } from '../http/request-parts.js';
import { ExportRows } from './export/export-rows.js';
import { ReadRows } from './rows/read-rows.js';

@Controller('v1/datasets/:name')
@RequiresScope('datasets:read')
export class DatasetRowsController {
  constructor(
    private readonly readRows: ReadRows,
    private readonly exportRows: ExportRows,
  ) {}

  @Get('rows')
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @Param('name') name: string,
    @ValidQuery(ListRowsQuery) query: ListRowsQuery,
  ): Promise<List<DatasetRow>> {
    return this.readRows.execute(tenantId, name, query);
  }

  @Get('export.csv')
  async exportCsv(
    @CurrentCaller() { tenantId }: Caller,
    @Param('name') name: string,
    @ValidQuery(ExportCsvQuery) query: ExportCsvQuery,
    @Res() response: Response,
  ): Promise<void> {
    await this.exportRows.csv(response, { tenantId, name }, query);
  }

  @Get('export.ndjson')
  async exportNdjson(
    @CurrentCaller() { tenantId }: Caller,
    @Param('name') name: string,
    @ValidQuery(ExportNdjsonQuery) query: ExportNdjsonQuery,
    @Res() response: Response,
  ): Promise<void> {
    await this.exportRows.ndjson(response, { tenantId, name }, query);
  }
}
