import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { ExportCsvQuery, ExportNdjsonQuery } from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import type { Response } from 'express';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DatasetsQueries } from '../datasets.queries.js';
import { explainReadError } from '../rows/explain-read-error.js';
import { parseSelection } from '../rows/parse-selection.js';
import { CopyOut } from './copy-out.js';
import { csvHeader } from './csv-header.js';
import { exportCsv, exportNdjson, type ExportStatement } from './select-export.js';

/** Exports of one process at once; each holds a connection to the database for as long as its client takes. */
const mostAtOnce = 4;

/** Streams the rows of a dataset, as of one moment, in flat memory. */
@Injectable()
export class ExportRows {
  private underWay = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsQueries,
  ) {}

  /** Throws NotFound, DatasetNotReady, ValidationFailed or TooManyExports before anything is sent. */
  async csv(
    response: Response,
    { tenantId, name }: { tenantId: string; name: string },
    query: ExportCsvQuery,
  ): Promise<void> {
    const { tableName, columns } = await this.datasets.getWithTable(tenantId, name);
    const selection = parseSelection(query, columns, columns);
    const header = csvHeader(
      selection.fields.map((field) => field.name),
      query,
    );
    await this.send(response, name, {
      type: 'text/csv; charset=utf-8; header=present',
      extension: 'csv',
      head: (query.bom ? '\uFEFF' : '') + header,
      statement: exportCsv(tableName, selection, query),
    });
  }

  async ndjson(
    response: Response,
    { tenantId, name }: { tenantId: string; name: string },
    query: ExportNdjsonQuery,
  ): Promise<void> {
    const { tableName, columns } = await this.datasets.getWithTable(tenantId, name);
    await this.send(response, name, {
      type: 'application/x-ndjson; charset=utf-8',
      extension: 'ndjson',
      head: '',
      statement: exportNdjson(tableName, parseSelection(query, columns, columns)),
    });
  }

  private async send(response: Response, name: string, file: ExportedFile): Promise<void> {
    if (this.underWay >= mostAtOnce) throw new TooManyExports();
    this.underWay += 1;
    try {
      await stream(poolOf(this.dataSource), response, name, file);
    } finally {
      this.underWay -= 1;
    }
  }
}

interface ExportedFile {
  type: string;
  extension: string;
  /** Sent before the rows. */
  head: string;
  statement: ExportStatement;
}

export class TooManyExports extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      `There are ${mostAtOnce} exports under way already; try again when one has ended.`,
      { details: { retryAfterS: 5 } },
    );
  }
}

/**
 * What fails before the first byte is an ordinary problem; what fails later breaks the answer off, without the end
 * that HTTP gives to a whole one. A client that goes away ends the query.
 */
async function stream(
  pool: Pool,
  response: Response,
  name: string,
  { type, extension, head, statement }: ExportedFile,
): Promise<void> {
  const headers = {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${name}.${extension}"`,
  };
  if (response.req.method === 'HEAD') {
    response.status(200).set(headers).end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const copy = await start(pool, statement, name, gone.signal);
  if (!copy) return;
  try {
    response.status(200).set(headers);
    if (head !== '') response.write(head);
    await pipeline(copy.bytes, response);
  } catch (error) {
    if (!gone.signal.aborted) response.err = error as Error;
    response.destroy();
  } finally {
    await copy.end();
  }
}

/** Undefined for a client that has gone before anything could be sent. */
async function start(
  pool: Pool,
  statement: ExportStatement,
  name: string,
  signal: AbortSignal,
): Promise<CopyOut | undefined> {
  try {
    return await CopyOut.start(pool, statement, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw explainReadError(error, { name }, 0);
  }
}

/** COPY needs a connection of the driver's own. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
