import type { UploadResource } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asNumber } from '../database/columns.js';

/** A file that was received whole. It never changes. */
@Entity('upload')
export class Upload {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text', { name: 'file_name' })
  fileName: string;

  @Column('text', { name: 'declared_type', nullable: true })
  declaredType: string | null;

  /** Bytes. */
  @Column('bigint', { transformer: asNumber })
  size: number;

  @Column('text')
  sha256: string;

  /** Where the storage keeps it; made by us, never from a name. */
  @Column('text', { name: 'storage_key' })
  storageKey: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

export function uploadResource(upload: Upload): UploadResource {
  return {
    id: upload.id,
    object: 'upload',
    state: 'ready',
    file_name: upload.fileName,
    declared_type: upload.declaredType,
    size: upload.size,
    sha256: upload.sha256,
    created_at: upload.createdAt.toISOString(),
  };
}
