import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const stepBytes = 256 * 1024;

export interface SlowRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** Sends a body in steps with rests between them. Undefined when the connection broke. */
export async function sendSlowly(
  { method, url, headers }: SlowRequest,
  body: Buffer,
  restMs: number,
): Promise<{ status: number; text: string } | undefined> {
  const request = httpRequest(url, {
    method,
    headers: { ...headers, 'content-length': body.length },
  });
  const answered = once(request, 'response')
    .then(async ([response]) => {
      const message = response as IncomingMessage;
      return { status: message.statusCode ?? 0, text: await text(message) };
    })
    .catch(() => undefined);
  // A write after the answer may meet a closed connection; the answer counts.
  request.on('error', () => undefined);
  for (let at = 0; at < body.length && !request.destroyed; at += stepBytes) {
    request.write(body.subarray(at, at + stepBytes));
    await pause(restMs);
  }
  request.end();
  return answered;
}
