import type { UploadResource, WorkHold } from '@offload/contracts/http';
import type { Upload } from './upload.entity.js';

/** What people see of an upload. `hold` is what holds its check up at this moment, if anything does. */
export function uploadResource(upload: Upload, hold: WorkHold | null = null): UploadResource {
  const self = `/v1/uploads/${upload.id}`;
  return {
    id: upload.id,
    object: 'upload',
    state: upload.state,
    kind: upload.kind,
    file_name: upload.fileName,
    declared_type: upload.declaredType,
    detected_type: upload.detectedType,
    size: upload.size,
    offset: upload.received,
    sha256: upload.sha256,
    scan: {
      status: upload.scanStatus,
      engine: upload.scanEngine,
      signature: upload.scanSignature,
      at: upload.scannedAt?.toISOString() ?? null,
    },
    problem:
      upload.problemCode === null
        ? null
        : { code: upload.problemCode, detail: upload.problemDetail ?? '' },
    hold: isBeingChecked(upload) ? hold : null,
    expires_at: upload.expiresAt?.toISOString() ?? null,
    created_at: upload.createdAt.toISOString(),
    links: { self, content: `${self}/content` },
  };
}

/** Its bytes have all come, and it will be ready or not without anybody doing anything. */
export function isBeingChecked({ state, kind }: Pick<Upload, 'state' | 'kind'>): boolean {
  return kind !== 'part' && (state === 'received' || state === 'scanning');
}
