import { z } from 'zod';
import { parsePairs } from './parse-pairs.js';

const milliseconds = z.coerce.number().int().min(1).max(600_000).optional();

const pairs = z
  .string()
  .refine(
    (text) => parsePairs(text) !== undefined,
    'Write it as key=value,key2=value2; a comma or a percent sign in a value as %2C or %25.',
  )
  .optional();

/**
 * The variables of OpenTelemetry's own specification that a service knows; it reads them itself, so that a
 * mistake is told at the start and secrets can come from files. Without an endpoint there is no tracing.
 */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error: 'Write it as http://host:4318, where a collector listens.',
    })
    .optional()
    .describe(
      'Where a collector takes OTLP over HTTP, as http://host:4318; traces go to /v1/traces under it. Without it and the next one nothing is traced.',
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'Write it as http://host:4318/v1/traces, with its path.' })
    .optional()
    .describe('The same for traces alone, with its whole path; it goes before the other.'),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.describe(
    'Sent with every export, as key=value,key2=value2; usually a token.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf'], 'Only http/protobuf is spoken; give the collector’s HTTP port.')
    .optional()
    .describe('How a collector is spoken to; only http/protobuf.'),
  OTEL_EXPORTER_OTLP_COMPRESSION: z
    .enum(['gzip', 'none'])
    .optional()
    .describe('Of exports: gzip or none. (Default: none)'),
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds.describe(
    'Longest that one export may take, its retries included, in milliseconds. (Default: 10 000)',
  ),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .optional()
    .describe(
      'Which traces are recorded; with `parentbased_` the client decides for those that it begins. (Default: parentbased_always_on)',
    ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'Write the part of traces to be recorded as a number from 0 to 1.' })
    .min(0, 'Write the part of traces to be recorded as a number from 0 to 1.')
    .max(1, 'Write the part of traces to be recorded as a number from 0 to 1.')
    .optional()
    .describe('For the samplers by ratio: the part that is recorded, from 0 to 1. (Default: 1)'),
  OTEL_RESOURCE_ATTRIBUTES: pairs.describe(
    'Said of the process with every trace, as key=value,key2=value2, for instance deployment.environment.name=staging.',
  ),
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .describe('The name of the service in traces. (Default: offload-gateway and so on)'),
  OTEL_SDK_DISABLED: z
    .stringbool({ truthy: ['true'], falsy: ['false'], error: 'Write true or false.' })
    .optional()
    .describe('`true` switches tracing off, whatever else is set.'),
  OTEL_BSP_SCHEDULE_DELAY: milliseconds.describe(
    'Between two exports, in milliseconds. (Default: 5000)',
  ),
  OTEL_BSP_MAX_QUEUE_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Spans that wait for an export at most; more are dropped. (Default: 2048)'),
};

const TracingConfig = z.object(tracingConfig);
/** What a service is told of tracing. */
export type TracingConfig = z.output<typeof TracingConfig>;

/** Where spans go; undefined when nothing is to be traced. */
export function tracesEndpoint(config: TracingConfig): string | undefined {
  if (config.OTEL_SDK_DISABLED) return undefined;
  if (config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  // OpenTelemetry Protocol Exporter: "the SDK MUST construct … URLs by appending v1/traces" to this one.
  return config.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces');
}
