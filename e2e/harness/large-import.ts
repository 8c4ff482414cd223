import { poll } from '../../scripts/lib/poll.mts';
import { count, holdingsExpected, type Holdings, holdingsOf, ledgerOf } from './database.js';
import { numberedColumns, numberedCsv } from './numbered-csv.js';
import type { TestStack } from './stack-harness.js';
import { type Tally, tellTallies } from './tally.js';

/** About 30 MB, cut into some two dozen chunks; ten of its rows are to be rejected. */
const csv = numberedCsv({ rows: 500_000, badEvery: 50_000 });

export interface LargeImport {
  id: string;
  dataset: string;
  /** Whom to tell of its end. */
  recipient: string;
}

/** Starts the import of a large file, each into a dataset of its own. */
export async function startLargeImport(
  { api }: Pick<TestStack, 'api'>,
  dataset: string,
): Promise<LargeImport> {
  const upload = await api.upload(csv.text);
  const recipient = `${dataset}@example.test`;
  const request = {
    upload_id: upload.id,
    dataset: { name: dataset, columns: numberedColumns },
    notify: { email: recipient },
  };
  const { id } = await api.startImport(request);
  return { id, dataset, recipient };
}

/** Returns as soon as so many of its chunks are committed. */
export async function untilChunks({ db }: TestStack, id: string, atLeast: number): Promise<void> {
  const look = async (): Promise<boolean> => (await ledgerOf(db, id)).chunks >= atLeast;
  if (await poll(look, { withinMs: 60_000, everyMs: 2 })) return;
  throw new Error(`Import ${id} has not come to chunk ${atLeast} within a minute.`);
}

/** Throws when everything is loaded already: then the test would show nothing. */
export async function assertMidway({ db }: TestStack, id: string): Promise<void> {
  const { chunks, total = Infinity } = await ledgerOf(db, id);
  if (chunks < total) return;
  throw new Error(`Import ${id} was over before it could be disturbed.`);
}

/** Kills the first ingest as soon as so many chunks are committed. Throws when that is too late. */
export async function killMidway(
  running: TestStack,
  id: string,
  { chunks }: { chunks: number },
): Promise<void> {
  await untilChunks(running, id, chunks);
  await running.stack.service('ingest').kill();
  await assertMidway(running, id);
}

/** What there is of a large import once it has ended. */
export interface LargeImportResult extends Holdings {
  /** As the API tells it. */
  told: { percent: number; loaded: number; rejected: number };
  rejectedRows: number;
  /** E-mails about it, told apart by their Message-ID. */
  mails: number;
}

/** Every row of the file once, and told once. */
export const wholeFileOnce: LargeImportResult = {
  ...holdingsExpected(csv),
  told: { percent: 100, loaded: csv.rows, rejected: csv.rejected },
  rejectedRows: csv.rejected,
  mails: 1,
};

/**
 * Waits for the end of the import and the mail about it, and tells its counters. What has not ended
 * in a minute and a half is told as it is.
 */
export async function resultOf(
  { api, db, mail }: TestStack,
  { id, dataset, recipient }: LargeImport,
  { scenario, faults }: { scenario: string; faults: number },
): Promise<LargeImportResult> {
  const hasEnded = async (): Promise<boolean> =>
    (await api.getImport(id)).state === 'completed_with_errors';
  const isTold = (): boolean => mail.takenFor(recipient).length > 0;
  if (await poll(hasEnded, { withinMs: 90_000 })) await poll(isTold, { withinMs: 30_000 });
  const { progress } = await api.getImport(id);
  const held = await holdingsOf(db, dataset);
  tellTallies(scenario, faults, [tallyOf(held)]);
  const rejected = 'select count(*) from reports.rejected_row where import_id = $1';
  return {
    ...held,
    told: {
      percent: progress.percent,
      loaded: progress.rows_loaded,
      rejected: progress.rows_rejected,
    },
    rejectedRows: await count(db, rejected, [id]),
    mails: new Set(mail.takenFor(recipient).map(({ messageId }) => messageId)).size,
  };
}

function tallyOf({ rows, distinct }: Holdings): Tally {
  return {
    attempted: csv.rows,
    accepted: csv.rows,
    effects: rows,
    lost: Math.max(0, csv.rows - distinct),
    doubled: rows - distinct,
    unexpected: Math.max(0, distinct - csv.rows),
    repeated: 0,
  };
}
