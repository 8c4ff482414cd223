import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

const LOWEST = 15_000;

/**
 * From here on Linux lends ports to outgoing connections (ip_local_port_range). A server that listens
 * there and is stopped may find its port gone: a client that tries again and again to reach it can be
 * lent that very port.
 */
const FIRST_LENT = 32_768;

/**
 * As many different ports of 127.0.0.1 as `preferred` has entries, each the preferred one where it
 * is free. Addresses thereby stay the same from one start to the next. Another program may still
 * take a port before it is used, so whoever binds it must be ready to ask again.
 */
export async function freePorts(preferred: (number | undefined)[]): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (const port of preferred) {
      const isOurs = port !== undefined && port >= LOWEST && port < FIRST_LENT;
      held.push((isOurs && (await hold(port))) || (await holdAny()));
    }
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function holdAny(): Promise<Server> {
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    const server = await hold(randomInt(LOWEST, FIRST_LENT));
    if (server) return server;
  }
  throw new Error('No free port on 127.0.0.1.');
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
