import { AppError, PermanentError } from '@offload/platform';

/** The e-mail cannot be written as an Internet message. No relay is asked. */
export class UnsendableEmail extends PermanentError {
  constructor(emailId: string, why: string) {
    super('notifier.unsendable-email', why, { details: { emailId } });
  }
}

/** The relay could not be reached or asked to come again later (SMTP 4xx). */
export class RelayDeferred extends AppError {
  constructor(emailId: string, attempt: number, reply: string) {
    super('notifier.relay-deferred', reply, { details: { emailId, attempt } });
  }
}

/** The relay refused the e-mail for good (SMTP 5xx). */
export class RelayRefused extends PermanentError {
  constructor(emailId: string, attempt: number, reply: string) {
    super('notifier.relay-refused', reply, { details: { emailId, attempt } });
  }
}

/** The relay may have the e-mail, and it is sent again with the same Message-ID. */
export class SentAgainInDoubt extends AppError {
  constructor(emailId: string, attempt: number, reply: string) {
    super('notifier.in-doubt', reply, { details: { emailId, attempt } });
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
