import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, type ProcessIdentity } from './processes.mts';

const SUFFIX = '.process';

/**
 * Notes beside its log that a process runs, so that it is found should we be killed. Returns what
 * takes the note away again.
 */
export function recordProcess(logFile: string, identity: ProcessIdentity): () => void {
  const file = `${logFile}.${identity.pid}${SUFFIX}`;
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Ends every process noted anywhere under a folder; those that have ended already are forgotten. */
export async function endLeftOvers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const notes = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  await Promise.all(
    notes
      .filter((name) => name.endsWith(SUFFIX))
      .map(async (name) => {
        const file = join(folder, name);
        const identity = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
        await endProcess(identity, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 10_000 });
        rmSync(file, { force: true });
      }),
  );
}
