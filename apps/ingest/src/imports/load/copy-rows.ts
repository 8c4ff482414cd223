import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DatabaseError } from 'pg';
import { inSpan, type SpanAttributes, untraced } from '@offload/platform';
import type { EntityManager } from 'typeorm';

/**
 * Runs one COPY inside a savepoint, so that its failure does not spoil the transaction.
 *
 * Answers the number of rows, or the database's complaint about the data. Anything else that fails (the
 * connection, the disk, the source) is thrown and leaves the transaction to be rolled back.
 */
export async function copyRows(
  tx: EntityManager,
  statement: string,
  source: Readable,
): Promise<number | DatabaseError> {
  const client = await clientOf(tx);
  await client.query('savepoint copy_rows');
  try {
    return await inSpan(
      'COPY',
      { kind: 'client', attributes: () => copyAttributes(statement) },
      async () => {
        // The driver's own span of a stream would never end.
        const sink = untraced(() => client.query(copyFrom(statement)));
        await pipeline(source, sink);
        return sink.rowCount;
      },
    );
  } catch (error) {
    if (!isAboutData(error)) throw error;
    await client.query('rollback to savepoint copy_rows');
    return error;
  }
}

function copyAttributes(statement: string): SpanAttributes {
  return {
    'db.system.name': 'postgresql',
    'db.query.summary': 'COPY',
    'db.query.text': statement,
  };
}

/** Takes back what the last `copyRows` of this transaction stored. */
export async function undoCopy(tx: EntityManager): Promise<void> {
  await tx.query('rollback to savepoint copy_rows');
}

/** Keeps what the last `copyRows` of this transaction stored, as far as the transaction goes. */
export async function keepCopy(tx: EntityManager): Promise<void> {
  await tx.query('release savepoint copy_rows');
}

/**
 * Classes 22 (data exception, which bad CSV belongs to) and 23 (constraint violation) of the SQL standard's SQLSTATE,
 * and PostgreSQL's "program limit exceeded" (a value too long for an index, a row too wide for a page): the data are at
 * fault, and other data would pass.
 */
export function isAboutData(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^2[23]|^5400[01]/.test(error.code ?? '');
}

/** COPY needs the driver's own connection; it is the one the transaction runs on. */
async function clientOf(tx: EntityManager): Promise<PoolClient> {
  if (!tx.queryRunner) throw new Error('copyRows must run in a transaction.');
  const client: unknown = await tx.queryRunner.connect();
  return client as PoolClient;
}
