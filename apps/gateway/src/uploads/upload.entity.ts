import type { UploadResource, UploadScan, UploadState } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asNumber } from '../database/columns.js';

/** A file that was sent, or is being sent. */
@Entity('upload')
export class Upload {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  state: UploadState;

  @Column('text')
  kind: UploadResource['kind'];

  @Column('text', { name: 'file_name' })
  fileName: string;

  @Column('text', { name: 'declared_type', nullable: true })
  declaredType: string | null;

  /** A MIME type, by the first bytes; null until they are known. */
  @Column('text', { name: 'detected_type', nullable: true })
  detectedType: string | null;

  /** Bytes; null while the client has not said how many. */
  @Column('bigint', { transformer: asNumber, nullable: true })
  size: number | null;

  /** Bytes that are stored for good. */
  @Column('bigint', { transformer: asNumber })
  received: number;

  @Column('text', { nullable: true })
  sha256: string | null;

  /** Where the storage keeps it; made by us, never from a name. */
  @Column('text', { name: 'storage_key' })
  storageKey: string;

  /** The header Upload-Metadata as it came. */
  @Column('text', { nullable: true })
  metadata: string | null;

  /** The header Upload-Concat as it came. */
  @Column('text', { nullable: true })
  concat: string | null;

  /** The uploads that an assembled one is put together from, in order. */
  @Column('uuid', { array: true, nullable: true })
  parts: string[] | null;

  @Column('text', { name: 'scan_status' })
  scanStatus: UploadScan['status'];

  @Column('text', { name: 'scan_engine', nullable: true })
  scanEngine: string | null;

  @Column('text', { name: 'scan_signature', nullable: true })
  scanSignature: string | null;

  @Column('timestamptz', { name: 'scanned_at', nullable: true })
  scannedAt: Date | null;

  @Column('text', { name: 'problem_code', nullable: true })
  problemCode: string | null;

  @Column('text', { name: 'problem_detail', nullable: true })
  problemDetail: string | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When its check was last asked for. */
  @Column('timestamptz', { name: 'asked_at', nullable: true })
  askedAt: Date | null;

  /** For everybody it is not there any more. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  /** The storage keeps nothing of it any more. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
