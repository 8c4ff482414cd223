import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { sendLines } from './send-lines.js';

describe(sendLines, () => {
  it('sends a line for each value', async () => {
    const { response } = await served([{ a: 1 }, 'two\n']);

    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="spec.ndjson"',
    });
    expect(await textOf(response)).toBe('{"a":1}\n"two\\n"\n');
  });

  it('asks for values no faster than the client takes them', async () => {
    const { response, source } = await served(large(500));
    await once(response, 'readable');
    // The client reads nothing more while the server answers other requests, over and over.
    for (let count = 0; count < 50; count += 1) await served([count]);

    expect(source.asked).toBeLessThan(250);
    expect(await textOf(response)).toHaveLength(500 * (size + 3));
    expect(source).toMatchObject({ asked: 500, hasEnded: true });
  });

  it('stops when the client goes away', async () => {
    const { response, source, ended } = await served(large(500));
    await once(response, 'readable');

    response.destroy();
    await ended;

    expect(source.asked).toBeLessThan(500);
    expect(source.hasEnded).toBe(true);
  });

  it('breaks off when a value cannot be had, so that nobody takes a part for the whole', async () => {
    const { response, ended } = await served(failing(2));

    await expect(textOf(response)).rejects.toThrow('aborted');
    expect(await ended).toMatchObject({ message: 'No more.' });
  });

  it('throws what goes wrong before the first line, when there can still be another answer', async () => {
    const { response } = await served(failing(0));

    expect(response.statusCode).toBe(500);
    expect(await textOf(response)).toBe('No more.');
  });
});

const size = 64 * 1024;

function* large(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) yield 'x'.repeat(size);
}

function* failing(after: number): Generator<number> {
  for (let index = 0; index < after; index += 1) yield index;
  throw new Error('No more.');
}

interface Source {
  asked: number;
  hasEnded: boolean;
}

async function* watched(values: Iterable<unknown>, source: Source): AsyncGenerator<unknown> {
  try {
    for (const value of values) {
      source.asked += 1;
      yield value;
    }
  } finally {
    source.hasEnded = true;
  }
}

/** One answer of a server of its own; `ended` is what it has put on the response for the log. */
async function served(values: Iterable<unknown>) {
  const source: Source = { asked: 0, hasEnded: false };
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  const server = createServer((_, raw) => {
    const response = Object.assign(raw, {
      status: () => response,
      set: (headers: Record<string, string>) => {
        for (const [name, value] of Object.entries(headers)) raw.setHeader(name, value);
        return response;
      },
    }) as unknown as Response;
    sendLines(response, watched(values, source), 'spec.ndjson')
      .catch((error: unknown) => {
        raw.statusCode = 500;
        raw.end((error as Error).message);
      })
      .finally(() => {
        resolve(response.err);
        server.close();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(get({ port, host: '127.0.0.1', agent: false }), 'response')) as [
    IncomingMessage,
  ];
  return { response, source, ended };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}
