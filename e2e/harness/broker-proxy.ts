import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Service } from '../../scripts/lib/services.mts';

/**
 * Stands between the services and their broker and can keep back what a service says.
 *
 * It knows nothing of AMQP but where a client tells its name. Each service consumes on a connection
 * of its own, on which it says nothing but "acknowledged": keeping that connection's words back is
 * keeping acks back, while what it publishes and what it is handed go on.
 */
export class BrokerProxy {
  private readonly links = new Set<Link>();
  private readonly heldServices = new Set<Service>();
  private server: Server | undefined;

  private constructor(private readonly broker: URL) {}

  static async start(brokerUrl: string): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(new URL(brokerUrl));
    proxy.server = createServer((client) => proxy.link(client));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** The broker's address by way of this proxy. */
  get url(): string {
    const address = this.server?.address();
    if (typeof address !== 'object' || !address) throw new Error('The proxy does not listen.');
    const url = new URL(this.broker);
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    return url.href;
  }

  /** From here on the broker hears no ack of this service, until `cut`. */
  holdAcksOf(service: Service): void {
    this.heldServices.add(service);
  }

  /** Breaks every connection of a service off; what was kept back on them is never said. */
  cut(service: Service): void {
    this.heldServices.delete(service);
    for (const link of this.links) {
      if (link.name.startsWith(service)) link.cut();
    }
  }

  async stop(): Promise<void> {
    for (const link of this.links) link.cut();
    const { server } = this;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private link(client: Socket): void {
    const upstream = connect(Number(this.broker.port || 5672), this.broker.hostname);
    const isHeld = (name: string): boolean =>
      [...this.heldServices].some((service) => name === `${service} consumes`);
    const link = new Link(client, upstream, isHeld);
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }
}

/** One connection through the proxy. When one side ends, so does the other. */
class Link {
  /** `<service> publishes` or `<service> consumes`, once the client has said it; else empty. */
  name = '';
  private readonly held: Buffer[] = [];

  constructor(
    private readonly client: Socket,
    private readonly upstream: Socket,
    isHeld: (name: string) => boolean,
  ) {
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.on('data', (bytes) => {
      this.name ||= nameIn(bytes);
      if (isHeld(this.name)) this.held.push(bytes);
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.write(bytes));
    for (const socket of [client, upstream]) {
      socket.on('error', () => this.cut());
      socket.once('close', () => this.cut());
    }
  }

  cut(): void {
    this.held.length = 0;
    this.client.destroy();
    this.upstream.destroy();
  }
}

/** A client names its connection in what it says first (AMQP 0-9-1, connection.start-ok). */
function nameIn(bytes: Buffer): string {
  return (
    /(?:gateway|ingest|notifier) (?:publishes|consumes)/.exec(bytes.toString('latin1'))?.[0] ?? ''
  );
}
