import { AppError } from '@offload/platform';

/** Nobody of this tenant has such a thing. */
export class TopicNotFound extends AppError {
  constructor(topic: string) {
    super('not_found', `There is no “${topic}”.`);
  }
}

/** This process holds as many streams as it may. */
export class TooManyStreams extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      'Too many event streams are open; try again in a few seconds.',
      {
        details: { retryAfterS: 5 },
      },
    );
  }
}

/** A stream ticket that does not exist, was used, or is too old. */
export class TicketUsed extends AppError {
  constructor() {
    super('ticket_used', 'This ticket has been used or has expired.', {
      help: 'Ask for another one with POST /v1/events/tickets.',
    });
  }
}
