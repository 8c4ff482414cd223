import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest, Caller } from '../access/caller.js';
import { parseIdempotencyKey } from './idempotency-key.js';

/** What makes a request the same as an earlier one: who, what, and the key the client chose. */
export interface RequestKey {
  caller: Caller;
  /** Method and path, with the ids in it. */
  route: string;
  /** Undefined when the client does not ask for it. */
  key: string | undefined;
}

/** A request that has a key. */
export type KeyedRequest = RequestKey & { key: string };

export function hasKey(request: RequestKey): request is KeyedRequest {
  return request.key !== undefined;
}

export const IdempotentRequest = createParamDecorator(
  (_: unknown, context: ExecutionContext): RequestKey => {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!request.caller) throw new Error('An idempotent route needs a caller.');
    return {
      caller: request.caller,
      route: `${request.method} ${request.path}`,
      key: parseIdempotencyKey(request.header('idempotency-key')),
    };
  },
);
