import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createVhost, deleteVhost } from './provision-broker.mts';
import { dropDatabase, provisionDatabase } from './provision-database.mts';
import { Stack, type StackOptions } from './stack.mts';

export interface ScratchStackOptions extends Pick<StackOptions, 'smtpUrl' | 'env'> {
  /** A broker of the test's own, which it can stop and start. (Default: that of `npm test`) */
  broker?: { url: string; managementUrl: string };
  /** Of an administrator of a database server. (Default: that of `npm test`) */
  databaseUrl?: string;
}

/**
 * A stack with a database, roles and virtual host of its own on the servers that `npm test` names in
 * the environment. `stop` removes them, so tests share servers and nothing else.
 */
export async function startScratchStack({
  broker,
  databaseUrl: adminUrl = required('DATABASE_URL'),
  ...options
}: ScratchStackOptions): Promise<Stack> {
  const { url: brokerUrl, managementUrl } = broker ?? {
    url: required('RABBITMQ_URL'),
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
  };
  const name = `e2e_${randomUUID().slice(0, 8)}`;
  const folder = join(required('TEST_FOLDER'), 'logs', name);
  const password = randomBytes(12).toString('hex');
  const databaseUrls = await provisionDatabase(adminUrl, {
    database: name,
    passwordOf: () => password,
  });
  const rabbitmqUrl = await createVhost(brokerUrl, managementUrl, name);
  const remove = async (): Promise<void> => {
    await deleteVhost(managementUrl, name);
    await dropDatabase(adminUrl, name);
    rmSync(join(folder, 'files'), { recursive: true, force: true });
  };
  try {
    const stack = await Stack.start({
      ...options,
      databaseUrls,
      rabbitmqUrl,
      rabbitmqManagementUrl: managementUrl,
      folder,
    });
    stack.whenStopped(remove);
    return stack;
  } catch (error) {
    await remove();
    throw error;
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run this through npm test.`);
}
