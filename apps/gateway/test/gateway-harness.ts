import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Scope } from '@offload/contracts/http';
import { MessagingRuntime, MessagingStrategy } from '@offload/messaging';
import { loadConfig, migrate } from '@offload/platform';
import { workerDatabase, workerVhost } from '@offload/testing';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { hashApiKey, newApiKey, prefixOf } from '../src/access/api-key.js';
import { AppModule } from '../src/app.module.js';
import { GatewayConfig } from '../src/config.js';
import { database } from '../src/database/database.js';
import { serveDocsPage } from '../src/docs/serve-docs-page.js';
import { configureHttp } from '../src/http/configure-http.js';

export interface HarnessSettings {
  /** Names a virtual host for the spec; without it the gateway has no broker, and needs none to accept. */
  broker?: string;
  config?: Partial<Record<keyof GatewayConfig, string>>;
}

export interface KeySettings {
  tenantId?: string;
  scopes?: Scope[];
  expiresAt?: Date;
}

/** The whole gateway on a port, with a real database. Call it inside `describe`. */
export function gatewayHarness({ broker, config = {} }: HarnessSettings = {}) {
  const bootstrapKey = newApiKey();
  const folder = mkdtempSync(join(tmpdir(), 'offload-gateway-'));
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    const databaseUrl = await workerDatabase();
    await migrate(database(databaseUrl));
    const settings = loadConfig('gateway', GatewayConfig, {
      DATABASE_URL: databaseUrl,
      RABBITMQ_URL: broker === undefined ? 'amqp://127.0.0.1:1' : await workerVhost(broker),
      RETRY_TIERS_MS: '100,300',
      STORAGE_FOLDER: folder,
      BOOTSTRAP_API_KEY: bootstrapKey,
      LOG_LEVEL: 'silent',
      ...config,
    });
    const module = await Test.createTestingModule({
      imports: [AppModule.forRoot(settings)],
    }).compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false });
    app.useLogger(false);
    configureHttp(app);
    serveDocsPage(app);
    if (broker !== undefined) {
      app.connectMicroservice({ strategy: app.get(MessagingStrategy) });
      await app.startAllMicroservices();
    }
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const db = (): DataSource => app.get(DataSource);

  /** Requests with a key; the bootstrap key unless another is given, none for `null`. */
  const as = (key: string | null = bootstrapKey) => {
    const agent = supertest.agent(url);
    return key === null ? agent : agent.set('Authorization', `Bearer ${key}`);
  };

  /** A fresh key, of a fresh tenant unless one is given. */
  const aKey = async ({ tenantId, scopes = ['admin'], expiresAt }: KeySettings = {}) => {
    const key = newApiKey();
    const tenant = tenantId ?? v7();
    await db().query(`insert into tenant (id, name) values ($1, 'spec') on conflict do nothing`, [
      tenant,
    ]);
    await db().query(
      `insert into api_key (id, tenant_id, name, prefix, hash, scopes, expires_at)
       values ($1, $2, 'spec', $3, $4, $5, $6)`,
      [v7(), tenant, prefixOf(key), hashApiKey(key), scopes, expiresAt ?? null],
    );
    return key;
  };

  return {
    db,
    as,
    aKey,
    folder,
    bootstrapKey,
    app: (): NestExpressApplication => app,
    url: (): string => url,
    runtime: (): MessagingRuntime => app.get(MessagingRuntime),
    /** An upload of the caller's, ready to be imported. */
    anUpload: async (key?: string): Promise<string> => {
      const { body } = await as(key).post('/v1/uploads').send('a,b\n1,2\n').expect(201);
      return (body as { id: string }).id;
    },
  };
}
