import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { MessageContext } from '@offload/contracts';
import type { Request } from 'express';

/** Who is asking, and under which id the request is followed. */
export interface Caller {
  tenantId: string;
  keyId: string;
  scopes: readonly string[];
  /** The id of the request; every message it causes carries it. */
  correlationId: string;
}

/** A request after the guard has let it through. */
export interface AuthenticatedRequest extends Omit<Request, 'id'> {
  /** Set by the logging module before anything else. */
  id?: unknown;
  caller?: Caller;
}

/** The caller of this request. Only on routes that the guard protects. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!caller) throw new Error('There is no caller on a public route.');
    return caller;
  },
);

/** What the messages that this request sends have in common; to which trace they belong is known where they are stored. */
export function messageContext({ tenantId, correlationId }: Caller): MessageContext {
  return { source: 'gateway', tenantId, correlationId };
}
