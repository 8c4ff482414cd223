import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService } from '@offload/messaging';
import { loadConfig, startTracing } from '@offload/platform';
import { AppModule } from './app.module.js';
import { IngestConfig } from './config.js';

runMain('ingest', async () => {
  const config = loadConfig('ingest', IngestConfig);
  await startTracing('ingest', config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bufferLogs: true,
  });
  await startService(app, config);
});
