import type { Request, Response } from 'express';

/** Long enough for a client to read the answer and stop by itself. */
const lingerMs = 5000;

/**
 * Ends a request whose body nobody wants any more.
 *
 * What still comes is read and thrown away for a few seconds, because closing at once would reset the
 * connection and take the answer with it; a client that goes on sending after that is cut off.
 */
export function cutOffBody(request: Request, response: Response): void {
  if (request.complete || request.destroyed) return;
  response.once('finish', () => {
    const timer = setTimeout(() => request.socket.destroy(), lingerMs).unref();
    for (const event of ['end', 'close', 'error']) request.once(event, () => clearTimeout(timer));
    request.resume();
  });
}
