import { AppError } from '@offload/platform';

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

export class NoRoomForUpload extends AppError {
  constructor(cause?: unknown) {
    super('storage_full', 'There is no room left to store the file. Nothing of it was kept.', {
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
