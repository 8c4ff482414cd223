import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiKeys } from './api-keys.js';
import { Authenticator } from './authenticator.js';
import { BootstrapAccess } from './bootstrap-access.js';
import { CapacityGuard } from './capacity.guard.js';

/** Guards run in the order in which they stand here. */
@Global()
@Module({
  providers: [
    ApiKeys,
    Authenticator,
    BootstrapAccess,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: CapacityGuard },
  ],
  exports: [Authenticator],
})
export class AccessModule {}
