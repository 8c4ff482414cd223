import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Longer than this nobody is kept waiting, in seconds. */
const longestWait = 5;

/** How many seconds the client would rather wait for the end than be told that it is accepted; 0 for none. */
export const PreferredWait = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  preferredWait(context.switchToHttp().getRequest<Request>().header('prefer')),
);

/**
 * Reads `Prefer: wait=5`.
 *
 * RFC 7240, 2: "Empty or zero-length values on both the preference token and within parameters are equivalent to no
 * value being specified at all", and a preference that is not understood is ignored. "If any preference is specified
 * more than once, only the first instance is to be considered."
 */
export function preferredWait(header: string | undefined): number {
  for (const preference of (header ?? '').split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), longestWait);
  }
  return 0;
}
