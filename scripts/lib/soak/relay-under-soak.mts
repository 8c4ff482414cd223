import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail relay that counts what it takes, can be away, and can refuse some. */
export class RelayUnderSoak {
  readonly url: string;
  private readonly port: number;
  private readonly taken = new Map<string, number>();
  private readonly refused = new Set<string>();
  private server: SMTPServer;

  static async start(): Promise<RelayUnderSoak> {
    const relay = new RelayUnderSoak(0);
    const port = await relay.listen(0);
    await relay.close();
    const started = new RelayUnderSoak(port);
    await started.listen(port);
    return started;
  }

  private constructor(port: number) {
    this.port = port;
    this.url = `smtp://127.0.0.1:${port}`;
    this.server = this.newServer();
  }

  /** How often mail for an address was taken. */
  countFor(recipient: string): number {
    return this.taken.get(recipient) ?? 0;
  }

  /** Nobody answers at its address until `comeBack`. */
  async goAway(): Promise<void> {
    await this.close();
  }

  async comeBack(): Promise<void> {
    this.server = this.newServer();
    await this.listen(this.port);
  }

  /** Mail for these addresses is refused for good, until `forgive`. */
  refuse(recipients: readonly string[]): void {
    for (const each of recipients) this.refused.add(each);
  }

  forgive(): void {
    this.refused.clear();
  }

  async stop(): Promise<void> {
    await this.close();
  }

  private newServer(): SMTPServer {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      // Whoever is away does not finish conversations either.
      closeTimeout: 100,
      onData: (stream, session, done) => {
        let isCut = false;
        stream.on('error', () => (isCut = true));
        stream.on('end', () => {
          if (!isCut) done(this.answer(session));
        });
        stream.resume();
      },
    });
    server.on('error', () => undefined);
    return server;
  }

  private answer({ envelope }: SMTPServerSession): Error | null {
    const recipients = envelope.rcptTo.map(({ address }) => address);
    if (recipients.some((each) => this.refused.has(each)))
      return Object.assign(new Error('Refused by the soak'), { responseCode: 554 });
    for (const each of recipients) this.taken.set(each, this.countFor(each) + 1);
    return null;
  }

  private async listen(port: number): Promise<number> {
    const listener = this.server.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  }

  private close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
