import { createRequire } from 'node:module';
import { inRepository } from '../../scripts/lib/repository.mts';

/** Loads what the services themselves run: the built library or file, as CommonJS. */
const load = createRequire(import.meta.url);

export type Messaging = typeof import('@offload/messaging');
export type Platform = typeof import('@offload/platform');
export type Contracts = typeof import('@offload/contracts');
export type TypeOrm = typeof import('typeorm');

/** Without its log lines about connections, which would stand among the figures. */
export function builtMessaging(): Messaging {
  load('reflect-metadata');
  (load('@nestjs/common') as typeof import('@nestjs/common')).Logger.overrideLogger(['error']);
  return load(inRepository('dist/libs/messaging/src/index.js')) as Messaging;
}

export function builtPlatform(): Platform {
  return load(inRepository('dist/libs/platform/src/index.js')) as Platform;
}

export function builtContracts(): Contracts {
  return load(inRepository('dist/libs/contracts/src/index.js')) as Contracts;
}

/** The same copy that the built libraries use. */
export function typeOrm(): TypeOrm {
  return load('typeorm') as TypeOrm;
}

export function builtScanner(): typeof import('../../libs/formats/src/csv/record-scanner.js') {
  return load(
    inRepository('dist/libs/formats/src/csv/record-scanner.js'),
  ) as typeof import('../../libs/formats/src/csv/record-scanner.js');
}

export function builtDatasetTable(): typeof import('../../apps/ingest/src/datasets/dataset-table.js') {
  return load(
    inRepository('dist/apps/ingest/src/datasets/dataset-table.js'),
  ) as typeof import('../../apps/ingest/src/datasets/dataset-table.js');
}
