import { FindingList, LatencyList, ListFindingsQuery, QueueList, WorkerList } from '../monitor.js';
import type { Route } from '../route.js';

const tag = 'Monitor';

export const monitorRoutes: Route[] = [
  {
    id: 'listQueues',
    method: 'get',
    path: '/v1/monitor/queues',
    tag,
    summary: 'Show the queues: how full, how fast, who works on them, what has paused',
    scope: 'operations:read',
    success: [{ status: 200, description: 'The queues.', schema: QueueList }],
  },
  {
    id: 'listWorkers',
    method: 'get',
    path: '/v1/monitor/workers',
    tag,
    summary: 'Show the processes: version, memory, loop, pool, work in hand and done',
    scope: 'operations:read',
    success: [{ status: 200, description: 'The processes.', schema: WorkerList }],
  },
  {
    id: 'listLatencies',
    method: 'get',
    path: '/v1/monitor/latency',
    tag,
    summary: 'Show how long messages take, by type',
    scope: 'operations:read',
    success: [{ status: 200, description: 'Percentiles.', schema: LatencyList }],
  },
  {
    id: 'listFindings',
    method: 'get',
    path: '/v1/monitor/findings',
    tag,
    summary: 'List what the watchdog has found, with the remedy',
    scope: 'operations:read',
    query: ListFindingsQuery,
    success: [{ status: 200, description: 'The findings.', schema: FindingList }],
  },
];
