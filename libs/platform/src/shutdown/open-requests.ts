import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * The requests that an HTTP server has in hand, and how to part with their clients without an error on their side:
 * first each answer says that its connection ends with it, then no connection is taken any more, and what is in
 * hand is finished.
 *
 * Node's own `server.close()` leaves a connection open that becomes idle after it, for as long as keep-alive lasts, and one
 * on which nobody has asked anything yet for a minute: browsers and balancers open some in advance.
 */
export class OpenRequests {
  private readonly responses = new Set<ServerResponse>();
  private isParting = false;
  private closing: Promise<unknown> | undefined;
  private unasked: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    /** How long who has connected in time may take to ask, when nothing else is in hand, in milliseconds. */
    private readonly askWithinMs = 1000,
  ) {
    // Before the application sees the request: it may answer at once.
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) =>
      this.take(response),
    );
  }

  /** Requests that are not answered whole. */
  get count(): number {
    return this.responses.size;
  }

  /** From here on every answer that has not begun says `Connection: close`, and so it is. */
  part(): void {
    this.isParting = true;
    for (const response of this.responses) sayClose(response);
  }

  /** Takes no more connections and closes the idle ones; resolves when everything in hand is answered. Safe to repeat. */
  async close(): Promise<void> {
    this.part();
    if (!this.closing && this.server.listening) {
      this.closing = once(this.server, 'close').finally(() => clearTimeout(this.unasked));
      this.server.close();
      this.endUnasked();
    }
    await this.closing;
  }

  /** Breaks off what is still open. */
  cutOff(): void {
    this.server.closeAllConnections();
  }

  private take(response: ServerResponse): void {
    this.responses.add(response);
    if (this.isParting) sayClose(response);
    response.once('close', () => {
      this.responses.delete(response);
      // Its headers may have gone out before it was known that the connection ends with it.
      if (!this.closing) return;
      this.server.closeIdleConnections();
      this.endUnasked();
    });
  }

  /** With nothing in hand, what is still connected has asked nothing, or not to the end. */
  private endUnasked(): void {
    clearTimeout(this.unasked);
    if (this.count > 0) return;
    this.unasked = setTimeout(() => {
      if (this.count === 0) this.cutOff();
    }, this.askWithinMs);
  }
}

function sayClose(response: ServerResponse): void {
  if (response.headersSent || response.hasHeader('Connection')) return;
  response.setHeader('Connection', 'close');
  closeInStages(response);
}

/** How long a client that is still sending has to read its answer, in milliseconds. */
const lingerMs = 1000;

/**
 * RFC 9112, section 9.6: "To avoid the TCP reset problem, servers typically close a connection in stages." Node closes it
 * with the answer; whoever is still sending a body would be reset before it has read why.
 */
function closeInStages({ req: request }: ServerResponse): void {
  const { socket } = request;
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (request.complete) return destroySoon();
    socket.end();
    const timer = setTimeout(destroySoon, lingerMs);
    socket.once('close', () => clearTimeout(timer));
  };
}
