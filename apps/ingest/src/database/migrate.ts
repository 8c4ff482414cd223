import { runMain } from '@offload/messaging';
import { loadConfig, migrate } from '@offload/platform';
import { IngestConfig } from '../config.js';
import { database } from './database.js';

runMain('ingest', async () => {
  const config = loadConfig('ingest', IngestConfig.pick({ DATABASE_URL: true }));
  const ran = await migrate(database(config.DATABASE_URL));
  process.stdout.write(`ingest: ${ran.length} migrations run\n`);
});
