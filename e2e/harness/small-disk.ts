import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../scripts/lib/run-program.mts';
import { suiteEndings } from './suite-endings.js';

/** Whether this process may mount a file system; root in a container often may not. */
export function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'offload-disk-'));
  const isMounted = spawnSync('mount', mountOf(folder, 1)).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return isMounted;
}

/** A file system in memory that is soon full. Call it inside `describe`, before the stack's harness. */
export function smallDiskHarness({ mebibytes }: { mebibytes: number }): () => string {
  let folder: string | undefined;
  const whenDone = suiteEndings();

  beforeAll(async () => {
    const made = mkdtempSync(join(tmpdir(), 'offload-disk-'));
    await mustRun('mount', mountOf(made, mebibytes));
    whenDone(async () => {
      await mustRun('umount', [made]);
      rmdirSync(made);
    });
    folder = made;
  });

  return () => {
    if (!folder) throw new Error('The disk has not been mounted yet.');
    return folder;
  };
}

function mountOf(folder: string, mebibytes: number): string[] {
  return ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder];
}
