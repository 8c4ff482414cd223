import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MetricsModule, ShutdownModule, TracingModule } from '@offload/platform';
import { DeliveryLog } from './consume/delivery-log.js';
import { MessagingRuntime } from './messaging-runtime.js';
import { MessagingStrategy } from './messaging-strategy.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';
import { MessagingMetrics } from './report/messaging-metrics.js';

/**
 * Puts a service on the road. Needs a TypeORM DataSource whose first migration called
 * `createMessagingTables`. The application connects `MessagingStrategy` as a microservice, and serves
 * what the process counts under GET /metrics.
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
      imports: [MetricsModule, ShutdownModule, TracingModule],
      providers: [
        {
          provide: MESSAGING_OPTIONS,
          useFactory: options.useFactory as (...dependencies: unknown[]) => MessagingOptions,
          inject: options.inject as never[],
        },
        MessagingRuntime,
        MessagingStrategy,
        DeliveryLog,
        MessagingMetrics,
      ],
      exports: [MessagingRuntime, MessagingStrategy, MESSAGING_OPTIONS],
    };
  }
}
