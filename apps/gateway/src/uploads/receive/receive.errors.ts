import { AppError } from '@offload/platform';

/**
 * The storage holds other bytes than were counted: a process that had lost its lease has finished a write. What
 * was written down before is right, so the client asks and goes on from there.
 */
export class ForeignBytes extends AppError {
  constructor(expected: number, found: number) {
    super('upload_locked', 'Another request has written to this upload at the same time.', {
      details: { retryAfterS: 1, expected, found },
      help: 'Ask with HEAD where to go on.',
    });
  }
}

/** The same, found with the last byte: nothing of the upload can be told from what does not belong to it. */
export class SpoiledUpload extends AppError {
  constructor(cause?: unknown) {
    super('upload_locked', 'Another request has written to this upload, and none of it is kept.', {
      details: { retryAfterS: 1 },
      cause,
      help: 'Ask with HEAD where to go on.',
    });
  }
}
