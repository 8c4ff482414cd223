import { rmSync } from 'node:fs';
import type { Lifetime } from '../../scripts/lib/lifetime.mts';
import type { Servers } from '../../scripts/lib/servers.mts';
import { startStack, type Stack } from '../../scripts/lib/stack.mts';

/** The services, stopped at the end with what they have stored. No mail can be handed over. */
export async function startBenchStack(lifetime: Lifetime, servers: Servers): Promise<Stack> {
  const stack = await startStack(servers, { smtpUrl: 'smtp://127.0.0.1:9' });
  lifetime.add('services', async () => {
    await stack.stop();
    rmSync(stack.storageFolder, { recursive: true, force: true });
  });
  return stack;
}

/** Somebody who may ask for a checkpoint, in the database of the services. */
export function administratorOf({ postgres }: Servers, stack: Stack): string {
  const url = new URL(postgres.url);
  url.pathname = new URL(stack.databaseUrls.gateway).pathname;
  return url.href;
}
