import { ApiClient } from './lib/api-client.mts';
import { ensureBuilt } from './lib/build-output.mts';
import { exampleCsv } from './lib/example-csv.mts';
import { importExample } from './lib/import-example.mts';
import { runScript } from './lib/lifetime.mts';
import { startMailCatcher, type MailCatcher } from './lib/mail-catcher.mts';
import { say } from './lib/say.mts';
import { startServers, type Servers } from './lib/servers.mts';
import { commandLineOf, startStack, type Stack } from './lib/stack.mts';
import { together } from './lib/together.mts';

/**
 * npm run demo [-- --once]
 *
 * Starts everything, imports an example file in front of your eyes and stays up until Ctrl-C. With
 * --once it ends after the import and the mail about it. What was imported is kept for the next time.
 */
await runScript(async (lifetime) => {
  const isOnce = process.argv.includes('--once');
  const [servers, csv] = await together([
    startServers(lifetime, { name: 'demo', durable: true }),
    exampleCsv(),
    ensureBuilt(),
  ]);
  const mailCatcher = await startMailCatcher(servers.folder);
  lifetime.add('mail catcher', () => mailCatcher.stop());
  say('Starting gateway, ingest and notifier …');
  const stack = await startStack(servers, { smtpUrl: mailCatcher.smtpUrl });
  lifetime.add('services', () => stack.stop());
  lifetime.signal.throwIfAborted();
  say('Ready.');
  const api = new ApiClient(stack.url, stack.apiKey);
  const hasSucceeded = await importExample({ api, csv, mailCatcher, signal: lifetime.signal });
  if (isOnce) return hasSucceeded ? 0 : 1;
  showAddresses(servers, mailCatcher, stack);
  await lifetime.untilStopped();
  return 0;
});

/** A role that reads datasets and nothing else; on a given server it is the administrator's to make. */
function addressesForBi(url: string | undefined): [string, string][] {
  if (url === undefined) return [];
  const { host, pathname, username, password } = new URL(url);
  return [
    ['BI, psql', `psql '${url}'`],
    ['BI, JDBC', `jdbc:postgresql://${host}${pathname}?user=${username}&password=${password}`],
  ];
}

function showAddresses({ rabbitmq }: Servers, mailCatcher: MailCatcher, stack: Stack): void {
  const management =
    rabbitmq.managementUrl === undefined ? undefined : new URL(rabbitmq.managementUrl);
  const lines: [string, string][] = [
    ['API', `${stack.url}/v1`],
    ['API key', stack.apiKey],
    ['API reference', `${stack.url}/v1/docs`],
    ['Command line', `${commandLineOf(stack)} --help`],
    ['Mail', mailCatcher.webUrl],
    ['PostgreSQL', stack.databaseUrls.ingest],
    ...addressesForBi(stack.databaseUrls.reader),
    ['Logs', stack.logFolder],
  ];
  if (management) {
    const { origin, username, password } = management;
    lines.splice(5, 0, ['RabbitMQ', `${origin}  (user ${username}, password ${password})`]);
  }
  console.log();
  for (const [name, value] of lines) console.log(`  ${name.padEnd(14)} ${value}`);
  console.log(`
  Try it:  curl -H 'Authorization: Bearer ${stack.apiKey}' '${stack.url}/v1/datasets/customers/rows?limit=3'

  Ctrl-C stops everything.
`);
}
