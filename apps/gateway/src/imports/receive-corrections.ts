import { Inject, Injectable } from '@nestjs/common';
import { FixImportRequest } from '@offload/contracts/http';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { readJsonBody } from '../http/read-json-body.js';
import { NotFound } from '../http/request-parts.js';
import { bodyPointer, validate } from '../http/validate.js';
import { hasKey, type RequestKey } from '../idempotency/request-key.js';
import { findReply } from '../idempotency/stored-replies.js';
import { STORE_BODY, type StoreBody } from './import-ports.js';
import { ImportStateRefuses } from './imports.errors.js';
import { ImportsQueries } from './imports.queries.js';
import { allowedActions } from './import-states.js';

/**
 * Takes the corrected list of rejected rows: a JSON body names an upload, a CSV body is the list itself and
 * is stored as an upload first, once for each Idempotency-Key.
 */
@Injectable()
export class ReceiveCorrections {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportsQueries,
    @Inject(STORE_BODY) private readonly storeBody: StoreBody,
  ) {}

  /** Throws NotFound or ImportStateRefuses before a list is read that nobody could use. */
  async execute(key: RequestKey, importId: string, request: Request): Promise<FixImportRequest> {
    if (!isCsv(request)) {
      return validate(FixImportRequest, await readJsonBody(request), bodyPointer);
    }
    await this.mustBeFixable(key, importId);
    // A key of its own: under this one the answer to the request itself is kept.
    const keyOfUpload = { ...key, route: `${key.route} upload` };
    return { upload_id: await this.storeBody(keyOfUpload, request, 'corrections.csv') };
  }

  /** What was accepted under this key was fixable then, and is answered the same. */
  private async mustBeFixable(key: RequestKey, importId: string): Promise<void> {
    const { manager } = this.dataSource;
    if (hasKey(key) && (await findReply(manager, key))) return;
    const run = await this.imports.find(manager, key.caller.tenantId, importId);
    if (!run) throw new NotFound('import', importId);
    const allowed = allowedActions(run);
    if (!allowed.includes('fix')) throw new ImportStateRefuses(run, 'fix', allowed);
  }
}

function isCsv({ headers }: Request): boolean {
  return /^text\/csv\s*(;|$)/i.test(headers['content-type'] ?? '');
}
