import { ApiClient } from '../scripts/lib/api-client.mts';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { startServers } from '../scripts/lib/servers.mts';
import { startStack } from '../scripts/lib/stack.mts';
import { BenchFiles } from './import/bench-files.mts';
import { measureImport } from './import/measure-import.mts';
import { takeAway } from './import/tables.mts';
import { administratorOf } from './lib/bench-stack.mts';
import { printMachine } from './lib/machine.mts';
import { findParts, type Spent } from './sizing/parts.mts';
import { measureEmails } from './sizing/measure-emails.mts';
import { startSink } from './sizing/mail-sink.mts';
import { type Shape, shapes, writeShape } from './sizing/shapes.mts';

/**
 * How long imports and e-mails take on this machine, and how many processor seconds each part of the system uses for
 * them: what a reader needs to size another one. No reference, and nothing to reach; docs/runbooks/sizing.md says how to read it.
 */
export async function benchSizing(
  lifetime: Lifetime,
  { rows, messages }: { rows: number; messages: number },
): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const sink = await startSink();
  lifetime.add('mail sink', () => sink.stop());
  const stack = await startStack(servers, { smtpUrl: sink.url });
  lifetime.add('services', () => stack.stop());
  const files = new BenchFiles(servers.folder.path);
  lifetime.add('files', async () => files.remove());
  const parts = await findParts(stack, servers);
  const api = new ApiClient(stack.url, stack.apiKey);

  printMachine(servers);
  console.log(`\n${header(['import', 'MB', 'seconds', 'rows/s'])}`);
  for (const shape of shapes(rows)) {
    lifetime.signal.throwIfAborted();
    const file = await writeShape(files, shape);
    const { id } = await api.upload(file.path);
    let seconds = 0;
    const spent = await parts.during(async () => {
      const request = { upload_id: id, dataset: { columns: shape.columns } };
      const { badRows } = shape;
      const measured = await measureImport(api, { request, badRows }, lifetime.signal);
      seconds = measured.seconds;
      await takeAway(administratorOf(servers, stack), measured.dataset);
    });
    const speed = Math.round(shape.rows / seconds / 1000);
    console.log(
      row([titleOf(shape), file.megabytes.toFixed(0), seconds.toFixed(1), `${speed} k`], spent),
    );
  }

  console.log(`\n${header(['e-mails, accepted and sent', '', 'seconds', 'per second'])}`);
  let seconds = 0;
  const spent = await parts.during(async () => {
    seconds = await measureEmails({ url: stack.url, apiKey: stack.apiKey }, sink, messages);
  });
  const cells = [String(messages), '', seconds.toFixed(1), (messages / seconds).toFixed(0)];
  console.log(row(cells, spent));
}

function titleOf({ rows, columns, badRows }: Shape): string {
  const bad = badRows > 0 ? `, ${badRows} of them bad` : '';
  return `${rows.toLocaleString('en')} rows × ${columns.length} columns${bad}`;
}

const partNames = ['gateway', 'ingest', 'notifier', 'PostgreSQL', 'RabbitMQ'] as const;

/** Rows of a table in Markdown, for the page that quotes them. */
function header(cells: string[]): string {
  const all = [...cells, ...partNames.map((name) => `CPU s ${name}`)];
  return `| ${all.join(' | ')} |\n|${' --- |'.repeat(all.length)}`;
}

function row(cells: string[], spent: Spent): string {
  return `| ${[...cells, ...partNames.map((name) => spent[name].toFixed(1))].join(' | ')} |`;
}
