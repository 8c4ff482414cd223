import type { DeadLetterAction, DeadLetterState } from '@offload/contracts/http';
import { AppError } from '@offload/platform';

/** The dead letter is not where this can be done to it. */
export class InvalidState extends AppError {
  constructor(state: DeadLetterState, wanted: DeadLetterAction) {
    super('invalid_state', `This dead letter is ${state}; only ${needed[wanted]}.`, {
      details: { state },
      help: help[state],
    });
  }
}

const needed: Record<DeadLetterAction, string> = {
  replay: 'an open one can be replayed',
  edit: 'an open one can be replayed as an edited copy',
  discard: 'an open one can be discarded',
  restore: 'a discarded one can be restored',
};

const help: Record<DeadLetterState, string> = {
  open: 'It waits for somebody: replay it, or discard it.',
  replaying: 'A replay has it. When that ends it is resolved, or open again.',
  resolved: 'It was handled. If the message fails again it will be open again.',
  discarded: 'Restore it first.',
};

/** Whoever acts on many says which; leaving everything out does not mean all. */
export class EmptyFilter extends AppError {
  constructor() {
    super(
      'empty_filter',
      'Neither a filter nor ids are given, so this would be about everything.',
      {
        help: 'Give `ids`, or a `filter` with at least one member, such as `{"filter":{"group":"…"}}`.',
      },
    );
  }
}

/** More match than the person was shown, so they have not agreed to it. */
export class MoreThanExpected extends AppError {
  constructor(expected: number, count: number) {
    super(
      'invalid_state',
      `${count} dead letters match by now; expected were at most ${expected}. Nothing was done.`,
      { details: { count, expected }, help: 'Look again, and give the count that is there now.' },
    );
  }
}

/** More than one act may hold in one transaction. */
export class TooManyLetters extends AppError {
  constructor(limit: number) {
    super('too_many', `More than ${limit} dead letters match. Nothing was done.`, {
      details: { limit },
      help: 'Narrow the filter, by time for example, and do it in parts.',
    });
  }
}
