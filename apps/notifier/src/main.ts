import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService, untilItStarts } from '@offload/messaging';
import { loadConfig } from '@offload/platform';
import { AppModule } from './app.module.js';
import { NotifierConfig } from './config.js';

runMain('notifier', async () => {
  const config = loadConfig('notifier', NotifierConfig);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    ...untilItStarts,
  });
  await startService(app, config);
});
