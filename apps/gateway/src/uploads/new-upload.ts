import { v7 } from 'uuid';
import { Upload } from './upload.entity.js';

/** The row of an upload that begins, with what is known of it. Its id and its place in the storage are made here. */
export function newUpload(
  fields: Pick<Upload, 'tenantId' | 'fileName' | 'declaredType' | 'kind'> & Partial<Upload>,
): Upload {
  const id = v7();
  return Object.assign(new Upload(), {
    id,
    storageKey: `${fields.tenantId}/${id}`,
    state: 'receiving',
    size: null,
    received: 0,
    sha256: null,
    detectedType: null,
    metadata: null,
    concat: null,
    parts: null,
    scanStatus: 'off',
    scanEngine: null,
    scanSignature: null,
    scannedAt: null,
    problemCode: null,
    problemDetail: null,
    expiresAt: null,
    createdAt: new Date(),
    askedAt: null,
    deletedAt: null,
    removedAt: null,
    ...fields,
  } satisfies Partial<Upload>);
}
