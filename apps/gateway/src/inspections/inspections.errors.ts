import type { FileRefused } from '@offload/formats';
import { AppError } from '@offload/platform';

/** The file cannot be imported as it is; `errors` names the reason by its own code. */
export class FileUnreadable extends AppError {
  constructor(refused: FileRefused) {
    super('file_unreadable', refused.message, {
      details: { errors: [{ pointer: '', code: refused.code, detail: refused.message }] },
      cause: refused,
      ...(refused.help !== undefined && { help: refused.help }),
    });
  }
}

/** This process looks into as many files as it may at a time. */
export class TooManyInspections extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      'Other files are being looked into just now. Try again in a second.',
      { details: { retryAfterS: 1 } },
    );
  }
}

/** Looking into the file took longer than somebody should wait. */
export class InspectionTooSlow extends AppError {
  constructor(deadlineMs: number, cause: unknown) {
    super(
      'temporary_reduced_capacity',
      `The file could not be looked into within ${deadlineMs / 1000} seconds.`,
      {
        details: { retryAfterS: 10 },
        cause,
        help: 'Try again later, or import it without looking: an import takes its time.',
      },
    );
  }
}
