import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Servers } from '../../scripts/lib/servers.mts';

/** Tells what the figures were measured on; they mean nothing without. */
export function printMachine(servers?: Pick<Servers, 'postgres' | 'rabbitmq'>): void {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`${availableParallelism()} cores (${model}), ${memory}, Node ${process.version}`);
  if (servers) console.log(`${servers.postgres.description}, ${servers.rabbitmq.description}`);
}
