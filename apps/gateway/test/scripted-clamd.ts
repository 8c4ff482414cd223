import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The file that every virus scanner knows, in parts, so that none of them takes this one for it. */
export const EICAR = [
  String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$`,
  'EICAR-STANDARD-',
  'ANTIVIRUS-TEST-FILE!$H+H*',
].join('');

export interface ScriptedClamdOptions {
  /** As clamd's own StreamMaxLength, in bytes. (Default: 25 MiB) */
  streamMaxLength?: number;
  /** Said instead of the verdict. */
  answer?: string;
  /** Reads, and never answers. */
  isSilent?: boolean;
}

/**
 * Speaks clamd's protocol on a free port of this machine, or a UNIX socket, and finds one virus: EICAR.
 *
 * What it was sent is kept as `received`, for tests to compare.
 */
export class ScriptedClamd {
  received = Buffer.alloc(0);
  private readonly connections = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly options: ScriptedClamdOptions,
  ) {
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.on('error', () => undefined).on('close', () => this.connections.delete(socket));
      void this.talk(socket).catch(() => undefined);
    });
  }

  static async start(options: ScriptedClamdOptions = {}, path?: string): Promise<ScriptedClamd> {
    const clamd = new ScriptedClamd(createServer(), options);
    await new Promise<void>((resolve) => {
      if (path === undefined) clamd.server.listen(0, '127.0.0.1', resolve);
      else clamd.server.listen(path, resolve);
    });
    return clamd;
  }

  /** For CLAMD_URL. */
  get url(): string {
    const address = this.server.address() as AddressInfo | string;
    return typeof address === 'string' ? `unix://${address}` : `tcp://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.connections) socket.destroy();
    await closed;
  }

  private async talk(socket: Socket): Promise<void> {
    const input = new Input(socket);
    const command = await input.until(0);
    if (command === 'zVERSION') return void socket.end('ClamAV 1.0.0/1/scripted\0');
    if (command !== 'zINSTREAM') return void socket.end('UNKNOWN COMMAND\0');
    const { streamMaxLength = 25 * 1024 ** 2, answer = '', isSilent = false } = this.options;
    const chunks: Buffer[] = [];
    let total = 0;
    for (let length = await input.length(); length > 0; length = await input.length()) {
      total += length;
      if (total > streamMaxLength) {
        socket.write('INSTREAM size limit exceeded. ERROR\0');
        socket.destroySoon();
        return;
      }
      chunks.push(await input.take(length));
    }
    this.received = Buffer.concat(chunks);
    if (!isSilent) socket.end(`${answer || this.verdict()}\0`);
  }

  private verdict(): string {
    return this.received.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK';
  }
}

/** Bytes of a connection, as many as are asked for. */
class Input {
  private held = Buffer.alloc(0);
  private readonly pieces: AsyncIterator<Buffer>;

  constructor(socket: Socket) {
    this.pieces = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  async until(end: number): Promise<string> {
    while (!this.held.includes(end)) await this.more();
    const text = await this.take(this.held.indexOf(end));
    await this.take(1);
    return text.toString();
  }

  async length(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }

  async take(count: number): Promise<Buffer> {
    while (this.held.length < count) await this.more();
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }

  private async more(): Promise<void> {
    const { done, value } = await this.pieces.next();
    if (done) throw new Error('The client went away.');
    this.held = Buffer.concat([this.held, value]);
  }
}
