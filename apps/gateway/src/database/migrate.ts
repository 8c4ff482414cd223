import { runMain } from '@offload/messaging';
import { CommonConfig, loadConfig, migrate } from '@offload/platform';
import { database } from './database.js';

runMain('gateway', async () => {
  const config = loadConfig('gateway', CommonConfig.pick({ DATABASE_URL: true }));
  const ran = await migrate(database(config.DATABASE_URL));
  process.stdout.write(`gateway: ${ran.length} migrations run\n`);
});
