import type { Scope } from '@offload/contracts/http';
import { AppError } from '@offload/platform';

export class MissingApiKey extends AppError {
  constructor() {
    super('missing_api_key', 'This request has no API key.', {
      help: 'Send the header “Authorization: Bearer off_live_…”.',
    });
  }
}

/** Unknown, revoked or mistyped: which of them is not told. */
export class InvalidApiKey extends AppError {
  constructor() {
    super('invalid_api_key', 'This API key is not valid.', {
      help: 'Check that it was copied whole and has not been revoked.',
    });
  }
}

export class ExpiredApiKey extends AppError {
  constructor(expiredAt: Date) {
    super('expired_api_key', `This API key has expired at ${expiredAt.toISOString()}.`, {
      help: 'Ask an administrator for another one.',
    });
  }
}

export class InsufficientScope extends AppError {
  constructor(wanted: Scope) {
    super('insufficient_scope', `This API key does not allow “${wanted}”.`, {
      details: { scope: wanted },
      help: 'Use a key that has this scope.',
    });
  }
}

/** More waits for the broker than may wait; taking more would only hide that nothing moves. */
export class OutboxFull extends AppError {
  constructor() {
    super(
      'temporary_reduced_capacity',
      'Too much accepted work is waiting to be handed on; nothing of it is lost. Try again in a little while.',
      { details: { retryAfterS: 10 } },
    );
  }
}
