import { statSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import type { ApiClient, ImportProgress, ImportResource } from './api-client.mts';
import { EXAMPLE_COLUMNS } from './example-csv.mts';
import type { CaughtMail, MailCatcher } from './mail-catcher.mts';
import { poll } from './poll.mts';
import { say } from './say.mts';

/** How long the mail about an import may take to arrive. */
const MAIL_WITHIN_MS = 60_000;

const RECIPIENT = 'you@example.com';

export interface ImportExampleOptions {
  api: ApiClient;
  csv: string;
  mailCatcher: MailCatcher;
  signal: AbortSignal;
}

/**
 * Uploads a file, imports it, shows how it goes and what came of it, and shows the mail. Returns
 * whether the import has completed and the mail has arrived.
 */
export async function importExample(options: ImportExampleOptions): Promise<boolean> {
  const { api, csv, mailCatcher, signal } = options;
  const known = new Set((await mailCatcher.mails()).map(({ id }) => id));
  say(`Uploading ${csv} (${megabytes(statSync(csv).size)}) …`);
  const upload = await api.upload(csv);
  const accepted = await api.startImport({
    upload_id: upload.id,
    name: 'Example customers',
    dataset: { name: 'customers', columns: EXAMPLE_COLUMNS },
    notify: { email: RECIPIENT },
  });
  say(`Accepted as import ${accepted.id}; the rest happens in the background.`);
  await follow(api, accepted.id, signal);
  const ended = await api.getImport(accepted.id);
  showSummary(ended);
  const mail = await poll(
    async () => (await mailCatcher.mails()).find(({ id }) => !known.has(id)),
    { withinMs: MAIL_WITHIN_MS, everyMs: 200 },
  );
  showMail(mail, mailCatcher);
  return ended.state.startsWith('completed') && mail !== undefined;
}

/** A bar at a terminal; a line for every tenth elsewhere. */
async function follow(api: ApiClient, id: string, signal: AbortSignal): Promise<void> {
  const bar = new SingleBar(
    {
      format: '  {bar} {percentage} %  {loaded} rows stored, {rejected} rejected  {rate}',
      stream: process.stdout,
      barsize: 32,
    },
    Presets.shades_classic,
  );
  bar.start(100, 0, { loaded: 0, rejected: 0, rate: '' });
  const tenths = new Set<number>();
  const onProgress = (progress: ImportProgress): void => {
    const { percent, rows_loaded: loaded, rows_rejected: rejected, rate_rows_s: rate } = progress;
    const shown = rate === null ? '' : `${count(Math.round(rate))} rows/s`;
    bar.update(percent, { loaded: count(loaded), rejected: count(rejected), rate: shown });
    const tenth = Math.floor(percent / 10);
    if (process.stdout.isTTY || tenths.has(tenth)) return;
    tenths.add(tenth);
    console.log(`  ${percent} %  ${count(loaded)} rows stored, ${count(rejected)} rejected`);
  };
  try {
    await api.followImport(id, onProgress, signal);
  } finally {
    bar.stop();
  }
}

function showSummary({ state, summary, rejections, problem }: ImportResource): void {
  console.log(`\n  ${summary ?? state}`);
  if (problem) console.log(`  ${problem.code}: ${problem.detail}`);
  for (const { rows, message } of rejections) {
    console.log(`  ${String(rows).padStart(6)} × ${message}`);
  }
}

function showMail(mail: CaughtMail | undefined, mailCatcher: MailCatcher): void {
  if (!mail) {
    console.log(
      `\n  No mail arrived within ${MAIL_WITHIN_MS / 1000} s; see ${mailCatcher.webUrl}.`,
    );
    return;
  }
  console.log(`\n  Mail to ${mail.to.map(({ address }) => address).join(', ')}: ${mail.subject}`);
  for (const line of (mail.text ?? '').trim().split('\n')) console.log(`  | ${line}`);
}

function count(rows: number): string {
  return rows.toLocaleString('en-GB');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
