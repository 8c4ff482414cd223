import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hashApiKey } from './api-key.js';

export interface ApiKey {
  id: string;
  tenantId: string;
  scopes: readonly string[];
  expiresAt: Date | undefined;
}

/** How long a revoked key may still be accepted by a process that has just seen it. */
const cacheMs = 5000;
const cacheSize = 10_000;

/** Finds API keys by their hash. What was found is remembered for a few seconds, what was not is looked up again. */
@Injectable()
export class ApiKeys {
  private readonly cache = new Map<string, { apiKey: ApiKey; readAt: number }>();

  constructor(private readonly dataSource: DataSource) {}

  async find(key: string): Promise<ApiKey | undefined> {
    const hash = hashApiKey(key);
    const name = hash.toString('base64');
    const cached = this.cache.get(name);
    if (cached && Date.now() - cached.readAt < cacheMs) return cached.apiKey;

    const apiKey = await this.read(hash);
    this.cache.delete(name);
    if (apiKey) this.remember(name, apiKey);
    return apiKey;
  }

  private remember(name: string, apiKey: ApiKey): void {
    const oldest = this.cache.size >= cacheSize ? this.cache.keys().next().value : undefined;
    if (oldest !== undefined) this.cache.delete(oldest);
    this.cache.set(name, { apiKey, readAt: Date.now() });
  }

  /** Notes the use at most once a minute, so that reading stays reading. */
  private async read(hash: Buffer): Promise<ApiKey | undefined> {
    const [row]: ApiKeyRow[] = await this.dataSource.query(
      `select id, tenant_id, scopes, expires_at,
              coalesce(last_used_at < now() - interval '1 minute', true) as is_use_stale
         from api_key where hash = $1`,
      [hash],
    );
    if (!row) return undefined;
    if (row.is_use_stale) {
      await this.dataSource.query('update api_key set last_used_at = now() where id = $1', [
        row.id,
      ]);
    }
    return {
      id: row.id,
      tenantId: row.tenant_id,
      scopes: row.scopes,
      expiresAt: row.expires_at ?? undefined,
    };
  }
}

interface ApiKeyRow {
  id: string;
  tenant_id: string;
  scopes: string[];
  expires_at: Date | null;
  is_use_stale: boolean;
}
