import type { FieldError, ReplayState } from '@offload/contracts/http';
import { AppError } from '@offload/platform';

/** A replay that has ended, or that stands otherwise than the act needs. */
export class ReplayStateRefuses extends AppError {
  constructor(state: ReplayState, act: 'pause' | 'resume' | 'abort' | 'change_pace') {
    super('invalid_state', `This replay is ${state}; ${wanted[act]}.`, {
      details: { state },
      help: help[state],
    });
  }
}

const wanted = {
  pause: 'only a running one can be paused',
  resume: 'only a paused one can be resumed',
  abort: 'only one that has not ended can be aborted',
  change_pace: 'the pace can only be changed until it has ended',
};

const help: Record<ReplayState, string> = {
  running: 'Look at it with GET /v1/replays/{id}.',
  paused: 'Resume it with POST /v1/replays/{id}/resumptions, or abort it.',
  completed: 'Those that failed again are replayed with POST /v1/replays/{id}/follow-ups.',
  aborted: 'What was not published is open again: start another replay of it.',
};

/** There is nothing that the replay could put back. */
export class NothingToReplay extends AppError {
  constructor(detail: string) {
    super('nothing_matches', detail, {
      help: 'Ask with dry_run, or list the dead letters with the same filter.',
    });
  }
}

/** The one dead letter that was asked for cannot be replayed. */
export class LetterRefuses extends AppError {
  constructor(detail: string) {
    super('invalid_state', detail, { help: 'Look at it with GET /v1/dead-letters/{id}.' });
  }
}

/** The edited copy would only fail again. */
export class MessageUnfit extends AppError {
  constructor(detail: string, errors: readonly FieldError[] = []) {
    super('invalid_message', detail, { details: { errors } });
  }
}
