import type { EntityManager } from 'typeorm';

/**
 * Does something long that asks the database nothing, inside a transaction that PostgreSQL would end after
 * `idleTimeoutMs` of doing nothing. When the connection breaks all the same, `work` is told that nothing can
 * come of it.
 */
export async function stayAwake<T>(
  tx: EntityManager,
  idleTimeoutMs: number,
  work: (gone: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const everyMs = Math.min(10_000, idleTimeoutMs / 4);
  const timer = setInterval(() => {
    tx.query('select 1').catch((error: unknown) => gone.abort(error));
  }, everyMs);
  try {
    return await work(gone.signal);
  } finally {
    clearInterval(timer);
  }
}
