import type { DeadLetterState } from '@offload/contracts/http';
import { AppError } from '@offload/platform';

export class InvalidState extends AppError {
  constructor(state: DeadLetterState, wanted: 'replay' | 'discard') {
    super(
      'invalid_state',
      `This dead letter is ${state}; only an open one can be ${past[wanted]}.`,
      {
        details: { state },
        help:
          state === 'replayed'
            ? 'If the message fails again it will be open again.'
            : 'A discarded dead letter stays closed.',
      },
    );
  }
}

const past = { replay: 'replayed', discard: 'discarded' };
