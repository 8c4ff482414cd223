import { hostname } from 'node:os';
import { describeError } from '@offload/platform';
import { headers } from '../amqp/headers.js';
import type { IncomingMessage } from '../amqp/wire.js';

/** Longest stack that travels, in bytes: all headers of a message must fit one AMQP frame. */
const maxStackBytes = 8 * 1024;
const maxMessageBytes = 2 * 1024;

/** What a copy of a failed message says about the failure. */
export function failureHeaders(
  message: IncomingMessage,
  error: unknown,
  service: string,
  now: Date,
): Record<string, unknown> {
  const { code, name, message: text, stack } = describeError(error);
  return {
    [headers.failureCode]: cut(code, 200),
    [headers.failureClass]: cut(name, 200),
    [headers.failureMessage]: cut(text, maxMessageBytes),
    [headers.failureStack]: cut(stack ?? '', maxStackBytes),
    [headers.failedQueue]: message.queue,
    [headers.failedService]: service,
    [headers.failedHost]: hostname(),
    [headers.failedAt]: now.toISOString(),
    [headers.firstFailedAt]: message.headers[headers.firstFailedAt] ?? now.toISOString(),
  };
}

/** Cuts to at most so many bytes of UTF-8, at a character. */
export function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
