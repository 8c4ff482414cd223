import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DeliveryLog } from './consume/delivery-log.js';
import { MessagingRuntime } from './messaging-runtime.js';
import { MessagingStrategy } from './messaging-strategy.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';

/**
 * Puts a service on the road. Needs a TypeORM DataSource whose first migration called
 * `createMessagingTables`. The application connects `MessagingStrategy` as a microservice.
 */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: {
    useFactory: (...dependencies: never[]) => MessagingOptions;
    inject: unknown[];
  }): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        {
          provide: MESSAGING_OPTIONS,
          useFactory: options.useFactory as (...dependencies: unknown[]) => MessagingOptions,
          inject: options.inject as never[],
        },
        MessagingRuntime,
        MessagingStrategy,
        DeliveryLog,
      ],
      exports: [MessagingRuntime, MessagingStrategy, MESSAGING_OPTIONS],
    };
  }
}
