import { fileURLToPath } from 'node:url';
import { StorageNotConfigured } from './file-store.errors.js';
import type { FileStore } from './file-store.js';
import { LocalFileStore } from './local-file-store.js';
import type { StorageConfig } from './storage-config.js';

/** The store that a configuration names. Throws StorageNotConfigured; reaches nothing yet. */
export function openFileStore({ STORAGE_FOLDER, STORAGE_URL }: StorageConfig): FileStore {
  if (STORAGE_FOLDER !== undefined) return new LocalFileStore(STORAGE_FOLDER);
  const url = new URL(STORAGE_URL ?? 'none:');
  if (url.protocol === 'file:') return new LocalFileStore(fileURLToPath(url));
  throw new StorageNotConfigured();
}
