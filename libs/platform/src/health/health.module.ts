import { type DynamicModule, Module } from '@nestjs/common';
import { ShutdownModule } from '../shutdown/shutdown.module.js';
import { HEALTH_CHECKS, type HealthCheck, HealthController } from './health.controller.js';

@Module({})
export class HealthModule {
  /** `useFactory` is given what `inject` names and answers the checks of this service. */
  static forRoot(options: {
    useFactory: (...dependencies: never[]) => HealthCheck[];
    inject: unknown[];
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [ShutdownModule],
      controllers: [HealthController],
      providers: [
        {
          provide: HEALTH_CHECKS,
          useFactory: options.useFactory as (...dependencies: unknown[]) => HealthCheck[],
          inject: options.inject as never[],
        },
      ],
    };
  }
}
