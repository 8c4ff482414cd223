import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService } from '@offload/messaging';
import { loadConfig, startTracing } from '@offload/platform';
import { AppModule } from './app.module.js';
import { NotifierConfig } from './config.js';

runMain('notifier', async () => {
  const config = loadConfig('notifier', NotifierConfig);
  await startTracing('notifier', config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bufferLogs: true,
  });
  await startService(app, config);
});
