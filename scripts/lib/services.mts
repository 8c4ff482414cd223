import { inRepository } from './repository.mts';

/** Every service, in the order they are started. */
export const SERVICES = ['gateway', 'ingest', 'notifier'] as const;
export type Service = (typeof SERVICES)[number];

/** The built program of a service. */
export function entryOf(service: Service): string {
  return inRepository('dist/apps', service, 'src/main.js');
}

/** The built program that brings the schema of a service up to date. */
export function migrationOf(service: Service): string {
  return inRepository('dist/apps', service, 'src/database/migrate.js');
}
