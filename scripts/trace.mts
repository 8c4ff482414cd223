import { ApiClient } from './lib/api-client.mts';
import { ensureBuilt } from './lib/build-output.mts';
import { exampleCsv } from './lib/example-csv.mts';
import { importExample } from './lib/import-example.mts';
import { runScript } from './lib/lifetime.mts';
import { startMailCatcher } from './lib/mail-catcher.mts';
import { say } from './lib/say.mts';
import { startServers } from './lib/servers.mts';
import { startStack } from './lib/stack.mts';
import { together } from './lib/together.mts';
import { Collector } from './lib/trace/collector.mts';
import { traceTree } from './lib/trace/trace-tree.mts';

/**
 * npm run trace [-- --statements] [--all]
 *
 * Imports the demo's example file with tracing on and prints the trace of the import as a tree; with
 * --statements each statement in a line of its own, with --all also the traces of the other requests.
 */
await runScript(async (lifetime) => {
  const [servers, csv] = await together([
    startServers(lifetime, { name: 'demo', durable: true }),
    exampleCsv(),
    ensureBuilt(),
  ]);
  const mailCatcher = await startMailCatcher(servers.folder);
  lifetime.add('mail catcher', () => mailCatcher.stop());
  const collector = await Collector.start();
  lifetime.add('collector', () => collector.stop());
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const stack = await startStack(servers, {
    smtpUrl: mailCatcher.smtpUrl,
    env: { gateway: tracing, ingest: tracing, notifier: tracing },
  });
  lifetime.add('services', () => stack.stop());
  const api = new ApiClient(stack.url, stack.apiKey);
  const hasSucceeded = await importExample({ api, csv, mailCatcher, signal: lifetime.signal });
  say('Stopping the services, which export what is left …');
  await stack.stop();

  const imports = collector.spans.filter(({ name }) => name === 'POST /v1/imports');
  const shown = process.argv.includes('--all') ? collector.spans : imports;
  const withStatements = process.argv.includes('--statements');
  for (const traceId of new Set(shown.map((span) => span.traceId))) {
    const spans = collector.trace(traceId);
    console.log(`\nTrace ${traceId}, ${spans.length} spans`);
    console.log(traceTree(spans, { withStatements }));
  }
  return hasSucceeded && imports.length > 0 ? 0 : 1;
});
