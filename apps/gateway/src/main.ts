import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { runMain, startService } from '@offload/messaging';
import { loadConfig, startTracing } from '@offload/platform';
import { AppModule } from './app.module.js';
import { GatewayConfig } from './config.js';
import { serveDocsPage } from './docs/serve-docs-page.js';
import { configureHttp } from './http/configure-http.js';

runMain('gateway', async () => {
  const config = loadConfig('gateway', GatewayConfig);
  await startTracing('gateway', config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bufferLogs: true,
    bodyParser: false,
  });
  configureHttp(app);
  serveDocsPage(app);
  await startService(app, config);
});
