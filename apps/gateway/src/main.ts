import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService, untilItStarts } from '@offload/messaging';
import { loadConfig } from '@offload/platform';
import { checkStorage, FileStore } from '@offload/storage';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { GatewayConfig } from './config.js';
import { serveDocsPage } from './docs/serve-docs-page.js';
import { configureHttp } from './http/configure-http.js';

runMain('gateway', async () => {
  const config = loadConfig('gateway', GatewayConfig);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    ...untilItStarts,
    bodyParser: false,
  });
  configureHttp(app);
  serveDocsPage(app);
  const trouble = await checkStorage(app.get(FileStore));
  if (trouble !== undefined) app.get(Logger).warn({ event: 'storage', reason: trouble });
  await startService(app, config);
});
