import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { clamdAddressOf } from './clamd-address.js';

export type ScanResult =
  | { verdict: 'clean' }
  | { verdict: 'infected'; signature: string }
  /** Beyond what clamd is configured to look into: not found clean, and another try will not change that. */
  | { verdict: 'too-large'; reason: string }
  /** Nothing was found out; another try can help. */
  | { verdict: 'unavailable'; reason: string };

export interface ClamdOptions {
  /** The longest that nothing may happen on a connection; clamd's own limits are two minutes. (Default: 180 000) */
  patienceMs?: number;
  /**
   * What clamd is configured to take, its StreamMaxLength. (Default: to find out by sending, where now and then its
   * refusal is lost with the connection, and the verdict is `unavailable`.)
   */
  streamMaxBytes?: number;
}

/**
 * Has files looked at by ClamAV's daemon, which gets them as a stream and never sees our storage.
 *
 * What clamd leaves unread it calls clean: beyond MaxScanSize and MaxFileSize it says so only when
 * `AlertExceedsMax yes` is set in its configuration, and then the verdict is `too-large`.
 *
 * @example
 * const result = await clamd.scan(await files.read(key));
 */
export class Clamd {
  private readonly patienceMs: number;
  private readonly streamMaxBytes: number;

  constructor(
    private readonly url: string,
    { patienceMs = 180_000, streamMaxBytes = Infinity }: ClamdOptions = {},
  ) {
    this.patienceMs = patienceMs;
    this.streamMaxBytes = streamMaxBytes;
  }

  /**
   * Sends the stream, never faster than clamd reads, and tells what it found.
   *
   * The stream is read to its end, or destroyed when the verdict comes before. Throws only what the stream throws:
   * whatever is wrong with clamd is `unavailable`.
   */
  async scan(stream: Readable): Promise<ScanResult> {
    const conversation = this.begin('INSTREAM');
    let sent = 0;
    try {
      for await (const piece of stream) {
        const bytes = piece as Uint8Array;
        // As a chunk it would be the end of the stream, and the rest would never be looked at.
        if (bytes.length === 0) continue;
        sent += bytes.length;
        if (sent > this.streamMaxBytes) return tooLong(this.streamMaxBytes);
        await conversation.send(framed(bytes));
        if (conversation.hasEnded) break;
      }
      await conversation.send(END_OF_STREAM);
      return await conversation.answer.then(resultOf, unavailable);
    } finally {
      conversation.end();
    }
  }

  /** Name and version of the engine and its signatures; undefined when it cannot be asked. */
  async version(): Promise<string | undefined> {
    const conversation = this.begin('VERSION');
    try {
      return await conversation.answer.catch(() => undefined);
    } finally {
      conversation.end();
    }
  }

  private begin(command: string): Conversation {
    const conversation = new Conversation(connect(clamdAddressOf(this.url)), this.patienceMs);
    // "Clamd supports … commands prefixed with z … terminated by NULL", and answers alike.
    void conversation.send(Buffer.from(`z${command}\0`));
    return conversation;
  }
}

/** One command and its answer, which may come at any time, also before everything is sent. */
class Conversation {
  readonly answer: Promise<string>;
  hasEnded = false;

  constructor(
    private readonly socket: Socket,
    patienceMs: number,
  ) {
    this.answer = answerOf(socket, patienceMs).finally(() => (this.hasEnded = true));
    // It is awaited only after the sending; an early failure is told then.
    this.answer.catch(() => undefined);
  }

  /**
   * Resolves when the bytes are on their way, or cannot be: then the answer tells why.
   *
   * The turn of the event loop before them lets an answer be read that is there already. clamd says that it takes no
   * more and closes; a write to the closed connection fails and throws its words away unread.
   */
  async send(bytes: Uint8Array): Promise<void> {
    await nextTurn();
    if (this.hasEnded) return;
    await new Promise<void>((resolve) => {
      this.socket.write(bytes, () => resolve());
    });
  }

  end(): void {
    this.socket.destroy();
  }
}

function answerOf(socket: Socket, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(patienceMs, () =>
      socket.destroy(new Error(`nothing happened for ${patienceMs / 1000} s`)),
    );
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection ended without an answer')));
  });
}

/** "The format of the chunk is: '<length><data>' where <length> is … a 4 byte unsigned integer in network byte order". */
function framed(bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(4 + bytes.length);
  frame.writeUInt32BE(bytes.length);
  frame.set(bytes, 4);
  return frame;
}

/** "Streaming is terminated by sending a zero-length chunk." */
const END_OF_STREAM = Buffer.alloc(4);

function tooLong(streamMaxBytes: number): ScanResult {
  return { verdict: 'too-large', reason: `clamd takes ${streamMaxBytes} bytes and no more` };
}

function resultOf(answer: string): ScanResult {
  const [, signature] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (signature?.startsWith('Heuristics.Limits.Exceeded')) {
    return { verdict: 'too-large', reason: signature };
  }
  if (signature !== undefined) return { verdict: 'infected', signature };
  if (answer === 'stream: OK') return { verdict: 'clean' };
  if (answer.includes('size limit exceeded')) return { verdict: 'too-large', reason: answer };
  return { verdict: 'unavailable', reason: `clamd answered “${answer}”` };
}

function unavailable(error: unknown): ScanResult {
  const reason = error instanceof Error ? error.message : String(error);
  return { verdict: 'unavailable', reason: `clamd cannot be asked: ${reason}` };
}
