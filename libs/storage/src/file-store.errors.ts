import { AppError, PermanentError } from '@offload/platform';

/** There is no file under this key: it was removed, or never stored. */
export class FileNotFound extends PermanentError {
  constructor(key: string, cause?: unknown) {
    super('storage.file-not-found', `There is no stored file ${key}.`, { details: { key }, cause });
  }
}

/** The stream went on past the limit. A `put` has kept nothing of it, an `append` what fits. */
export class FileTooLarge extends PermanentError {
  constructor(readonly maxBytes: number) {
    super('storage.file-too-large', `The file is larger than the limit of ${maxBytes} bytes.`, {
      details: { maxBytes },
    });
  }
}

/** There was no room for the file, or for the rest of a partial. Space may be made, so another try can help. */
export class StorageFull extends AppError {
  constructor(cause?: unknown) {
    super('storage.full', 'There is no room left where files are stored.', { cause });
  }
}

/** The partial does not hold the bytes before this offset; ask for its own, and go on from there. */
export class PartialMismatch extends PermanentError {
  constructor(key: string, offset: number) {
    super(
      'storage.partial-mismatch',
      `The partial file ${key} cannot be continued at byte ${offset}.`,
      { details: { key, offset } },
    );
  }
}

/** The partial is not what was appended: somebody wrote it without a lock, or removed what it consists of. */
export class PartialSpoiled extends PermanentError {
  constructor(key: string) {
    super('storage.partial-spoiled', `The partial file ${key} is not what was stored.`, {
      details: { key },
      help: 'Discard it and send the file again.',
    });
  }
}

/** Keys are made by us; one that does not look like ours is a mistake or an attack. */
export class FileKeyInvalid extends PermanentError {
  constructor(key: string) {
    super('storage.file-key-invalid', 'A file key looks like <tenant>/<uuid>.', {
      details: { key: key.slice(0, 200) },
    });
  }
}

/** Files cannot be kept there as it is set up, and waiting does not help; the message says what to do. */
export class StorageUnfit extends AppError {
  constructor(message: string, help: string, cause?: unknown) {
    super('storage.unfit', `${message} ${help}`, { cause, help });
  }
}

/** Nothing says where files are kept, or it says it in a way that is not understood. */
export class StorageNotConfigured extends AppError {
  constructor(reason = 'neither STORAGE_FOLDER nor STORAGE_URL is set', cause?: unknown) {
    super('storage.not-configured', `It is not clear where files are kept: ${reason}.`, {
      cause,
      help: 'Set STORAGE_FOLDER=/absolute/folder or STORAGE_URL=s3://bucket?region=….',
    });
  }
}
