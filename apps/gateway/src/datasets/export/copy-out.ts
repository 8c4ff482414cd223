import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { untraced } from '@offload/platform';
import type { Pool, PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ExportStatement } from './select-export.js';

/** The longest that an export may hold its view of the rows, in milliseconds: PostgreSQL keeps old rows for it. */
const longestExportMs = 6 * 3_600_000;

/**
 * A COPY that is under way on a connection of its own.
 *
 * 1. The statement runs in a transaction that only reads, with its values as settings.
 * 2. Bytes are read from the connection as fast as whoever reads `bytes` takes them; when nobody does, PostgreSQL waits.
 * 3. `end` ends the statement in the middle, or has nothing to do; the connection goes back to the pool or, where the
 *    statement was cut off, is closed.
 */
export class CopyOut {
  private constructor(
    private readonly pool: Pool,
    private readonly client: PoolClient,
    private readonly statement: string,
    readonly bytes: Readable,
  ) {}

  /** Returns when the first bytes are there, or the end. Throws what PostgreSQL says against the statement. */
  static async start(
    pool: Pool,
    statement: ExportStatement,
    signal: AbortSignal,
  ): Promise<CopyOut> {
    const client = await pool.connect();
    let copy: CopyOut | undefined;
    try {
      await begin(client, statement);
      // The driver's own span of a stream would never end; the request has one for all of it.
      const bytes = untraced(() => client.query(copyTo(statement.text)));
      // Whoever reads it hears of errors too; this one is for those that come after that.
      bytes.on('error', () => undefined);
      copy = new CopyOut(pool, client, statement.text, bytes);
      await once(bytes, 'readable', { signal });
      return copy;
    } catch (error) {
      if (copy && signal.aborted) await copy.end();
      else await giveBack(client, 'rollback');
      throw error;
    }
  }

  async end(): Promise<void> {
    if (this.bytes.readableEnded) return giveBack(this.client, 'commit');
    const { processID } = this.client as PoolClient & { processID: number | null };
    // A server that waits to write does not listen; the loss of its connection tells it.
    this.client.release(true);
    // One that computes and has nothing to write yet does not notice the loss.
    await this.pool.query(
      `select pg_cancel_backend(pid) from pg_stat_activity
        where pid = $1 and starts_with($2, left(query, 500)) and query <> ''`,
      [processID, this.statement],
    );
  }
}

async function begin(client: PoolClient, { settings }: ExportStatement): Promise<void> {
  await client.query('begin read only');
  const all = [
    { name: 'statement_timeout', value: String(longestExportMs) },
    { name: 'timezone', value: 'UTC' },
    { name: 'datestyle', value: 'ISO, YMD' },
    ...settings,
  ];
  await client.query(
    'select set_config(name, value, true) from unnest($1::text[], $2::text[]) as given (name, value)',
    [all.map(({ name }) => name), all.map(({ value }) => value)],
  );
}

/** A connection that cannot even end its transaction is of no use to anybody. */
async function giveBack(client: PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  try {
    await client.query(how);
    client.release();
  } catch {
    client.release(true);
  }
}
