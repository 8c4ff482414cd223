export { FileStore, type PutOptions, type ReadRange, type StoredFile } from './file-store.js';
export { FileKeyInvalid, FileNotFound, FileTooLarge, StorageFull } from './file-store.errors.js';
