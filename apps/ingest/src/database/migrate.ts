import { runMain } from '@offload/messaging';
import { CommonConfig, loadConfig, migrate } from '@offload/platform';
import { database } from './database.js';

runMain('ingest', async () => {
  const config = loadConfig('ingest', CommonConfig.pick({ DATABASE_URL: true }));
  const ran = await migrate(database(config.DATABASE_URL));
  process.stdout.write(`ingest: ${ran.length} migrations run\n`);
});
