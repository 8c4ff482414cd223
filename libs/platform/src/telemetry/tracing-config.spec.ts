import { CommonConfig } from '../config/common-config.js';
import { InvalidConfig, loadConfig } from '../config/load-config.js';
import { tracesEndpoint } from './tracing-config.js';

const needed = {
  DATABASE_URL: 'postgres://offload@localhost/offload',
  RABBITMQ_URL: 'amqp://localhost',
};

describe('the settings of tracing', () => {
  it.each([
    ['nothing', {}, undefined],
    ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    [
      'one for traces, which is taken as it is',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t:1/in',
      },
      'http://t:1/in',
    ],
    [
      'an endpoint that is switched off',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'TRUE' },
      undefined,
    ],
  ])('send spans, given %s, where they say', (_what, given, endpoint) => {
    expect(tracesEndpoint(loadConfig('probe', CommonConfig, { ...needed, ...given }))).toBe(
      endpoint,
    );
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'http://host:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'http/protobuf'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'Bearer secret', 'key=value'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '10%', 'from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '10', 'from 0 to 1'],
    ['OTEL_SDK_DISABLED', 'yes', 'true or false'],
  ])('tell what is wrong with %s=%s', (name, value, words) => {
    const load = (): unknown => loadConfig('probe', CommonConfig, { ...needed, [name]: value });

    expect(load).toThrow(InvalidConfig);
    expect(load).toThrow(new RegExp(`${name}: .*${words}`));
  });
});
