import type { Quota } from '@offload/contracts/http';
import { AppError } from '@offload/platform';

export class QuotaExceeded extends AppError {
  constructor(quota: Quota) {
    const { limit, used } = quota;
    const isDaily = quota.name === 'bytes_per_day';
    super(
      'quota_exceeded',
      isDaily
        ? `Today ${used} of the ${limit} bytes that may be sent in a day have come; this is more than is left.`
        : `${used} of the ${limit} bytes that may be stored are in use; this is more than is left.`,
      {
        details: {
          quota,
          ...(quota.resets_in_s === null ? {} : { retryAfterS: quota.resets_in_s }),
        },
        help: isDaily
          ? 'Go on tomorrow (UTC), or ask the operator to raise UPLOAD_DAILY_BYTES_LIMIT.'
          : 'Delete uploads that are not needed any more, or ask the operator to raise UPLOAD_STORED_BYTES_LIMIT.',
      },
    );
  }
}

export class TooManyUploads extends AppError {
  constructor(quota: Quota) {
    super(
      'too_many_uploads',
      `${quota.used} uploads are not finished, and no more than ${quota.limit} may be open at once.`,
      { details: { quota }, help: 'Finish or delete some of them first.' },
    );
  }
}
