import { integer } from '@offload/platform';
import { z } from 'zod';
import { ClamdUrl } from './scan/clamd-address.js';

/** What the gateway is told about uploads: sizes, how long they are kept, quotas, and whether they are scanned. */
export const uploadConfig = {
  MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(10 * 1024 ** 3)
    .describe('Largest file that is accepted, in bytes.'),
  UPLOAD_EXPIRES_HOURS: z.coerce
    .number()
    .positive()
    .default(24)
    .describe('How long an unfinished upload waits for its next bytes, in hours.'),
  UPLOAD_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .default(30)
    .describe(
      'How long a finished upload is kept that no import uses, in days after it came or was last used.',
    ),
  UPLOAD_OPEN_LIMIT: integer(1, 1_000_000)
    .default(1000)
    .describe('Unfinished resumable uploads that a tenant may have at once.'),
  UPLOAD_STORED_BYTES_LIMIT: integer(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Bytes that a tenant may have stored, counting what unfinished uploads will have.'),
  UPLOAD_DAILY_BYTES_LIMIT: integer(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Bytes that a tenant may send in a day, by UTC.'),
  SCAN_POLICY: z
    .enum(['off', 'best_effort', 'required'])
    .default('off')
    .describe(
      'Whether uploads are scanned for viruses. required: none can be used before it was found clean. best_effort: those that come while the scanner is away can be used, and are scanned later.',
    ),
  CLAMD_URL: ClamdUrl.optional().describe(
    'The virus scanner clamd, as tcp://host:3310 or unix:///run/clamav/clamd.ctl; needed unless SCAN_POLICY is off. Set AlertExceedsMax yes for it, or it calls clean what it does not look into.',
  ),
  CLAMD_STREAM_MAX_BYTES: integer(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe(
      'The StreamMaxLength of clamd, in bytes: larger files are not sent to it. Left out, it is found out by sending.',
    ),
};

/** Looks at the whole: a policy needs its scanner. */
export const scannerIsNamed = z.refine<{ SCAN_POLICY: string; CLAMD_URL?: string | undefined }>(
  ({ SCAN_POLICY: policy, CLAMD_URL: url }) => policy === 'off' || url !== undefined,
  { path: ['CLAMD_URL'], error: 'SCAN_POLICY needs it.' },
);

export type ScanPolicy = 'off' | 'best_effort' | 'required';

export type UploadTimes = { UPLOAD_EXPIRES_HOURS: number; UPLOAD_RETENTION_DAYS: number };

/** When an upload that something has just happened to is removed, if nothing more does. */
export function expiryOf(
  { UPLOAD_EXPIRES_HOURS: hours, UPLOAD_RETENTION_DAYS: days }: UploadTimes,
  { state, kind }: { state: string; kind: string },
  now = new Date(),
): Date {
  const isUnfinished = state === 'receiving' || kind === 'part';
  return new Date(now.getTime() + (isUnfinished ? hours : days * 24) * 3_600_000);
}
