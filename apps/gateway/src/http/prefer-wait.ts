import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** The longest that an answer is held back, in seconds. */
const longestS = 5;

/** How long the client is ready to wait for an answer that is whole, in seconds; undefined when it is not. */
export const PreferWait = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined =>
    parsePreferWait(context.switchToHttp().getRequest<Request>().header('prefer')),
);

/**
 * Reads `Prefer: wait=5`. What cannot be honoured is left alone: RFC 7240, 2: "a server that does not
 * recognize or is unable to comply with particular preference tokens […] MUST ignore those tokens"; and
 * "If any preference is specified more than once, only the first instance is to be considered".
 */
export function parsePreferWait(header: string | undefined): number | undefined {
  const [first] = (header ?? '')
    .split(',')
    .map((preference) => preference.split(';')[0] ?? '')
    .filter((preference) => /^\s*wait\s*=/i.test(preference));
  const seconds = Number(/^\s*wait\s*=\s*"?(\d{1,9})"?\s*$/i.exec(first ?? '')?.[1] ?? 0);
  return seconds > 0 ? Math.min(seconds, longestS) : undefined;
}
