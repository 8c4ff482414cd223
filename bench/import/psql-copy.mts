import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { from as copyFrom } from 'pg-copy-streams';
import { findProgram, findIn, versionFolders } from '../../scripts/lib/find-program.mts';
import { asAdministrator } from '../../scripts/lib/provision-database.mts';
import { mustRun } from '../../scripts/lib/run-program.mts';
import { builtDatasetTable } from '../lib/built.mts';
import { columns } from './tables.mts';

export interface CopyTool {
  name: string;
  /** Loads a CSV file with a header into the table of a dataset. */
  load: (url: string, file: string, dataset: string) => Promise<void>;
}

/** `psql`, or where there is none the same statement through pg-copy-streams. */
export function findCopyTool(): CopyTool {
  const folders = versionFolders('/usr/lib/postgresql', 'bin');
  const psql = findIn(folders, 'psql') ?? findProgram('psql');
  if (!psql) return { name: 'COPY (no psql)', load: copyByStream };
  return {
    name: 'psql \\copy',
    load: async (url, file, dataset) => {
      const command = `\\copy ${target(dataset)} from '${file}' with (format csv, header true)`;
      const env = { PATH: process.env.PATH, PGOPTIONS: importIdOption() };
      await mustRun(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', command, url], { env });
    },
  };
}

async function copyByStream(url: string, file: string, dataset: string): Promise<void> {
  const withOptions = new URL(url);
  withOptions.searchParams.set('options', importIdOption());
  await asAdministrator(withOptions.href, async (client) => {
    const copy = copyFrom(`copy ${target(dataset)} from stdin with (format csv, header true)`);
    await pipeline(createReadStream(file), client.query(copy));
  });
}

function target(dataset: string): string {
  return `datasets.${dataset} (${columns.map(({ name }) => name).join(', ')})`;
}

/** Rows of datasets take their import from this setting. */
function importIdOption(): string {
  return `-c ${builtDatasetTable().IMPORT_ID_SETTING}=${randomUUID()} -c timezone=UTC`;
}
