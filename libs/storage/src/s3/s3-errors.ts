import { StorageFull, StorageUnfit } from '../file-store.errors.js';
import type { S3Address } from './s3-address.js';

/** Answers that the object, or the upload, is not there. An answer to HEAD has no body and no better name. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(nameOf(error));
}

export function isBucketMissing(error: unknown): boolean {
  return nameOf(error) === 'NoSuchBucket';
}

export function isDenied(error: unknown): boolean {
  return nameOf(error) === 'AccessDenied';
}

/** What waiting does not help, with what does. */
export function unfitOr(error: unknown, { bucket }: S3Address): unknown {
  if (isBucketMissing(error)) {
    return new StorageUnfit(
      `There is no bucket “${bucket}”.`,
      'Make it, or name another one in STORAGE_URL.',
      error,
    );
  }
  if (refusals.test(nameOf(error))) {
    return new StorageUnfit(
      `The storage refuses our credentials for the bucket “${bucket}” (${nameOf(error)}).`,
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of a user that may read and write in it.',
      error,
    );
  }
  return error;
}

/** As S3 names them, and the SDK when it finds none at all. */
const refusals =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|CredentialsProviderError)$/;

/** The first byte that was asked for lies behind the end. */
export function isBehindEnd(error: unknown): boolean {
  return nameOf(error) === 'InvalidRange' || statusOf(error) === 416;
}

/** Servers say in words of their own that a disk or a quota is full; 507 is the status made for it. */
export function fullOr(error: unknown): unknown {
  const isFull =
    statusOf(error) === 507 || /StorageFull|QuotaExceeded|InsufficientStorage/.test(nameOf(error));
  return isFull ? new StorageFull(error) : error;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function statusOf(error: unknown): number | undefined {
  const answer = error as { $metadata?: { httpStatusCode?: number } } | undefined;
  return answer?.$metadata?.httpStatusCode;
}
