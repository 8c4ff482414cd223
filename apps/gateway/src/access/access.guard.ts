import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { allows, type Scope } from '@offload/contracts/http';
import { InsufficientScope } from './access.errors.js';
import { Authenticator } from './authenticator.js';
import type { AuthenticatedRequest } from './caller.js';

const scopeKey = 'gateway:scope';
const publicKey = 'gateway:public';
const ticketKey = 'gateway:ticket';

/** What the key must allow. On a class, a method, or both, where the method's counts. */
export const RequiresScope = (scope: Scope) => SetMetadata(scopeKey, scope);

/** Needs no API key; the route looks after itself. */
export const Public = () => SetMetadata(publicKey, true);

/** Takes `?ticket=` in place of an API key, for browsers, and checks it itself. */
export const TakesTicket = () => SetMetadata(ticketKey, true);

/** Lets nobody in without an API key, but to the health checks, the metrics and what is marked as public. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(publicKey, places);
    if (isPublic || isForOperators(request.path)) return true;
    if (this.reflector.get<boolean | undefined>(ticketKey, context.getHandler())) {
      if (request.query['ticket'] !== undefined) return true;
    }

    const caller = await this.authenticator.authenticate(request);
    const wanted = this.reflector.getAllAndOverride<Scope | undefined>(scopeKey, places);
    if (wanted && !allows(caller.scopes, wanted)) throw new InsufficientScope(wanted);
    request.caller = caller;
    return true;
  }
}

/** What every service of ours serves beside its API; the port is kept inside by the installation. */
export function isForOperators(path: string): boolean {
  return path.startsWith('/health/') || path === '/metrics';
}

/** What a controller's method needs, as the guard sees it. */
export function accessOf(handler: object, controller: object): Scope | 'public' | 'any' {
  const read = (key: string): unknown =>
    Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  if (read(publicKey) === true) return 'public';
  return (read(scopeKey) as Scope | undefined) ?? 'any';
}
