import { Controller, Get, Param, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { eventually } from '@offload/testing';
import type { Response } from 'express';
import { beganToStream } from '../http/began-to-stream.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsModule } from './metrics.module.js';

const asked = Promise.withResolvers<void>();
const closed = Promise.withResolvers<void>();

@Controller('things')
class ThingsController {
  @Get(':id/parts')
  parts(@Param('id') id: string): string {
    return id;
  }

  /** Answers nobody. */
  @Get('silent')
  silent(): Promise<never> {
    asked.resolve();
    return new Promise(() => undefined);
  }

  @Get('stream')
  stream(@Res() response: Response): void {
    response.once('close', () => closed.resolve());
    response.flushHeaders();
    beganToStream(response);
  }
}

describe(HttpMetrics.name, () => {
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [MetricsModule],
      controllers: [ThingsController],
    }).compile();
    app = module.createNestApplication<NestExpressApplication>({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

  const lines = async (): Promise<string[]> => {
    const answer = await fetch(`${url}/metrics`);
    return (await answer.text()).split('\n');
  };

  it('knows a route by its template, and nothing of what a client makes up', async () => {
    await fetch(`${url}/things/1/parts`);
    await fetch(`${url}/things/2/parts`);
    await fetch(`${url}/no/${'x'.repeat(50)}`);
    await fetch(`${url}/%E0%A4%A`);
    await fetch(`${url}/no`, { method: 'PROPFIND' });

    await eventually(async () =>
      expect(await lines()).toEqual(
        expect.arrayContaining([
          counted('GET', '/things/{id}/parts', '200', 2),
          counted('GET', 'unmatched', '404', 2),
          counted('other', 'unmatched', '404'),
        ]),
      ),
    );
  });

  it('counts a client that went before it was answered', async () => {
    const leaving = new AbortController();
    const answer = fetch(`${url}/things/silent`, { signal: leaving.signal });
    await asked.promise;
    const before = await lines();
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');

    // The scrape itself is one of them.
    expect(before).toContain('offload_http_in_flight 2');
    await eventually(async () => {
      const after = await lines();
      expect(after).toContain(counted('GET', '/things/silent', '499'));
      expect(after).toContain('offload_http_in_flight 1');
    });
  });

  it('times a stream to its first byte, and counts it once', async () => {
    const leaving = new AbortController();
    await fetch(`${url}/things/stream`, { signal: leaving.signal });

    const open = await lines();
    leaving.abort();
    await closed.promise;

    expect(open).toContain(counted('GET', '/things/stream', '200'));
    expect(open).toContain('offload_http_in_flight 1');
    expect(await lines()).toContain(counted('GET', '/things/stream', '200'));
  });
});

const counted = (method: string, route: string, status: string, count = 1): string =>
  `offload_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"} ${count}`;
