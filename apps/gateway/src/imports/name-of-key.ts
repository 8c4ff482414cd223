import type { EntityManager } from 'typeorm';

/** What an API key is called, for people to see who asked; null when it is gone by now. */
export async function nameOfKey(tx: EntityManager, keyId: string): Promise<string | null> {
  const [row]: { name: string }[] = await tx.query('select name from api_key where id = $1', [
    keyId,
  ]);
  return row?.name ?? null;
}
