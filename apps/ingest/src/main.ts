import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService } from '@offload/messaging';
import { loadConfig } from '@offload/platform';
import { AppModule } from './app.module.js';
import { IngestConfig } from './config.js';

runMain('ingest', async () => {
  const config = loadConfig('ingest', IngestConfig);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bufferLogs: true,
  });
  await startService(app, config);
});
