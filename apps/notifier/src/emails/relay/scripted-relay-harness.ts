import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server';

type Done = (error?: SMTPServerError | null) => void;

/** What the relay answers. `hang-up` closes every connection instead, `silence` leaves it open. */
export type Answer = 'take' | 'hang-up' | 'silence' | { code: number; text: string };

export interface ReceivedMail {
  recipients: string[];
  raw: string;
}

/** A mail relay on the loopback address that answers as the test tells it, and takes everything else. */
export class ScriptedRelay {
  /** Every message that arrived whole, whatever the answer was. */
  readonly received: ReceivedMail[] = [];
  private readonly answers: (Answer | Promise<Answer>)[] = [];
  private readonly recipientAnswers = new Map<string, Answer[]>();
  private readonly sockets = new Set<Socket>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) => {
      this.give(this.recipientAnswers.get(address)?.shift() ?? 'take', done);
    },
    onData: (stream, session, done) => void this.read(stream, session, done),
  });

  /** Answers its URL. */
  async start(): Promise<string> {
    this.server.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    // A connection that the test cuts is an error to the server.
    this.server.on('error', () => undefined);
    const listener = this.server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (typeof address !== 'object' || !address) throw new Error('The relay does not listen.');
    return `smtp://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    this.hangUp();
    await closed;
  }

  /** Scripts the answers to the next messages, in order; a promise keeps the relay thinking. */
  answerNext(...answers: (Answer | Promise<Answer>)[]): void {
    this.answers.push(...answers);
  }

  /** Scripts what the next RCPT TO with this address are answered. */
  answerRecipient(address: string, ...answers: Answer[]): void {
    this.recipientAnswers.set(address, answers);
  }

  /** The messages that arrived for this recipient, in order. */
  receivedFor(recipient: string): ReceivedMail[] {
    return this.received.filter(({ recipients }) => recipients.includes(recipient));
  }

  private async read(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    done: Done,
  ): Promise<void> {
    const raw = await text(stream).catch(() => undefined);
    // The sender broke off: nothing has arrived, and nobody is left to answer.
    if (raw === undefined) return;
    const answer = this.answers.shift() ?? 'take';
    this.received.push({ recipients: envelope.rcptTo.map(({ address }) => address), raw });
    this.give(await answer, done);
  }

  private give(answer: Answer, done: Done): void {
    if (answer === 'silence') return;
    if (answer === 'hang-up') this.hangUp();
    else done(answer === 'take' ? null : replyOf(answer));
  }

  /** Closes every connection. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** The value of a header of a raw message, unfolded; undefined when it is not there. */
export function headerOf({ raw }: ReceivedMail, name: string): string | undefined {
  const head = raw.split('\r\n\r\n', 1)[0] ?? '';
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const start = `${name.toLowerCase()}: `;
  const line = unfolded.split('\r\n').find((each) => each.toLowerCase().startsWith(start));
  return line?.slice(start.length);
}

function replyOf({ code, text: words }: { code: number; text: string }): SMTPServerError {
  return Object.assign(new Error(words), { responseCode: code });
}
