import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsModule } from '../metrics/metrics.module.js';
import { ShutdownModule } from '../shutdown/shutdown.module.js';
import { HealthController } from './health.controller.js';
import { HealthGauge } from './health-gauge.js';
import { HEALTH_CHECKS, type HealthCheck, LookAtHealth } from './look-at-health.js';

@Module({})
export class HealthModule {
  /** `useFactory` is given what `inject` names and answers the checks of this service. */
  static forRoot(options: {
    useFactory: (...dependencies: never[]) => HealthCheck[];
    inject: unknown[];
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [MetricsModule, ShutdownModule],
      controllers: [HealthController],
      providers: [
        HealthGauge,
        {
          provide: HEALTH_CHECKS,
          useFactory: options.useFactory as (...dependencies: unknown[]) => HealthCheck[],
          inject: options.inject as never[],
        },
        {
          provide: LookAtHealth,
          inject: [HEALTH_CHECKS],
          useFactory: (checks: HealthCheck[]) => new LookAtHealth(checks),
        },
      ],
    };
  }
}
