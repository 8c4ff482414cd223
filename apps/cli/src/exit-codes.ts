/** What the program answers to the shell. Scripts rely on these numbers: they do not change. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  stopped: 3,
  refused: 4,
  unreachable: 5,
  paused: 6,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the help and the reference. */
export const exitCodeMeanings: Record<keyof typeof exitCodes, string> = {
  done: 'Done; also when there was nothing to do.',
  failed:
    'What was asked for ended badly: an import failed or was canceled, what was asked of it was refused, an e-mail was not sent, a replay was aborted or some of its messages failed again or were not heard of.',
  usage: 'Wrong usage: an option, a missing reason, no API key. Nothing was sent.',
  stopped: 'Not confirmed, or stopped by Ctrl-C. Stopping to watch does not stop the work.',
  refused: 'The API refused; the problem is told with what to do about it.',
  unreachable: 'The API cannot be reached, or does not answer in time.',
  paused: 'The replay is paused, or the import waits for review; a person has to decide.',
};

/** An end other than success: what to tell, and the exit code. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** Nothing was sent, because the command line cannot be meant so. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(exitCodes.usage, message);
  }
}

/** The person said no, or Ctrl-C. */
export class Stopped extends CliError {
  constructor(message = 'Stopped.') {
    super(exitCodes.stopped, message);
  }
}

/** The request was fine; what it was for has failed. */
export class EndedBadly extends CliError {
  constructor(message: string) {
    super(exitCodes.failed, message);
  }
}
