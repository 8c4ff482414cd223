import { createServer, type Server } from 'node:net';

/**
 * As many different ports of 127.0.0.1 as `preferred` has entries, each the preferred one where it
 * is free. Addresses thereby stay the same from one start to the next. Another program may still
 * take a port before it is used, so whoever binds it must be ready to ask again.
 */
export async function freePorts(preferred: (number | undefined)[]): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (const port of preferred) {
      held.push((port && (await hold(port))) || (await holdAny()));
    }
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function holdAny(): Promise<Server> {
  const server = await hold(0);
  if (!server) throw new Error('No free port on 127.0.0.1.');
  return server;
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP server.');
  return address.port;
}
