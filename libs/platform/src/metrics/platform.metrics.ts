import { gaugeMetric, histogramMetric } from './metric.js';

export const buildInfo = gaugeMetric('offload_build_info', {
  help: 'Always 1; its label says which version runs.',
  labels: { version: 'of package.json' },
});

export const healthUp = gaugeMetric('offload_health_up', {
  help: 'What GET /health/ready finds, looked at with the scrape: 1 when a dependency is in order, 0 when something is wrong with it. The process may be ready all the same; the reason is in the answer of /health/ready.',
  labels: { check: ['broker', 'database', 'mail-relay', 'storage'] },
});

/** Of HTTP; every other one that a client may make up is `other`. */
export const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const httpDuration = histogramMetric('offload_http_request_duration_seconds', {
  help: 'HTTP requests that were answered, and the time from their arrival to the last byte of the answer; of an event stream to its first byte. Counted when the answer is out, or when the client has gone.',
  labels: {
    method: [...knownMethods, 'other'],
    route:
      'the template of the route, such as `/v1/imports/{id}`; `unmatched` for every other path',
    status: 'the status code that was sent; `499` when the client went before there was one',
  },
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
});

export const httpInFlight = gaugeMetric('offload_http_in_flight', {
  help: 'HTTP requests that have come and are not answered yet; an event stream counts until its first byte.',
});
