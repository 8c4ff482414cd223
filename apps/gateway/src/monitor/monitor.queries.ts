import { Injectable } from '@nestjs/common';
import type { LatencyList, QueueList, WorkerList } from '@offload/contracts/http';
import { messageLatencies } from './latency/message-latencies.js';
import { LookAtBroker } from './queues/look-at-broker.js';
import { queueList } from './queues/queue-list.js';
import { type HeardWorker, liveOnes } from './workers/heard-worker.js';
import { workerResource } from './workers/worker-resource.js';
import { WorkerStore } from './workers/worker-store.js';

/** What operators see of the running system. Where a source is away its figures are null, and it says why. */
@Injectable()
export class MonitorQueries {
  constructor(
    private readonly workers: WorkerStore,
    private readonly broker: LookAtBroker,
  ) {}

  async listQueues(): Promise<QueueList> {
    const [view, workers] = await Promise.all([this.broker.read(), this.workers.list()]);
    const { managementDetail } = view;
    return {
      object: 'list',
      data: queueList(view.queues, workers),
      sources: {
        management: { available: managementDetail === null, detail: managementDetail },
        workers: sourceOf(workers),
      },
    };
  }

  async listWorkers(): Promise<WorkerList> {
    const workers = await this.workers.list();
    const now = new Date();
    return {
      object: 'list',
      data: workers.map((worker) => workerResource(worker, now)),
      sources: { workers: sourceOf(workers) },
    };
  }

  async listLatencies(): Promise<LatencyList> {
    const workers = await this.workers.list();
    return {
      object: 'list',
      data: messageLatencies(workers),
      sources: { workers: sourceOf(workers) },
    };
  }
}

function sourceOf(workers: readonly HeardWorker[]): { available: boolean; detail: string | null } {
  if (liveOnes(workers).length > 0) return { available: true, detail: null };
  const detail =
    'No process has reported lately. Check that the services run and that the broker is there; they report every few seconds.';
  return { available: false, detail };
}
