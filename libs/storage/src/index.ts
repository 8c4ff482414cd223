export {
  type Appended,
  type AppendOptions,
  FileStore,
  type PutOptions,
  type ReadRange,
  type StoredFile,
} from './file-store.js';
export {
  FileKeyInvalid,
  FileNotFound,
  FileTooLarge,
  PartialMismatch,
  PartialSpoiled,
  StorageFull,
  StorageNotConfigured,
  StorageUnfit,
} from './file-store.errors.js';
export { LocalFileStore } from './local-file-store.js';
export { checkStorage, storageCheck } from './storage-check.js';
export { openFileStore } from './open-file-store.js';
export { S3FileStore } from './s3/s3-file-store.js';
export { type StorageConfig, storageConfig, storageIsChosen } from './storage-config.js';
