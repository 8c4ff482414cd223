import type { Exit, ServiceProcess } from '../../scripts/lib/service-process.mts';
import type { Service } from '../../scripts/lib/services.mts';
import type { Stack } from '../../scripts/lib/stack.mts';
import { logLines } from './log-lines.js';

/** How a process is ended before the next one takes its place: as an operator does, or as no operator should. */
export type Ending = 'stop' | 'kill';

export interface Replaced {
  exit: Exit;
  /** Requests that were in hand when it was asked to stop, by its own word. */
  inHand: number;
}

/** Two gateways, two ingest and one notifier, each of which can be replaced by the next on the same port. */
export class Fleet {
  private constructor(
    private readonly stack: Stack,
    private readonly gatewayPorts: readonly [number, number],
    private readonly seconds: Map<Service, ServiceProcess>,
  ) {}

  /** The first of each kind runs already, the gateway on the first port. */
  static async start(stack: Stack, gatewayPorts: readonly [number, number]): Promise<Fleet> {
    const fleet = new Fleet(stack, gatewayPorts, new Map());
    for (const service of ['gateway', 'ingest'] as const) await fleet.startSecond(service);
    return fleet;
  }

  /** Ends the first or the second of a kind, does something while it is away, and starts the next. */
  async replace(
    service: Service,
    place: 'first' | 'second',
    ending: Ending,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Replaced> {
    const leaving = place === 'first' ? this.stack.service(service) : this.secondOf(service);
    const exit = await leaving[ending]();
    await meanwhile();
    if (place === 'first') await this.stack.startAgain(service);
    else await this.startSecond(service);
    const stopping = logLines(leaving).find(({ event }) => event === 'stopping');
    return { exit, inHand: stopping?.requests ?? 0 };
  }

  private secondOf(service: Service): ServiceProcess {
    const second = this.seconds.get(service);
    if (!second) throw new Error(`There is no second ${service}.`);
    return second;
  }

  private async startSecond(service: Service): Promise<void> {
    const env: Record<string, string> =
      service === 'gateway' ? { PORT: String(this.gatewayPorts[1]) } : {};
    this.seconds.set(service, await this.stack.startReplica(service, env));
  }
}
