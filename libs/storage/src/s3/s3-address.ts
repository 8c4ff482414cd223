import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { StorageNotConfigured } from '../file-store.errors.js';

/** Where in S3 the files are, and how it is reached. */
export interface S3Address {
  bucket: string;
  /** Before every key: empty, or ending with a slash. */
  prefix: string;
  client: Pick<S3ClientConfig, 'endpoint' | 'region' | 'forcePathStyle'>;
}

/**
 * Reads `s3://bucket/prefix?region=…&endpoint=…&path_style=true`, where all but the bucket may be left out.
 *
 * Without a region the SDK's own settings say which (AWS_REGION, a profile); other servers than Amazon's seldom
 * care, so there it is us-east-1. Throws StorageNotConfigured for whatever is not understood.
 */
export function s3AddressOf(url: string): S3Address {
  const { hostname: bucket, pathname, searchParams, username } = new URL(url);
  if (bucket === '') throw new StorageNotConfigured('STORAGE_URL names no bucket');
  if (username !== '') throw new StorageNotConfigured('STORAGE_URL must not carry credentials');
  const parsed = Options.safeParse(Object.fromEntries(searchParams));
  if (!parsed.success) {
    throw new StorageNotConfigured(`STORAGE_URL cannot be read: ${z.prettifyError(parsed.error)}`);
  }
  const { endpoint, path_style: pathStyle, region } = parsed.data;
  const prefix = pathname.split('/').filter(Boolean).join('/');
  return {
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    client: {
      ...(endpoint !== undefined && { endpoint, region: 'us-east-1' }),
      ...(region !== undefined && { region }),
      ...(pathStyle !== undefined && { forcePathStyle: pathStyle }),
    },
  };
}

const Options = z.strictObject({
  region: z.string().min(1).optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  path_style: z.stringbool().optional(),
});
