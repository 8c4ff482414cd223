import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server';
import { type CaughtMail, readMail } from './read-mail.js';

/** `take` keeps the mail; anything else refuses it with that SMTP reply. */
export type Reply = 'take' | { code: number; text: string };

type Done = (error?: SMTPServerError | null) => void;

/**
 * A mail relay in the test process that keeps what it takes, parsed. Unless the test says otherwise
 * it takes everything.
 */
export class MailCatcher {
  /** What arrived whole, taken or not, in order. */
  readonly arrived: CaughtMail[] = [];
  private readonly replies = new Map<string, Reply[]>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => void this.receive(stream, session, done),
  });

  /** `thinksMs` is how long it takes to answer after a mail has arrived. */
  constructor(private readonly thinksMs = 0) {}

  /** The address for SMTP_URL. */
  async start(): Promise<string> {
    // A notifier that is killed breaks off its connections.
    this.server.on('error', () => undefined);
    const listener = this.server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (typeof address !== 'object' || !address) throw new Error('The catcher does not listen.');
    return `smtp://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  /** Scripts what the next mails to this address are answered, in order. */
  answer(recipient: string, ...replies: Reply[]): void {
    this.replies.set(recipient, replies);
  }

  /** The mails that were taken for this address. */
  takenFor(recipient: string): CaughtMail[] {
    return this.arrivedFor(recipient).filter(({ isTaken }) => isTaken);
  }

  arrivedFor(recipient: string): CaughtMail[] {
    return this.arrived.filter(({ recipients }) => recipients.includes(recipient));
  }

  private async receive(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    done: Done,
  ): Promise<void> {
    const raw = await text(stream).catch(() => undefined);
    // The sender broke off: nothing has arrived, and nobody is left to answer.
    if (raw === undefined) return;
    const recipients = envelope.rcptTo.map(({ address }) => address);
    const reply = recipients.map((each) => this.replies.get(each)?.shift()).find(Boolean) ?? 'take';
    this.arrived.push(readMail(raw, { recipients, isTaken: reply === 'take' }));
    await pause(this.thinksMs);
    if (reply === 'take') done(null);
    else done(Object.assign(new Error(reply.text), { responseCode: reply.code }));
  }
}
