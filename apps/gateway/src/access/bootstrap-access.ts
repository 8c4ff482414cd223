import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { hashApiKey, prefixOf } from './api-key.js';

/** The tenant that every installation has; made by the first migration. */
export const defaultTenantId = '00000000-0000-7000-8000-000000000001';

/**
 * Lets the key from the configuration in, for the default tenant and with every scope.
 *
 * There is one such key: with another one in the configuration the one before it stops working.
 */
@Injectable()
export class BootstrapAccess implements OnModuleInit {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'BOOTSTRAP_API_KEY'>,
    private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    const key = this.config.BOOTSTRAP_API_KEY;
    if (key === undefined) return;
    const hash = hashApiKey(key);
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `delete from api_key where tenant_id = $1 and name = 'bootstrap' and hash <> $2`,
        [defaultTenantId, hash],
      );
      await tx.query(
        `insert into api_key (id, tenant_id, name, prefix, hash, scopes)
         values ($1, $2, 'bootstrap', $3, $4, '{admin}') on conflict (hash) do nothing`,
        [v7(), defaultTenantId, prefixOf(key), hash],
      );
    });
  }
}
