import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

/** A mail relay that takes everything and keeps nothing. */
export interface MailSink {
  url: string;
  /** Resolves when so many more mails have been taken. */
  taken: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startSink(): Promise<MailSink> {
  let waiting: { left: number; resolve: () => void } | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      stream.resume();
      stream.once('end', () => {
        done();
        if (waiting && --waiting.left === 0) waiting.resolve();
      });
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken: (count) => new Promise((resolve) => (waiting = { left: count, resolve })),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
