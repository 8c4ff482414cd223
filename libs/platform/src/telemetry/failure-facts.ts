import { describeError } from '../errors/describe-error.js';

export interface FailureFacts {
  code: string;
  message: string;
  stack?: string;
}

/**
 * What a trace tells of a failure: our code and sentence, as the log does. Of an error of PostgreSQL only its
 * SQLSTATE: its words can quote the value that it refused, and traces are often kept elsewhere than data.
 */
export function failureFacts(error: unknown): FailureFacts {
  const { code, name, message, stack } = describeError(error);
  if (isDatabaseError(name, code)) return { code, message: `PostgreSQL answered with ${code}.` };
  return stack === undefined ? { code, message } : { code, message, stack };
}

/** The driver's class is called `error`, TypeORM's `QueryFailedError`; SQLSTATE has five digits or capitals. */
function isDatabaseError(name: string, code: string): boolean {
  return /^(error|DatabaseError|QueryFailedError)$/.test(name) && /^[0-9A-Z]{5}$/.test(code);
}
