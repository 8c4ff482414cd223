import { runMain } from '@offload/messaging';
import { loadConfig, migrate } from '@offload/platform';
import { NotifierConfig } from '../config.js';
import { database } from './database.js';

runMain('notifier', async () => {
  const config = loadConfig('notifier', NotifierConfig.pick({ DATABASE_URL: true }));
  const ran = await migrate(database(config.DATABASE_URL));
  process.stdout.write(`notifier: ${ran.length} migrations run\n`);
});
