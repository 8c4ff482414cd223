import type { EmailResource } from '@offload/contracts/http';
import { EndedBadly, UsageError } from '../exit-codes.js';
import { readTextFile } from '../options/read-file.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { stateText } from '../terminal/style.js';
import { ago, moment } from '../terminal/times.js';
import { watch } from '../watch.js';

export interface EmailOptions {
  to: string[];
  subject: string;
  from?: string;
  cc?: string[];
  bcc?: string[];
  replyTo?: string[];
  text?: string;
  textFile?: string;
  htmlFile?: string;
  watch?: boolean;
}

/** `offload emails send` */
export async function sendEmail(session: Session, options: EmailOptions): Promise<void> {
  const { to, subject, from, cc, bcc, replyTo, textFile, htmlFile } = options;
  if (options.text !== undefined && textFile !== undefined) {
    throw new UsageError('Give --text or --text-file, not both.');
  }
  if (textFile === '-' && htmlFile === '-') {
    throw new UsageError('Standard input can be only one of --text-file and --html-file.');
  }
  const read = (path: string): Promise<string> => readTextFile(path, session.terminal);
  const text = textFile === undefined ? options.text : await read(textFile);
  const html = htmlFile === undefined ? undefined : await read(htmlFile);
  if (text === undefined && html === undefined) {
    throw new UsageError('What does it say? Give --text, --text-file or --html-file.');
  }
  const body = {
    to,
    subject,
    ...(from !== undefined && { from }),
    ...(cc && { cc }),
    ...(bcc && { bcc }),
    ...(replyTo && { reply_to: replyTo }),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
  };
  const accepted = await session.api.post<EmailResource>('createEmail', { body });
  if (options.watch) return watchEmail(session, accepted.id);
  session.show(accepted, () => accepted.id);
}

/** `offload emails show` */
export async function showEmail(
  session: Session,
  id: string,
  options: { watch?: boolean },
): Promise<void> {
  if (options.watch) return watchEmail(session, id);
  const email = await session.api.get<EmailResource>('getEmail', { id });
  const { style } = session.terminal;
  const now = session.now();
  session.show(email, () =>
    details(
      [
        ['e-mail', style.strong(email.id)],
        ['state', stateText(email.state, style)],
        ['why', email.reason ?? undefined],
        [
          'held up',
          email.hold ? `${email.hold.detail} (${ago(email.hold.since, now)})` : undefined,
        ],
        ['relay', email.response ?? undefined],
        ['refused', email.refused.join(', ') || undefined],
        ['from', email.from ?? undefined],
        ['to', email.to.join(', ')],
        ['cc', email.cc.join(', ') || undefined],
        ['bcc', email.bcc.join(', ') || undefined],
        ['subject', email.subject],
        ['tries', String(email.attempts)],
        ['Message-ID', email.message_id ?? undefined],
        ['accepted', moment(email.created_at, now)],
        ['sent', email.sent_at === null ? undefined : moment(email.sent_at, now)],
        ['failed', email.failed_at === null ? undefined : moment(email.failed_at, now)],
        ['text', email.text ?? undefined],
      ],
      style,
    ),
  );
}

/** Follows it until the relay has it. Throws EndedBadly when it is given up. */
async function watchEmail(session: Session, id: string): Promise<void> {
  const ended = await watch<EmailResource>(session, {
    topic: `email:${id}`,
    id,
    get: 'getEmail',
    progress: ({ state, reason, hold }) => {
      const why = hold?.detail ?? reason;
      return { line: `${state}${why ? ` · ${why}` : ''}`, stage: `${state}/${why ?? ''}` };
    },
    isOver: ({ state }) => state === 'sent' || state === 'failed',
    again: `offload emails show ${id} --watch`,
  });
  if (ended.state === 'failed') throw new EndedBadly(`Not sent: ${ended.reason ?? 'given up.'}`);
  if (!session.isJson) session.terminal.print(`Sent: ${ended.response ?? ended.id}`);
}
