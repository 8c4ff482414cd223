import { describeError } from '@offload/platform';

/**
 * Whether an error says that the database cannot be reached, and nothing about what it was asked.
 *
 * SQLSTATE classes 08 and 57P are lost connections and shutdowns; the others come from the socket and the
 * pool.
 */
export function isDatabaseAway(thrown: unknown): boolean {
  const { code, message } = describeError(thrown);
  return (
    /^(08|57P|53300)/.test(code) ||
    code === 'ECONNREFUSED' ||
    /^(timeout exceeded when trying to connect|Connection terminated)/.test(message)
  );
}
