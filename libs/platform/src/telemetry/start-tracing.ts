import type { FailureLog } from './failure-log.js';
import { tracesEndpoint, type TracingConfig } from './tracing-config.js';
import { useTracer } from './tracing.js';

/**
 * Switches tracing on where the configuration names a collector. Belongs before anything that connects to
 * the database: the driver is fitted with spans as it is loaded.
 *
 * Where it stays off nothing of OpenTelemetry is loaded.
 */
export async function startTracing(
  service: string,
  config: TracingConfig & { INSTANCE_ID: string },
): Promise<void> {
  const endpoint = tracesEndpoint(config);
  if (endpoint === undefined) return;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  useTracer(new OpenTelemetry({ service, endpoint, config, log: logLine(service) }));
}

/** The service's own logger is not there yet, and this must not depend on it. */
function logLine(service: string): FailureLog {
  return (line) => {
    const time = new Date().toISOString();
    process.stdout.write(
      `${JSON.stringify({ level: 40, time, service, pid: process.pid, context: 'Tracing', ...line })}\n`,
    );
  };
}
