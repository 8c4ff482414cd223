import { Inject, Injectable } from '@nestjs/common';
import { MessagingRuntime, queues, retryQueue } from '@offload/messaging';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { WorkerStore } from '../workers/worker-store.js';
import { type BrokerQueue, ManagementApi, ManagementAway } from './management-api.js';
import { SharedLook } from '@offload/platform';

/** The broker, as far as it could be asked. */
export interface BrokerView {
  /** Why the management API has not answered, in words; null when it has. */
  managementDetail: string | null;
  /** Undefined when nobody could tell. Only the management API tells of queues that are not ours. */
  queues: BrokerQueue[] | undefined;
  /** Of the management API. */
  alarms: string[];
}

type Config = Pick<GatewayConfig, 'RABBITMQ_URL' | 'RABBITMQ_MANAGEMENT_URL' | 'RETRY_TIERS_MS'>;

const notSet =
  'RABBITMQ_MANAGEMENT_URL is not set; queues are counted by the broker itself, and rates and alarms are not known. Set it to http://user:password@host:15672.';

/**
 * Looks at the queues: through the management API where there is one, else by asking the broker for
 * each queue that we know of. All who ask within two seconds are given the same answer.
 */
@Injectable()
export class LookAtBroker {
  private readonly api: ManagementApi | undefined;
  private readonly shared = new SharedLook(() => this.look(), 2_000);

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly runtime: MessagingRuntime,
    private readonly workers: WorkerStore,
  ) {
    const { RABBITMQ_MANAGEMENT_URL: url, RABBITMQ_URL: amqpUrl } = config;
    this.api = url === undefined ? undefined : new ManagementApi({ url, amqpUrl });
  }

  /** Never throws because of the broker: what is not known is said in words. */
  read(): Promise<BrokerView> {
    return this.shared.read();
  }

  /** The queues as the management API tells them; undefined where there is none, or while it does not answer. */
  async readManagement(): Promise<BrokerQueue[] | undefined> {
    if (!this.api) return undefined;
    const { managementDetail, queues: found } = await this.read();
    return managementDetail === null ? found : undefined;
  }

  private async look(): Promise<BrokerView> {
    try {
      if (!this.api) return await this.count(notSet);
      return { managementDetail: null, ...(await this.api.read()) };
    } catch (error) {
      if (error instanceof ManagementAway) return this.count(error.message);
      throw error;
    }
  }

  private async count(managementDetail: string): Promise<BrokerView> {
    const names = await this.knownQueues();
    try {
      const counts = await this.runtime.countMessages(names);
      return { managementDetail, queues: counts.map(toQueue), alarms: [] };
    } catch {
      const detail = `${managementDetail} The broker itself does not answer either.`;
      return { managementDetail: detail, queues: undefined, alarms: [] };
    }
  }

  private async knownQueues(): Promise<string[]> {
    const workers = await this.workers.list();
    const consumed = workers.flatMap(({ report }) => report.consumers.map(({ queue }) => queue));
    const tiers = this.config.RETRY_TIERS_MS.map(retryQueue);
    return [...new Set([...consumed, queues.deadLetters, queues.unrouted, ...tiers])];
  }
}

function toQueue({
  queue,
  ready,
  consumers,
}: {
  queue: string;
  ready: number;
  consumers: number;
}): BrokerQueue {
  return {
    name: queue,
    ready,
    consumers,
    unacked: null,
    publishedPerS: null,
    ackedPerS: null,
    isExclusive: false,
  };
}
