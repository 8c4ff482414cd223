import type { OnApplicationShutdown } from '@nestjs/common';
import { AppError, inSpan, type SpanAttributes } from '@offload/platform';
import {
  createTransport,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
  type Transporter,
} from 'nodemailer';
import { type HandOver, readAnswer, readFailure } from './hand-over.js';
import { parseRelayUrl } from './relay-address.js';
import type { RelayMail } from './relay-mail.js';

export interface MailRelayOptions {
  url: string;
  /** Connections at most. */
  connections: number;
  /**
   * Longest conversation, waiting for a free connection included. It must stay below the database's
   * limit of 120 s for idle transactions, because the delivery's transaction is open meanwhile.
   * (Default: 100 000)
   */
  timeoutMs?: number;
}

/**
 * The mail relay that everything is handed to, over a few connections that are kept open.
 *
 * It closes late in the shutdown, after the deliveries in hand are finished.
 */
export class MailRelay implements OnApplicationShutdown {
  /** `host:port`, fit for logs. */
  readonly name: string;
  private readonly timeoutMs: number;
  private readonly transporter: Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;
  /** Which of the conversations have given the relay the whole message; known by their signals. */
  private readonly bodiesGone = new WeakSet<AbortSignal>();
  private lastTrouble: string | undefined;

  constructor({ url, connections, timeoutMs }: MailRelayOptions) {
    const address = parseRelayUrl(url);
    this.name = `${address.host}:${address.port}`;
    this.timeoutMs = timeoutMs ?? 100_000;
    this.transporter = createTransport({
      ...address,
      ...bounds,
      pool: true,
      maxConnections: connections,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.transporter.use('stream', (mail, done) => {
      const { signal } = mail.data;
      mail.message.processFunc((body) => {
        if (signal) body.once('end', () => this.bodiesGone.add(signal));
        return body;
      });
      done();
    });
  }

  /** Why the last conversation got no answer; undefined when the relay was there. */
  get trouble(): string | undefined {
    return this.lastTrouble;
  }

  /** Talks to the relay once. Never rejects: whatever happens is an answer. */
  async handOver(mail: RelayMail): Promise<HandOver> {
    return inSpan(
      'SMTP send',
      { kind: 'client', attributes: () => this.attributes },
      async (span) => {
        const handOver = await this.converse(mail);
        const { verdict, reply } = handOver;
        span.set({
          'offload.mail.verdict': verdict,
          'offload.mail.reply_code': /(?:^|: )(\d{3})\b/.exec(reply)?.[1],
        });
        if (verdict !== 'taken') span.fail(new NotTaken(verdict));
        return handOver;
      },
    );
  }

  /** Neither the sender nor the recipients: traces are kept by others than mail is. */
  private get attributes(): SpanAttributes {
    const [address, port] = this.name.split(':');
    return {
      'network.protocol.name': 'smtp',
      'server.address': address,
      'server.port': Number(port),
    };
  }

  private async converse(mail: RelayMail): Promise<HandOver> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const { messageIdHeader, ...message } = mail;
    try {
      const answer = await this.transporter.sendMail({
        ...message,
        messageId: messageIdHeader,
        signal,
      });
      this.lastTrouble = undefined;
      return readAnswer(answer);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const handOver = readFailure(error, this.bodiesGone.has(signal));
      this.lastTrouble = 'responseCode' in error ? undefined : handOver.reply;
      return handOver;
    }
  }

  onApplicationShutdown(): void {
    this.transporter.close();
  }
}

/** For the trace only; what the relay said is told by the delivery. */
class NotTaken extends AppError {
  constructor(verdict: HandOver['verdict']) {
    super(`notifier.relay-${verdict}`, `The relay did not take it: ${verdict}.`);
  }
}

const bounds = {
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  // A relay that scans mail answers the end of DATA late; giving up earlier would only make doubts.
  socketTimeout: 90_000,
  idleTimeout: 30_000,
  maxMessages: 100,
  // nodemailer by itself uses another connection when an idle one turns out to be dead, and only
  // while not a byte of the message has gone out. More than that is for the retry tiers.
  maxRequeues: 2,
} satisfies SMTPPoolOptions;
