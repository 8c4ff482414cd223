import type { Socket } from 'node:net';
import { AppError } from '../errors/app-error.js';

/** What there is in a connection of `pg` to tell by. */
export interface WatchedConnection {
  connection?: { stream?: Socket };
  /** False while a statement waits for its answer. */
  readyForQuery?: boolean;
}

/**
 * Closes the connection when a statement has had no answer, and no part of one, for so long: the server's
 * machine is gone, or the network between. Every statement on it fails with `SilentDatabase` then.
 *
 * A server that is there ends a statement itself and says so, so `afterMs` belongs above its limit. The
 * driver's own `query_timeout` is not enough: it forgets the statement and gives the connection, which goes
 * on waiting for it, back to the pool. This costs nothing with a statement, only a timer with a connection.
 */
export function closeWhenSilent(connection: WatchedConnection, afterMs: number): void {
  const stream = connection.connection?.stream;
  stream?.setTimeout(afterMs, () => {
    if (connection.readyForQuery === false) stream.destroy(new SilentDatabase(afterMs));
  });
}

/** Another try finds another connection, or that the database is away. */
export class SilentDatabase extends AppError {
  constructor(afterMs: number) {
    super('platform.silent-database', `PostgreSQL has not answered for ${afterMs} ms.`);
  }
}
