import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManagementApi } from './management-api.js';

describe(ManagementApi.name, () => {
  let server: Server;
  let answer: { status: number; body: string; hangs?: boolean };
  let asked: { url: string | undefined; authorization: string | undefined }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ url: request.url, authorization: request.headers.authorization });
      if (answer.hangs) return;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: '[]' };
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const api = (given: Partial<ConstructorParameters<typeof ManagementApi>[0]> = {}) => {
    const { port } = server.address() as AddressInfo;
    return new ManagementApi({
      url: `http://127.0.0.1:${port}`,
      amqpUrl: 'amqp://app:s3cret@127.0.0.1/a%2Fb',
      timeoutMs: 10_000,
      ...given,
    });
  };

  it.each([
    [500, 'oops', /answers 500\. Look at the log of RabbitMQ\./],
    [403, '{}', /refuses the user “app” \(403\)/],
    [404, '{}', /has no virtual host “a\/b” \(404\)/],
    [200, '<html>', /answers something that is not JSON/],
    [200, '{"a":1}', /answers something else than queues/],
  ])('puts an answer of %i into words: %s', async (status, body, words) => {
    answer = { status, body };

    await expect(api().read()).rejects.toThrow(words);
  });

  it('does not wait for one that does not answer', async () => {
    answer = { status: 200, body: '', hangs: true };

    await expect(api({ timeoutMs: 200 }).read()).rejects.toThrow(
      /cannot be reached \(no answer within 0\.2 s\)/,
    );
  });

  it('says when nobody is there', async () => {
    await expect(api({ url: 'http://127.0.0.1:9' }).read()).rejects.toThrow(/cannot be reached/);
  });

  it('takes user and password of the broker where it has none of its own, and keeps a path', async () => {
    const { port } = server.address() as AddressInfo;

    await api({ url: `http://127.0.0.1:${port}/rabbit/` }).read();

    expect(asked.map(({ url }) => url?.split('?')[0])).toContain('/rabbit/api/queues/a%2Fb');
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('app:s3cret').toString('base64')}`);
  });

  it('reads a queue of which the broker knows no more than the name', async () => {
    answer = { status: 200, body: '[{"name":"q"}]' };

    expect((await api().read()).queues).toEqual([
      {
        name: 'q',
        ready: null,
        unacked: null,
        consumers: null,
        publishedPerS: null,
        ackedPerS: null,
        isExclusive: false,
      },
    ]);
  });

  it('tells which node is out of what', async () => {
    answer = {
      status: 200,
      body: JSON.stringify([
        { name: 'rabbit@a', running: true, mem_alarm: true, disk_free_alarm: true },
        { name: 'rabbit@b', running: false },
      ]),
    };

    expect((await api().read()).alarms).toEqual([
      'node rabbit@a is out of memory',
      'node rabbit@a is out of disk',
      'node rabbit@b is down',
    ]);
  });
});
