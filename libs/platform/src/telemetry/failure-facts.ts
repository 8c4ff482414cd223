import { describeError } from '../errors/describe-error.js';

export interface FailureFacts {
  code: string;
  message: string;
  stack?: string;
}

/**
 * What a trace tells of a failure: our code and sentence, as the log does. Of an error of PostgreSQL only its
 * SQLSTATE: its words can quote the value that it refused, and traces are often kept elsewhere than data. For the same
 * reason mail addresses are left out, which a relay repeats when it refuses one.
 */
export function failureFacts(error: unknown): FailureFacts {
  const { code, name, message, stack } = describeError(error);
  if (isDatabaseError(name, code)) return { code, message: `PostgreSQL answered with ${code}.` };
  const told = { code, message: withoutAddresses(message) };
  return stack === undefined ? told : { ...told, stack: withoutAddresses(stack) };
}

/** Longer texts are cut by the exporter as well. */
const longest = 8192;

function withoutAddresses(text: string): string {
  return text
    .slice(0, longest)
    .replaceAll(/[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{1,64}@[\p{L}\p{N}.-]{1,255}/gu, '***@***');
}

/** The driver's class is called `error`, TypeORM's `QueryFailedError`; SQLSTATE has five digits or capitals. */
function isDatabaseError(name: string, code: string): boolean {
  return /^(error|DatabaseError|QueryFailedError)$/.test(name) && /^[0-9A-Z]{5}$/.test(code);
}
