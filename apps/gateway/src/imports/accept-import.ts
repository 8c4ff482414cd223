import { Inject, Injectable } from '@nestjs/common';
import { StartImport } from '@offload/contracts';
import type { CreateImportRequest } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Caller } from '../access/caller.js';
import { Reply } from '../http/reply.js';
import { AcceptOnce, type Accepted } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { Import } from './import.entity.js';
import { importResource } from './import-resource.js';

/** What an import needs to know of an uploaded file. */
export interface UploadedFile {
  id: string;
  fileName: string;
  size: number;
  sha256: string;
  storageKey: string;
}

/** Reads an upload of a tenant; throws when there is none. Wired in app.module.ts. */
export type GetUpload = (tx: EntityManager, tenantId: string, id: string) => Promise<UploadedFile>;

export const GET_UPLOAD = Symbol('GET_UPLOAD');

/** Accepts an import: its row and its first message commit together, or nothing does. */
@Injectable()
export class AcceptImport {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    @Inject(GET_UPLOAD) private readonly getUpload: GetUpload,
  ) {}

  async execute(key: RequestKey, request: CreateImportRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, (tx) => this.accept(tx, key.caller, request));
  }

  private async accept(
    tx: EntityManager,
    { tenantId }: Caller,
    request: CreateImportRequest,
  ): Promise<Accepted> {
    const upload = await this.getUpload(tx, tenantId, request.upload_id);
    const run = queuedImport(tenantId, request, upload);
    await tx.insert(Import, run);
    return { reply: accepted(run), messages: [startImport(run, request, upload)] };
  }
}

function queuedImport(
  tenantId: string,
  request: CreateImportRequest,
  upload: UploadedFile,
): Import {
  return Object.assign(new Import(), {
    id: v7(),
    tenantId,
    uploadId: upload.id,
    name: request.name ?? null,
    fileName: upload.fileName,
    dataset: request.dataset.name,
    columns: request.dataset.columns ?? null,
    notifyEmail: request.notify?.email ?? null,
    state: 'queued' as const,
    sequence: 0,
    bytesDone: 0,
    bytesTotal: upload.size,
    rowsLoaded: 0,
    rowsRejected: 0,
    rejections: [],
    openDeadLetters: 0,
    problemCode: null,
    problemDetail: null,
    createdAt: new Date(),
    startedAt: null,
    progressedAt: null,
    finishedAt: null,
  });
}

function startImport(run: Import, request: CreateImportRequest, upload: UploadedFile) {
  const { dataset, notify } = request;
  const { storageKey, fileName, size, sha256 } = upload;
  return StartImport({
    importId: run.id,
    file: { key: storageKey, name: fileName, size, sha256 },
    dataset: { name: dataset.name, columns: dataset.columns },
    notify,
  });
}

function accepted(run: Import): Reply {
  const resource = importResource(run);
  return new Reply(
    202,
    {
      Location: resource.links.self,
      'Retry-After': '1',
      Link: `<${resource.links.events}>; rel="monitor"`,
    },
    resource,
  );
}
