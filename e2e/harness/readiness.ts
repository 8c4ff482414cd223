import { eventually } from '../../libs/testing/src/eventually.js';
import { type Service, SERVICES } from '../../scripts/lib/services.mts';
import type { Stack } from '../../scripts/lib/stack.mts';

/** What a service says at /health/ready. */
export interface Readiness {
  status: number;
  checks: Partial<Record<'broker' | 'database', { is_up: boolean; reason?: string }>>;
}

export async function readinessOf(stack: Stack, service: Service): Promise<Readiness> {
  const response = await fetch(`${stack.service(service).url}/health/ready`);
  const { checks } = (await response.json()) as Pick<Readiness, 'checks'>;
  return { status: response.status, checks };
}

/** Returns once every service says that all it needs is there. */
export async function untilAllReady(stack: Stack): Promise<void> {
  await eventually(async () => {
    const all = await Promise.all(SERVICES.map((service) => readinessOf(stack, service)));
    expect(all.map(({ status }) => status)).toEqual(SERVICES.map(() => 200));
    expect(all.map(({ checks }) => checks.broker)).toEqual(SERVICES.map(() => ({ is_up: true })));
  }, 60_000);
}
