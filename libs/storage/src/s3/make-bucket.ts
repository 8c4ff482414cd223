import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { StorageNotConfigured } from '../file-store.errors.js';
import { readStorageUrl } from '../read-storage-url.js';
import { isBucketMissing, isMissing } from './s3-errors.js';

/**
 * Makes the bucket of a STORAGE_URL where there is none, and tells whether it did; of a folder nothing has to be made.
 *
 * For whoever prepares a deployment: the services never do, and do not need the right to. Safe to repeat.
 * Throws StorageNotConfigured with what the server said.
 */
export async function makeBucket(url: string): Promise<boolean> {
  const store = readStorageUrl(url);
  if ('folder' in store) return false;
  const { bucket: Bucket, client: settings } = store.address;
  const client = new S3Client({ ...settings, maxAttempts: 5 });
  try {
    if (await exists(client, Bucket)) return false;
    await client.send(new CreateBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    const { name, message } = error as Error;
    // Another one was quicker.
    if (name === 'BucketAlreadyOwnedByYou') return false;
    throw new StorageNotConfigured(
      `the bucket ${Bucket} is not there and could not be made: ${message || name}`,
      error,
    );
  } finally {
    client.destroy();
  }
}

async function exists(client: S3Client, Bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (isMissing(error) || isBucketMissing(error)) return false;
    throw error;
  }
}
