import type { ImportOptions } from '@offload/contracts';
import type { CreateImportRequest } from '@offload/contracts/http';
import { Import } from './import.entity.js';
import type { UploadedFile } from './import-ports.js';

export interface AcceptedRequest {
  id: string;
  caller: { tenantId: string; keyId: string; keyName: string | null };
  request: Pick<CreateImportRequest, 'dataset' | 'name' | 'notify' | 'mapping_id'>;
  options: ImportOptions;
  upload: UploadedFile;
}

/** An import that was accepted, and of which nothing has been reported. */
export function queuedImport({ id, caller, request, options, upload }: AcceptedRequest): Import {
  return Object.assign(new Import(), {
    id,
    tenantId: caller.tenantId,
    uploadId: upload.id,
    name: request.name ?? null,
    fileName: upload.fileName,
    dataset: request.dataset.name,
    columns: request.dataset.columns ?? null,
    keys: request.dataset.keys ?? null,
    options,
    mappingId: request.mapping_id ?? null,
    fixUploadId: null,
    keyId: caller.keyId,
    keyName: caller.keyName,
    notifyEmail: request.notify?.email ?? null,
    sourceColumns: null,
    readAs: null,
    state: 'queued' as const,
    standing: 'queued' as const,
    interruption: null,
    openDeadLetters: 0,
    outlivedDeadLetters: 0,
    lastAction: null,
    attempt: 1,
    sequence: 0,
    bytesDone: 0,
    bytesTotal: upload.size,
    rowsLoaded: 0,
    rowsRejected: 0,
    rowsCreated: 0,
    rowsUpdated: 0,
    rowsUnchanged: 0,
    rowsSkipped: 0,
    phases: [],
    samples: [],
    workedMs: 0,
    workingSince: null,
    rejections: [],
    problemCode: null,
    problemDetail: null,
    revertPreview: null,
    reverted: null,
    createdAt: new Date(),
    startedAt: null,
    progressedAt: null,
    finishedAt: null,
  });
}
