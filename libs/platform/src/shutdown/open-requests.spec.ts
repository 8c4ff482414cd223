import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { OpenRequests } from './open-requests.js';

describe(OpenRequests.name, () => {
  let server: Server;
  let requests: OpenRequests;
  /** The answers that the server is asked for, in order. */
  let asked: ServerResponse[];
  let arrived: (response: ServerResponse) => void;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    asked = [];
    arrived = () => undefined;
    server = createServer((_request, response) => {
      asked.push(response);
      arrived(response);
    });
    requests = new OpenRequests(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  it('says in every answer that has not begun that its connection ends with it', async () => {
    const [before, after] = [await aClient(), await aClient()];
    const running = await before.ask();

    requests.part();
    running.end('one');
    (await after.ask()).end('two');

    expect(await before.all).toMatch(/Connection: close\r\n[^]*one/);
    expect(await after.all).toMatch(/Connection: close\r\n[^]*two/);
  });

  it('leaves connections open that nobody has asked to close', async () => {
    const client = await aClient();

    (await client.ask()).end('one');
    (await client.ask()).end('two');
    requests.part();
    (await client.ask()).end('three');

    expect((await client.all).match(/Connection: \S+/g)).toEqual([
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: close',
    ]);
  });

  it('lets a client that is still sending read its answer', async () => {
    const client = await aClient();
    const running = await client.ask('PUT / HTTP/1.1\r\nContent-Length: 1000000000\r\n');
    running.req.pause();

    requests.part();
    running.end('not now');
    for (let piece = 1; piece <= 200; piece++) client.say('x'.repeat(64 * 1024));

    expect(await client.all).toMatch(/Connection: close\r\n[^]*not now/);
  });

  it('closes idle connections at once, and waits for what is in hand', async () => {
    const [idle, busy] = [await aClient(), await aClient()];
    (await idle.ask()).end('done');
    const running = await busy.ask();
    running.write('a part');

    const closed = requests.close();
    await idle.all;
    expect(requests.count).toBe(1);
    running.end(', and the rest');
    await closed;

    // Its headers had said that the connection lives on; it is closed all the same.
    expect(await busy.all).toContain('Connection: keep-alive');
    expect(requests.count).toBe(0);
    await requests.close();
  });

  it('breaks off what does not come to an end', async () => {
    const client = await aClient();
    (await client.ask()).write('a part');

    const closed = requests.close();
    requests.cutOff();
    await closed;

    await client.all;
    expect(requests.count).toBe(0);
  });

  it('answers who connected in time and asks soon, and waits no longer for who does not', async () => {
    requests = new OpenRequests(server, 500);
    const [quick, silent] = [await aClient(), await aClient()];
    silent.say('GET / HTTP/1.1\r\nHost: ');

    const closed = requests.close();
    (await quick.ask()).end('in time');
    await closed;

    expect(await quick.all).toMatch(/Connection: close\r\n[^]*in time/);
    expect(await silent.all).toBe('');
  });

  /** A client with one connection; `all` is what it was sent until the server closed it. */
  async function aClient(): Promise<{
    say: (text: string) => void;
    ask: (head?: string) => Promise<ServerResponse>;
    all: Promise<string>;
  }> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.on('error', () => undefined);
    const all = once(socket, 'close').then(() => received);
    const say = (text: string): void => void socket.write(text);
    const ask = (head = 'GET / HTTP/1.1\r\n'): Promise<ServerResponse> => {
      const next = new Promise<ServerResponse>((resolve) => (arrived = resolve));
      say(`${head}Host: spec\r\n\r\n`);
      return next;
    };
    return { say, ask, all };
  }
});
