import type { DataSource } from 'typeorm';

/**
 * Does work that one replica at a time should do; nothing when another is at it. It holds a connection
 * meanwhile, and a process that dies lets go with it.
 */
export async function onlyHere(
  dataSource: DataSource,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const holder = dataSource.createQueryRunner();
  try {
    const [row]: { is_ours: boolean }[] = await holder.query(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as is_ours',
      [name],
    );
    if (!row?.is_ours) return;
    try {
      await work();
    } finally {
      await holder.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    }
  } finally {
    await holder.release();
  }
}
