import { AppError } from '@offload/platform';

export class InvalidUploadHeader extends AppError {
  constructor(name: string, why: string) {
    super('invalid_header', `The header ${name} cannot be used: ${why}.`);
  }
}

export class UnsupportedTusVersion extends AppError {
  constructor(given: string | undefined) {
    super(
      'unsupported_tus_version',
      given === undefined
        ? 'This request needs the header Tus-Resumable.'
        : `Version “${given.slice(0, 40)}” of tus is not spoken here.`,
      { help: 'Send “Tus-Resumable: 1.0.0”.' },
    );
  }
}

export class NotOffsetStream extends AppError {
  constructor(given: string | undefined) {
    super(
      'unsupported_media_type',
      given === undefined
        ? 'The body has no Content-Type.'
        : `The bytes of an upload are not sent as ${given.slice(0, 100)}.`,
      { help: 'Send “Content-Type: application/offset+octet-stream”.' },
    );
  }
}

/** The bytes would not go on where the upload stands. */
export class MismatchingOffset extends AppError {
  constructor(given: number, received: number) {
    super(
      'mismatching_upload_offset',
      `The upload stands at byte ${received}, and these bytes begin at ${given}.`,
      { details: { received }, help: 'Ask with HEAD where to go on.' },
    );
  }
}

export class InconsistentLength extends AppError {
  constructor(message: string) {
    super('inconsistent_upload_length', message);
  }
}

/** More bytes than the upload was said to have. What fits is kept. */
export class PastTheEnd extends AppError {
  constructor(size: number) {
    super('file_too_large', `The bytes go past the end of the upload, which has ${size}.`, {
      help: 'Ask with HEAD where to go on, and send what is missing.',
    });
  }
}

/** Concatenation: "The Server MUST respond with the 403 Forbidden status to PATCH requests against a final upload URL". */
export class FinalUpload extends AppError {
  constructor() {
    super('final_upload', 'This upload is put together from others and takes no bytes of its own.');
  }
}

/** Nothing of the request was kept. */
export class ChecksumMismatch extends AppError {
  constructor(algorithm: string) {
    super('checksum_mismatch', `The bytes have another ${algorithm} than Upload-Checksum says.`, {
      help: 'They were changed on their way, and none of them was kept. Send them again.',
    });
  }
}

/** Another request is sending bytes of this upload, or wants to go on with it. */
export class UploadLocked extends AppError {
  constructor() {
    super('upload_locked', 'Another request goes on with this upload.', {
      details: { retryAfterS: 1 },
      help: 'What has come is kept: ask with HEAD where to go on.',
    });
  }
}

export class ReceivingStopped extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      'The gateway stops receiving for the moment. What has come is kept.',
      { details: { retryAfterS: 1 }, help: 'Ask with HEAD where to go on.' },
    );
  }
}
