import { describeError, type HealthCheck, SharedLook } from '@offload/platform';
import { StorageUnfit } from './file-store.errors.js';
import type { FileStore } from './file-store.js';

/** A storage that was there stays there for so long, in milliseconds; probes ask more often than that. */
const keptMs = 10_000;

/** Looks whether files can be kept, for the readiness check. Many who ask cost one request. */
export function storageCheck(files: FileStore): HealthCheck {
  const look = new SharedLook(() => files.check(), keptMs);
  return {
    name: 'storage',
    check: async () => {
      await look.read();
      return { isUp: true };
    },
  };
}

/**
 * Ends a start that cannot work: throws StorageUnfit when something has to be changed. A storage that is away or full
 * may come back, and is left to the readiness check; answers it in words then.
 */
export async function checkStorage(files: FileStore): Promise<string | undefined> {
  try {
    await files.check();
    return undefined;
  } catch (error) {
    if (error instanceof StorageUnfit) throw error;
    return `Files cannot be stored: ${describeError(error).message}`;
  }
}
