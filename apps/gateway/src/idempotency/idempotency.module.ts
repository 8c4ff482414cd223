import { Global, Module } from '@nestjs/common';
import { AcceptOnce } from './accept-once.js';
import { ForgetOldKeys } from './forget-old-keys.js';

@Global()
@Module({ providers: [AcceptOnce, ForgetOldKeys], exports: [AcceptOnce] })
export class IdempotencyModule {}
