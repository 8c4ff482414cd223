import { fileURLToPath } from 'node:url';
import { StorageNotConfigured } from './file-store.errors.js';
import { type S3Address, s3AddressOf } from './s3/s3-address.js';

/** Tells which store a STORAGE_URL names. Throws StorageNotConfigured with what is wrong with it. */
export function readStorageUrl(url: string): { folder: string } | { address: S3Address } {
  const { protocol, hostname } = URL.parse(url) ?? {};
  if (protocol === 's3:') return { address: s3AddressOf(url) };
  if (protocol === 'file:' && hostname === '') return { folder: fileURLToPath(url) };
  throw new StorageNotConfigured(
    'STORAGE_URL is neither s3://bucket?region=… nor file:///absolute/folder',
  );
}
