export { CommonConfig, integer } from './config/common-config.js';
export { InvalidConfig, loadConfig } from './config/load-config.js';
export {
  databaseModule,
  databaseOptions,
  type DatabaseSettings,
} from './database/database.module.js';
export { askQuickly, poolCounts, type PoolCounts } from './database/connection-pool.js';
export { checkSchema } from './database/check-schema.js';
export { migrate } from './database/migrate.js';
export { QuickQuestion } from './database/quick-question.js';
export { type PreparedStatement, queryPrepared } from './database/query-prepared.js';
export { AppError, isPermanent, PermanentError, type AppErrorOptions } from './errors/app-error.js';
export { CannotListen } from './errors/cannot-listen.js';
export { describeError, type ErrorDescription } from './errors/describe-error.js';
export { failureFingerprint, normaliseText } from './errors/normalise-text.js';
export { type HealthCheck } from './health/look-at-health.js';
export { HealthModule } from './health/health.module.js';
export { loggingModule } from './logging/logging.module.js';
export {
  counterMetric,
  type GaugeMetric,
  gaugeMetric,
  histogramMetric,
  isMetric,
  type LabelValues,
  type Metric,
} from './metrics/metric.js';
export { MetricsRegistry, type SetValue } from './metrics/metrics-registry.js';
export { beganToStream } from './http/began-to-stream.js';
export { MetricsModule } from './metrics/metrics.module.js';
export {
  MemoryGuard,
  memoryLimitExitCode,
  type MemoryGuardOptions,
} from './shutdown/memory-guard.js';
export { OpenRequests } from './shutdown/open-requests.js';
export { Shutdown } from './shutdown/shutdown.js';
export { ShutdownModule } from './shutdown/shutdown.module.js';
export { startTracing } from './telemetry/start-tracing.js';
export { traceRequests } from './telemetry/trace-requests.js';
export {
  currentTraceparent,
  inSpan,
  isTracing,
  openSpan,
  stopTracing,
  untraced,
} from './telemetry/tracing.js';
export type { Span, SpanAttributes } from './telemetry/tracer.js';
export { TracingModule } from './telemetry/tracing.module.js';
export { connectPatiently } from './database/connect-patiently.js';
export { RepeatedWork } from './time/repeated-work.js';
export { SharedLook } from './time/shared-look.js';
export { version } from './version/version.js';
