import { AppError, PermanentError } from '@offload/platform';

/** The e-mail cannot be written as an Internet message. No relay is asked. */
export class UnsendableEmail extends PermanentError {
  constructor(emailId: string, why: string) {
    super('notifier.unsendable-email', why, { details: { emailId } });
  }
}

/**
 * The relay could not be reached or asked to come again later (SMTP 4xx).
 *
 * After the last try it is permanent: those who follow the e-mail have been told that it failed.
 */
export class RelayDeferred extends AppError {
  readonly isPermanent: boolean;
  /** The relay put off this e-mail and may take others. */
  readonly isAboutThisEmail: boolean;

  constructor(emailId: string, attempt: number, end: TemporaryEnd) {
    super('notifier.relay-deferred', end.reply, { details: { emailId, attempt } });
    this.isPermanent = end.isLast;
    this.isAboutThisEmail = end.isAboutThisEmail;
  }
}

export interface TemporaryEnd {
  reply: string;
  isLast: boolean;
  isAboutThisEmail: boolean;
}

/** The relay refused the e-mail for good (SMTP 5xx). */
export class RelayRefused extends PermanentError {
  constructor(emailId: string, attempt: number, reply: string) {
    super('notifier.relay-refused', reply, { details: { emailId, attempt } });
  }
}

/**
 * The relay may have the e-mail, and it is sent again with the same Message-ID. After the last try it is
 * permanent, as RelayDeferred is.
 */
export class SentAgainInDoubt extends AppError {
  readonly isPermanent: boolean;

  constructor(
    emailId: string,
    attempt: number,
    { reply, isLast }: Pick<TemporaryEnd, 'reply' | 'isLast'>,
  ) {
    super('notifier.in-doubt', reply, { details: { emailId, attempt } });
    this.isPermanent = isLast;
  }
}

/** The relay may have the e-mail, and the configuration leaves it to an operator to send it again. */
export class HeldInDoubt extends PermanentError {
  constructor(emailId: string, attempt: number, reply: string) {
    super('notifier.in-doubt', reply, {
      details: { emailId, attempt },
      help: 'Ask a recipient whether the e-mail has arrived. Replay it if it has not, discard it if it has.',
    });
  }
}

/** What a relay says of one e-mail is no reason to hold the others; everything else may meet them all. */
export function mayMeetAll(error: unknown): boolean {
  return !(error instanceof RelayDeferred && error.isAboutThisEmail);
}
