export { CommonConfig, integer } from './config/common-config.js';
export { InvalidConfig, loadConfig } from './config/load-config.js';
export {
  databaseModule,
  databaseOptions,
  type DatabaseSettings,
} from './database/database.module.js';
export { askQuickly, poolCounts, type PoolCounts } from './database/connection-pool.js';
export { migrate } from './database/migrate.js';
export { type PreparedStatement, queryPrepared } from './database/query-prepared.js';
export { AppError, isPermanent, PermanentError, type AppErrorOptions } from './errors/app-error.js';
export { describeError, type ErrorDescription } from './errors/describe-error.js';
export { failureFingerprint, normaliseText } from './errors/normalise-text.js';
export { type HealthCheck } from './health/health.controller.js';
export { HealthModule } from './health/health.module.js';
export { loggingModule } from './logging/logging.module.js';
export { MetricsRegistry } from './metrics/metrics-registry.js';
export { MetricsModule } from './metrics/metrics.module.js';
export {
  MemoryGuard,
  memoryLimitExitCode,
  type MemoryGuardOptions,
} from './shutdown/memory-guard.js';
export { OpenRequests } from './shutdown/open-requests.js';
export { Shutdown } from './shutdown/shutdown.js';
export { ShutdownModule } from './shutdown/shutdown.module.js';
export { RepeatedWork } from './time/repeated-work.js';
export { version } from './version/version.js';
