import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Contracts from '@offload/contracts';
import type * as Http from '@offload/contracts/http';
import type * as Messaging from '@offload/messaging';
import type * as Migrate from '../../apps/migrate/src/find-handlers.ts';
import type { FoundHandler } from '../../apps/migrate/src/find-handlers.ts';
import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { configurationPage } from './configuration-page.mts';
import { metricsPage } from './metrics-page.mts';
import { observabilityFiles } from './observability/generated-files.mts';
import { inRepository } from './repository.mts';

/**
 * Every generated document with its path, from the built code and from observability/. The same code
 * gives the same text.
 */
export async function generatedDocuments(): Promise<[path: string, text: string][]> {
  const load = createRequire(inRepository('package.json'));
  const contracts = load('./dist/libs/contracts/src/index.js') as typeof Contracts;
  const http = load('./dist/libs/contracts/src/http/index.js') as typeof Http;
  const messaging = load('./dist/libs/messaging/src/index.js') as typeof Messaging;
  const cli = load('./dist/apps/cli/src/help/reference-page.js') as {
    commandLinePage: () => string;
  };
  const handlers = loadHandlers(load);
  const handledBy = (type: string): string[] =>
    handlers.filter(({ contract }) => contract.type === type).map(({ queue }) => queue);

  const documents: [string, string][] = [
    ['messages.md', contracts.messageCatalogPage(contracts.catalog, handledBy, readExample)],
    ['asyncapi.json', json(contracts.asyncApiDocument(contracts.catalog, handledBy, readExample))],
    ['openapi.json', json(http.openApiDocument())],
    ['topology.md', messaging.topologyPage(messaging.topology(handlers, messaging.defaultTiersMs))],
    ['configuration.md', configurationPage(loadConfigs(load), loadProgramConfigs(load))],
    ['metrics.md', metricsPage(load)],
    ['cli.md', cli.commandLinePage()],
  ];
  const files = documents.map(([name, text]): [string, string] => [`docs/generated/${name}`, text]);
  return Promise.all(
    [...files, ...observabilityFiles()].map(async ([path, text]): Promise<[string, string]> => {
      const options = await resolveConfig(inRepository('package.json'));
      return [path, await format(text, { ...options, filepath: path })];
    }),
  );
}

function loadHandlers(load: NodeJS.Require): FoundHandler[] {
  const { findHandlers } = load('./dist/apps/migrate/src/find-handlers.js') as typeof Migrate;
  return findHandlers(inRepository('dist/apps'));
}

function loadConfigs(load: NodeJS.Require): Record<string, z.ZodObject> {
  const { GatewayConfig } = load('./dist/apps/gateway/src/config.js') as {
    GatewayConfig: z.ZodObject;
  };
  const { IngestConfig } = load('./dist/apps/ingest/src/config.js') as {
    IngestConfig: z.ZodObject;
  };
  const { NotifierConfig } = load('./dist/apps/notifier/src/config.js') as {
    NotifierConfig: z.ZodObject;
  };
  return { gateway: GatewayConfig, ingest: IngestConfig, notifier: NotifierConfig };
}

function loadProgramConfigs(load: NodeJS.Require): Record<string, z.ZodObject> {
  const { MigrateConfig } = load('./dist/apps/migrate/src/config.js') as {
    MigrateConfig: z.ZodObject;
  };
  return { migrate: MigrateConfig };
}

function readExample(type: string): unknown {
  return JSON.parse(readFileSync(inRepository(`libs/contracts/examples/${type}.json`), 'utf8'));
}

function json(document: unknown): string {
  return JSON.stringify(document, null, 2);
}
