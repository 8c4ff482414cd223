import { watch } from 'node:fs';
import { ensureBuilt } from './lib/build-output.mts';
import { runScript, type Lifetime } from './lib/lifetime.mts';
import { startMailCatcher } from './lib/mail-catcher.mts';
import { freePorts } from './lib/ports.mts';
import { inRepository } from './lib/repository.mts';
import { say } from './lib/say.mts';
import { startServers } from './lib/servers.mts';
import { showLogs } from './lib/show-logs.mts';
import { commandLineOf, startStack, type Stack } from './lib/stack.mts';

/** An editor that saves several files counts as one change. */
const SETTLE_MS = 200;

/**
 * npm run dev
 *
 * The stack for developers: the gateway on port 3000 where that is free, logs in the terminal, and a
 * rebuild, migration and restart of the services at every change under apps/ and libs/.
 */
await runScript(async (lifetime) => {
  const servers = await startServers(lifetime, { name: 'dev', durable: true });
  const mailCatcher = await startMailCatcher(servers.folder);
  lifetime.add('mail catcher', () => mailCatcher.stop());
  const [port = 0] = await freePorts([3000]);
  const changes = watchSources(lifetime);
  let stack: Stack | undefined;
  lifetime.add('logs', showLogs(servers.folder, ['gateway', 'ingest', 'notifier']));
  say(`Mail: ${mailCatcher.webUrl}  RabbitMQ: ${servers.rabbitmq.managementUrl ?? 'given'}`);
  while (!lifetime.signal.aborted) {
    try {
      await ensureBuilt();
      await stack?.stop();
      const env = { gateway: { PORT: String(port), LOG_LEVEL: 'debug' } };
      const started = await startStack(servers, { smtpUrl: mailCatcher.smtpUrl, env });
      lifetime.add('services', () => started.stop());
      stack = started;
      say(`Ready: ${stack.url}/v1/docs  API key ${stack.apiKey}`);
      say(`Command line: ${commandLineOf(stack)} --help`);
    } catch (error) {
      if (lifetime.signal.aborted) break;
      say(`${(error as Error).message}\nWaiting for a change …`);
    }
    await changes.next();
  }
  return 0;
});

/** Each `next` settles once something has changed since the one before, or the script is to stop. */
function watchSources(lifetime: Lifetime): { next: () => Promise<void> } {
  let hasChanged = false;
  let wake: (() => void) | undefined;
  let settling: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      hasChanged = true;
      wake?.();
    }, SETTLE_MS);
  };
  for (const folder of ['apps', 'libs']) {
    const { signal } = lifetime;
    watch(inRepository(folder), { recursive: true, signal }, changed).on('error', () => undefined);
  }
  lifetime.signal.addEventListener('abort', () => wake?.());
  const next = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (hasChanged || lifetime.signal.aborted) resolve();
    });
    hasChanged = false;
  };
  return { next };
}
