import { isTracing } from '@offload/platform';
import { StorageNotConfigured } from './file-store.errors.js';
import type { FileStore } from './file-store.js';
import { LocalFileStore } from './local-file-store.js';
import { readStorageUrl } from './read-storage-url.js';
import { S3FileStore } from './s3/s3-file-store.js';
import type { StorageConfig } from './storage-config.js';
import { TracedFileStore } from './traced-file-store.js';

/**
 * The store that a configuration names, whose work shows in traces where there are any. Reaches nothing yet.
 * Throws StorageNotConfigured.
 */
export function openFileStore(config: StorageConfig): FileStore {
  const { kind, store } = storeOf(config);
  return isTracing() ? new TracedFileStore(store, kind) : store;
}

function storeOf({ STORAGE_FOLDER, STORAGE_URL }: StorageConfig): {
  kind: string;
  store: FileStore;
} {
  if (STORAGE_FOLDER !== undefined) {
    return { kind: 'local', store: new LocalFileStore(STORAGE_FOLDER) };
  }
  if (STORAGE_URL === undefined) throw new StorageNotConfigured();
  const store = readStorageUrl(STORAGE_URL);
  return 'folder' in store
    ? { kind: 'local', store: new LocalFileStore(store.folder) }
    : { kind: 's3', store: new S3FileStore(store.address) };
}
