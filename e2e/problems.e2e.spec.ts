import { randomUUID } from 'node:crypto';
import type { ProblemDetails } from '@offload/contracts/http';
import { type Answer, ApiClient } from './harness/api-client.js';
import { stackHarness } from './harness/stack-harness.js';

describe('a request that cannot be granted', () => {
  const running = stackHarness({ env: { gateway: { MAX_UPLOAD_BYTES: '1000' } } });

  const cases: [string, string, number, (api: ApiClient) => Promise<Answer<ProblemDetails>>][] = [
    [
      'without a key',
      'missing_api_key',
      401,
      async () => withoutKey(`${running().stack.url}/v1/imports`),
    ],
    [
      'with a key that is none',
      'invalid_api_key',
      401,
      () => new ApiClient(() => running().stack.url, 'off_live_wrong').call('GET', '/v1/imports'),
    ],
    [
      'with a field that does not exist',
      'unknown_field',
      422,
      (api) => api.post('/v1/emails', { to: 'a@example.test', subject: 'S', text: 'T', colour: 1 }),
    ],
    [
      'with an address that is none',
      'validation_failed',
      422,
      (api) => api.post('/v1/emails', { to: 'nowhere', subject: 'S', text: 'T' }),
    ],
    [
      'with a file that is too large',
      'file_too_large',
      413,
      (api) =>
        api.call('POST', '/v1/uploads?file_name=a.csv', {
          body: 'n\n'.padEnd(2000, '1'),
          headers: { 'content-type': 'text/csv' },
        }),
    ],
    [
      'for something that does not exist',
      'not_found',
      404,
      (api) => api.call('GET', `/v1/imports/${randomUUID()}`),
    ],
    [
      'for topics that do not exist',
      'invalid_topics',
      400,
      (api) => api.call('GET', '/v1/events?topics=weather'),
    ],
    [
      'for the events of what does not exist',
      'not_found',
      404,
      (api) => api.call('GET', `/v1/events?topics=import:${randomUUID()}`),
    ],
    ['for a route that does not exist', 'not_found', 404, (api) => api.call('GET', '/v1/weather')],
  ];

  it.each(cases)('%s is answered with the problem %s', async (_, code, status, request) => {
    const answer = await request(running().api);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      type: `urn:offload:problem:${code}`,
      status,
      code,
      request_id: answer.headers.get('request-id'),
      retryable: false,
    });
    expect(answer.body.detail).toMatch(/\w+ \w+ .+/);
  });
});

async function withoutKey(url: string): Promise<Answer<ProblemDetails>> {
  const { status, headers, ...response } = await fetch(url).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as ProblemDetails,
  }));
  return { status, headers, body: response.body };
}
