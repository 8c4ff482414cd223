import type { SourceFile } from '@offload/formats';
import type { FileStore } from '@offload/storage';

/** A stored file, for those who look into it. */
export function sourceFile(
  files: FileStore,
  { key, name, size }: { key: string; name: string; size: number },
): SourceFile {
  return { name, size, read: (range) => files.read(key, range) };
}
