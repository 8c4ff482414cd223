import { AppError, PermanentError } from '@offload/platform';

/** There is no file under this key: it was removed, or never stored. */
export class FileNotFound extends PermanentError {
  constructor(key: string, cause?: unknown) {
    super('storage.file-not-found', `There is no stored file ${key}.`, { details: { key }, cause });
  }
}

/** The stream went on past the limit; nothing of it was kept. */
export class FileTooLarge extends PermanentError {
  constructor(readonly maxBytes: number) {
    super('storage.file-too-large', `The file is larger than the limit of ${maxBytes} bytes.`, {
      details: { maxBytes },
    });
  }
}

/** There was no room for the file; nothing of it was kept. Space may be made, so another try can help. */
export class StorageFull extends AppError {
  constructor(cause?: unknown) {
    super('storage.full', 'There is no room left where files are stored.', { cause });
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
