import { describeError } from '@offload/platform';

/**
 * Whether an error says that the database cannot be reached or has no room, and nothing about what it was asked.
 *
 * SQLSTATE classes 08 and 57P are lost connections and shutdowns, 53100 is a full disk and 53300 too many
 * connections; the others come from the socket and the pool.
 */
export function isDatabaseAway(thrown: unknown): boolean {
  const { code, message } = describeError(thrown);
  return (
    /^(08|57P|53100|53300)/.test(code) ||
    code === 'ECONNREFUSED' ||
    /^(timeout exceeded when trying to connect|Connection terminated)/.test(message)
  );
}
