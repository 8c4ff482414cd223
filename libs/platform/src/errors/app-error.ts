/**
 * The base of every error that we raise on purpose.
 *
 * `code` is stable and survives the broker and HTTP, where `instanceof` does not. `details` are facts
 * without secrets. `help` is the sentence that tells the reader what to do.
 */
export class AppError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly help: string | undefined;

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    this.help = options.help;
  }
}

export interface AppErrorOptions {
  details?: Record<string, unknown>;
  cause?: unknown;
  help?: string;
}

/**
 * Another try cannot help: the delivery becomes a dead letter at once.
 *
 * Everything else that a handler throws is retried.
 */
export class PermanentError extends AppError {
  readonly isPermanent = true;
}

/** Tells whether another try can help; safe for errors of any origin. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && 'isPermanent' in error && error.isPermanent === true;
}
