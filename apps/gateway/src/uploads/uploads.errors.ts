import { AppError } from '@offload/platform';
import { describeState } from './describe-state.js';
import type { Upload } from './upload.entity.js';
import { isBeingChecked } from './upload-resource.js';

export class UploadTooLarge extends AppError {
  constructor(maxBytes: number) {
    super('file_too_large', `The file is larger than the limit of ${maxBytes} bytes.`, {
      details: { maxBytes },
      help: 'Split the file, or ask the operator to raise MAX_UPLOAD_BYTES.',
    });
  }
}

export class EmptyFile extends AppError {
  constructor() {
    super('empty_file', 'The file has no bytes.', {
      help: 'Send the file as the body, for instance with curl --data-binary @file.csv.',
    });
  }
}

export class EncodedUpload extends AppError {
  constructor(encoding: string) {
    super('unsupported_media_type', `A body with Content-Encoding “${encoding}” is not taken.`, {
      help: 'Send the bytes of the file without Content-Encoding.',
    });
  }
}

export class MalformedForm extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('malformed_multipart', `The form cannot be read: ${reason}.`, { cause });
  }
}

/** The file is something else than it says, or a program. */
export class UnsupportedFileType extends AppError {
  constructor(refusal: string) {
    super('unsupported_file_type', refusal, {
      help: 'Send another file, or name the right type; application/octet-stream leaves it open.',
    });
  }
}

export class NoRoomForUpload extends AppError {
  constructor({ cause, kept = false }: { cause: unknown; kept?: boolean }) {
    const rest = kept ? 'What has come is kept.' : 'Nothing of it was kept.';
    super('storage_full', `There is no room left to store the file. ${rest}`, {
      details: { retryAfterS: 60 },
      cause,
      help: 'Try again later; if it stays, tell the operator that the storage is full.',
    });
  }
}

/** The client went away in the middle. Nobody reads this answer, but the log does. */
export class UploadAborted extends AppError {
  constructor(cause: unknown) {
    super('bad_request', 'The connection ended before the file was complete.', { cause });
  }
}

/** This gateway stops, and the rest of the file would take longer than it may wait. */
export class UploadStopped extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      'The gateway is being stopped before the file was complete. Nothing of it was kept.',
      {
        details: { retryAfterS: 1 },
        help: 'Send it again; a large file goes on where it was when it is sent by tus.',
      },
    );
  }
}

/** Its file cannot be used, or not yet. */
export class UploadNotReady extends AppError {
  constructor(upload: Upload) {
    super('invalid_state', describeState(upload), {
      details: isBeingChecked(upload) ? { retryAfterS: 1 } : {},
      ...(isBeingChecked(upload)
        ? { help: `Wait until GET /v1/uploads/${upload.id} says “ready”.` }
        : {}),
    });
  }
}

/** It was not gone on with, or not used, in time. */
export class UploadExpired extends AppError {
  constructor() {
    super('upload_expired', 'The upload has expired, and its bytes were removed.', {
      help: 'Send the file again.',
    });
  }
}

export class UploadInUse extends AppError {
  constructor(reason: string) {
    super('invalid_state', `The upload cannot be deleted: ${reason}`);
  }
}

export class RangeNotSatisfiable extends AppError {
  constructor(size: number) {
    super(
      'range_not_satisfiable',
      `The file has ${size} bytes, and none of the range is among them.`,
    );
  }
}
