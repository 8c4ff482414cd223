/**
 * Promise.all that tells a failure only when all have settled, so that nothing is still being
 * started when the endings run.
 */
export async function together<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
