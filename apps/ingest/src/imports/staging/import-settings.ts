import type { EntityManager } from 'typeorm';
import { IMPORT_ID_SETTING } from '../../datasets/dataset-table.js';
import { clientOf } from './sql.js';

/**
 * Prepares a transaction that writes rows for an import: they know where they come from, and times and dates are read as
 * UTC and ISO 8601 whatever the server's settings are.
 */
export async function applyImportSettings(tx: EntityManager, importId: string): Promise<void> {
  await tx.query(
    `select set_config($1, $2, true), set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)`,
    [IMPORT_ID_SETTING, importId],
  );
}

/**
 * Lets a transaction do nothing for as long as it takes to read or write a file. It is for those alone that do so:
 * any other that idles has been forgotten.
 */
export async function allowIdling(tx: EntityManager): Promise<void> {
  await tx.query(`select set_config('idle_in_transaction_session_timeout', '0', true)`);
}

/** Longest that a statement over many rows may take, in milliseconds; the broker bears half an hour for a message. */
const longestMs = 25 * 60_000;

/**
 * Runs statements that go over many rows at once: they get the memory to sort them, and far more time than others.
 * Neither the database nor our end of the connection gives them up meanwhile.
 */
export async function withBulkStatements<T>(tx: EntityManager, work: () => Promise<T>): Promise<T> {
  await tx.query(
    `select set_config('work_mem', '64MB', true), set_config('maintenance_work_mem', '256MB', true),
            set_config('statement_timeout', $1, true)`,
    [String(longestMs)],
  );
  const stream = streamOf(await clientOf(tx));
  const silenceMs = stream?.timeout;
  stream?.setTimeout(longestMs + 30_000);
  try {
    return await work();
  } finally {
    stream?.setTimeout(silenceMs ?? 0);
  }
}

interface WatchedStream {
  /** How long it may be silent, in milliseconds; see `closeWhenSilent`. */
  timeout?: number;
  setTimeout(ms: number): void;
}

function streamOf(client: object): WatchedStream | undefined {
  const { connection } = client as { connection?: { stream?: WatchedStream } };
  return connection?.stream;
}
