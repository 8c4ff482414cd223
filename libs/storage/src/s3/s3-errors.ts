import { StorageFull } from '../file-store.errors.js';

/** Answers that the object, or the upload, is not there. An answer to HEAD has no body and no better name. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(nameOf(error));
}

export function isBucketMissing(error: unknown): boolean {
  return nameOf(error) === 'NoSuchBucket';
}

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
