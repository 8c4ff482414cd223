import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions, EntitySchema } from 'typeorm';
import type { CommonConfig } from '../config/common-config.js';
import { connectPatiently } from './connect-patiently.js';
import { closeWhenSilent, type WatchedConnection } from './silent-connection.js';

type EntityClass = new () => object;
type MigrationClass = new () => object;
type SubscriberClass = new () => object;

export interface DatabaseSettings {
  url: string;
  /** The schema this service owns; unqualified names mean tables in it. */
  schema: string;
  entities: (EntityClass | EntitySchema)[];
  migrations: MigrationClass[];
  /** What is told when entities are stored. (Default: none) */
  subscribers?: SubscriberClass[];
  /** Connections at most. (Default: 20) */
  poolSize?: number;
  /** Longest single statement, in milliseconds. (Default: 300 000) */
  statementTimeoutMs?: number;
  /** Longest that a transaction may do nothing, in milliseconds. (Default: 120 000) */
  idleTransactionTimeoutMs?: number;
  /** How long after the statement's own limit a server that says nothing is given up, in milliseconds. (Default: 30 000) */
  silenceMs?: number;
  /** Shown in pg_stat_activity. */
  name: string;
}

/**
 * How a service connects to its schema.
 *
 * Bounded on every side: pool size, waiting for a connection, statements, transactions that do nothing,
 * and a server that does not even say that it ends a statement, so that a leak is an error at its place and not an outage elsewhere.
 */
export function databaseOptions(settings: DatabaseSettings): DataSourceOptions {
  const statementTimeoutMs = settings.statementTimeoutMs ?? 300_000;
  return {
    type: 'postgres',
    url: settings.url,
    schema: settings.schema,
    entities: settings.entities,
    migrations: settings.migrations,
    subscribers: settings.subscribers ?? [],
    migrationsTableName: 'migration',
    applicationName: settings.name,
    poolSize: settings.poolSize ?? 20,
    connectTimeoutMS: 10_000,
    extra: {
      connectionTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: settings.idleTransactionTimeoutMs ?? 120_000,
      keepAlive: true,
      // Without it the system begins to ask after two hours.
      keepAliveInitialDelayMillis: 10_000,
      options: `-c search_path=${settings.schema}`,
      onConnect: (connection: NodeJS.EventEmitter & WatchedConnection) => {
        toleratePartings(connection);
        closeWhenSilent(connection, statementTimeoutMs + (settings.silenceMs ?? 30_000));
      },
    },
  };
}

/**
 * A server that shuts down may say so in the same breath in which it accepts a connection, when the
 * pool has let go of it and nobody listens yet; without a listener that ends the process. Whoever uses
 * the connection learns of it from the first statement.
 */
function toleratePartings(connection: NodeJS.EventEmitter): void {
  connection.on('error', () => undefined);
}

/** The service's DataSource, for injection; waits for the database at start instead of dying at once. */
export function databaseModule(
  settings: DatabaseSettings,
  limits: Pick<CommonConfig, 'STATEMENT_TIMEOUT_MS' | 'IDLE_TRANSACTION_TIMEOUT_MS'>,
): DynamicModule {
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({
      ...databaseOptions({
        ...settings,
        statementTimeoutMs: limits.STATEMENT_TIMEOUT_MS,
        idleTransactionTimeoutMs: limits.IDLE_TRANSACTION_TIMEOUT_MS,
      }),
      // It waits by itself, and knows what waiting does not help.
      toRetry: () => false,
    }),
    dataSourceFactory: async (options) => connectPatiently(options ?? { type: 'postgres' }, tell),
  });
}

/** The logger holds its lines back until the service is made; this one has their shape, the level as a number. */
function tell(message: string): void {
  const line = { level: 40, event: 'database-away', message, time: new Date().toISOString() };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
