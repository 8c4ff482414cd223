import { fileURLToPath } from 'node:url';
import { StorageNotConfigured } from './file-store.errors.js';
import type { FileStore } from './file-store.js';
import { LocalFileStore } from './local-file-store.js';
import { s3AddressOf } from './s3/s3-address.js';
import { S3FileStore } from './s3/s3-file-store.js';
import type { StorageConfig } from './storage-config.js';

/** The store that a configuration names. Throws StorageNotConfigured; reaches nothing yet. */
export function openFileStore({ STORAGE_FOLDER, STORAGE_URL }: StorageConfig): FileStore {
  if (STORAGE_FOLDER !== undefined) return new LocalFileStore(STORAGE_FOLDER);
  if (STORAGE_URL === undefined) throw new StorageNotConfigured();
  const { protocol } = new URL(STORAGE_URL);
  if (protocol === 'file:') return new LocalFileStore(fileURLToPath(STORAGE_URL));
  if (protocol === 's3:') return new S3FileStore(s3AddressOf(STORAGE_URL));
  throw new StorageNotConfigured(`STORAGE_URL begins with ${protocol}`);
}
