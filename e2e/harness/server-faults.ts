import type { PostgresServer } from '../../scripts/lib/postgres.mts';
import type { RabbitmqServer } from '../../scripts/lib/rabbitmq.mts';
import type { Fault, Lane } from './nemesis.js';
import type { TestStack } from './stack-harness.js';

/** The broker and the database server go away and come back, one after the other. */
export function serverLane(
  running: () => TestStack,
  { broker, database }: { broker: () => RabbitmqServer; database: () => PostgresServer },
): Lane {
  return {
    faults: [
      ...outages('broker', broker),
      ...outages('database', database).map((fault) => ({
        ...fault,
        inject: async (random: () => number) => {
          await fault.inject(random);
          await running().reconnect();
        },
      })),
    ],
    restMs: [8000, 16_000],
  };
}

type Server = Pick<RabbitmqServer, 'start' | 'stop' | 'kill'>;

function outages(name: string, server: () => Server): Fault[] {
  return (['stop', 'kill'] as const).map((end) => ({
    name: `${name} ${end === 'stop' ? 'stopped' : 'killed'}`,
    weight: 1,
    inject: async () => {
      await server()[end]();
      await server().start();
    },
  }));
}
