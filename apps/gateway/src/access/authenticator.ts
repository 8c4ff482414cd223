import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ExpiredApiKey, InvalidApiKey, MissingApiKey } from './access.errors.js';
import { isWellFormedApiKey } from './api-key.js';
import { ApiKeys } from './api-keys.js';
import type { AuthenticatedRequest, Caller } from './caller.js';

/** Tells who is asking. For the guard, and for routes that take something else beside an API key. */
@Injectable()
export class Authenticator {
  constructor(private readonly apiKeys: ApiKeys) {}

  /** Throws MissingApiKey, InvalidApiKey or ExpiredApiKey. */
  async authenticate(request: AuthenticatedRequest): Promise<Caller> {
    const key = bearerToken(request.headers.authorization);
    if (!isWellFormedApiKey(key)) throw new InvalidApiKey();
    const apiKey = await this.apiKeys.find(key);
    if (!apiKey) throw new InvalidApiKey();
    if (apiKey.expiresAt && apiKey.expiresAt <= new Date())
      throw new ExpiredApiKey(apiKey.expiresAt);
    return {
      tenantId: apiKey.tenantId,
      keyId: apiKey.id,
      scopes: apiKey.scopes,
      correlationId: typeof request.id === 'string' ? request.id : randomUUID(),
    };
  }
}

/** RFC 6750, 2.1: `Authorization: Bearer <token>`; RFC 9110, 11.1: the scheme is case-insensitive. */
function bearerToken(header: string | undefined): string {
  const token = /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (token !== undefined) return token;
  throw header === undefined ? new MissingApiKey() : new InvalidApiKey();
}
