import { Controller, Get } from '@nestjs/common';
import {
  type FindingList,
  type LatencyList,
  ListFindingsQuery,
  type QueueList,
  type WorkerList,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { ValidQuery } from '../http/request-parts.js';
import { MonitorQueries } from './monitor.queries.js';
import { FindingStore } from './watchdog/finding-store.js';

@Controller('v1/monitor')
@RequiresScope('operations:read')
export class MonitorController {
  constructor(
    private readonly queries: MonitorQueries,
    private readonly findings: FindingStore,
  ) {}

  @Get('queues')
  async listQueues(): Promise<QueueList> {
    return this.queries.listQueues();
  }

  @Get('workers')
  async listWorkers(): Promise<WorkerList> {
    return this.queries.listWorkers();
  }

  @Get('latency')
  async listLatencies(): Promise<LatencyList> {
    return this.queries.listLatencies();
  }

  @Get('findings')
  async listFindings(
    @ValidQuery(ListFindingsQuery) query: ListFindingsQuery,
  ): Promise<FindingList> {
    return this.findings.list(query);
  }
}
