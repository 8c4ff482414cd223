import { AppError } from './app-error.js';
import { describeError } from './describe-error.js';

/** The HTTP server cannot listen where it was told to; the message says what to do. */
export class CannotListen extends AppError {
  constructor({ PORT: port, HOST: host }: { PORT: number; HOST: string }, cause: unknown) {
    const { message, help } = explain(describeError(cause), { port, host });
    super('platform.cannot-listen', `${message} ${help}`, { cause, help });
  }
}

function explain(
  { code, message }: { code: string; message: string },
  { port, host }: { port: number; host: string },
): { message: string; help: string } {
  switch (code) {
    case 'EADDRINUSE':
      return {
        message: `Port ${port} of ${host} is taken by another process.`,
        help: 'Stop that one, or set PORT to another port; 0 takes any that is free.',
      };
    case 'EACCES':
      return {
        message: `This user may not listen on port ${port}.`,
        help: 'Set PORT to one above 1023.',
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        message: `This machine has no address ${host}.`,
        help: 'Set HOST to one that it has, or to 0.0.0.0 for all of them.',
      };
    default:
      return {
        message: `The HTTP server cannot listen on port ${port} of ${host}: ${message}.`,
        help: 'Check PORT and HOST.',
      };
  }
}
