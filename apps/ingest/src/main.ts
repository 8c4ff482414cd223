import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService, untilItStarts } from '@offload/messaging';
import { loadConfig } from '@offload/platform';
import { checkStorage, FileStore } from '@offload/storage';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { IngestConfig } from './config.js';

runMain('ingest', async () => {
  const config = loadConfig('ingest', IngestConfig);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    ...untilItStarts,
  });
  const trouble = await checkStorage(app.get(FileStore));
  if (trouble !== undefined) app.get(Logger).warn({ event: 'storage', reason: trouble });
  await startService(app, config);
});
