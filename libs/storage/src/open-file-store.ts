import { StorageNotConfigured } from './file-store.errors.js';
import type { FileStore } from './file-store.js';
import { LocalFileStore } from './local-file-store.js';
import { readStorageUrl } from './read-storage-url.js';
import { S3FileStore } from './s3/s3-file-store.js';
import type { StorageConfig } from './storage-config.js';

/** The store that a configuration names. Reaches nothing yet. Throws StorageNotConfigured. */
export function openFileStore({ STORAGE_FOLDER, STORAGE_URL }: StorageConfig): FileStore {
  if (STORAGE_FOLDER !== undefined) return new LocalFileStore(STORAGE_FOLDER);
  if (STORAGE_URL === undefined) throw new StorageNotConfigured();
  const store = readStorageUrl(STORAGE_URL);
  return 'folder' in store ? new LocalFileStore(store.folder) : new S3FileStore(store.address);
}
