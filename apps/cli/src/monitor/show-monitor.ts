import type {
  Finding,
  FindingList,
  LatencyList,
  MonitorQueue,
  QueueList,
  WorkerList,
} from '@offload/contracts/http';
import type { Session } from '../session.js';
import { bytes, figure, figureOrDash } from '../terminal/numbers.js';
import { type Style, stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago, span } from '../terminal/times.js';

/** `offload monitor queues` */
export async function showQueues(session: Session): Promise<void> {
  const queues = await session.api.get<QueueList>('listQueues');
  const { style, width } = session.terminal;
  session.show(queues, () =>
    table(
      [
        { title: 'QUEUE', value: ({ name }) => name },
        { title: 'READY', value: ({ ready }) => figureOrDash(ready), isNumber: true },
        { title: 'IN HAND', value: ({ unacked }) => figureOrDash(unacked), isNumber: true },
        { title: 'CONSUMERS', value: (each) => consumersOf(each, style), isNumber: true },
        { title: 'IN/S', value: (each) => figureOrDash(each.published_per_s), isNumber: true },
        { title: 'OUT/S', value: (each) => figureOrDash(each.acked_per_s), isNumber: true },
        {
          title: 'WAITED',
          value: ({ oldest_wait_s: wait }) => (wait === null ? '–' : span(wait)),
          isNumber: true,
        },
        { title: 'PAUSED', value: brakeOf, isFlexible: true },
      ],
      queues.data,
      { width, style },
    ),
  );
  noteMissing(session, queues.sources);
}

/** `offload monitor workers` */
export async function showWorkers(session: Session): Promise<void> {
  const workers = await session.api.get<WorkerList>('listWorkers');
  const { style, width } = session.terminal;
  session.show(workers, () =>
    table(
      [
        { title: 'SERVICE', value: ({ service }) => service },
        { title: 'INSTANCE', value: ({ instance }) => instance, isFlexible: true },
        { title: 'STATE', value: ({ state }) => stateText(state, style) },
        { title: 'VERSION', value: ({ version }) => version },
        { title: 'UP', value: (each) => span(age(each.started_at, session.now())) },
        { title: 'MEMORY', value: ({ memory }) => bytes(memory.rss_bytes), isNumber: true },
        { title: 'LAG', value: (each) => `${Math.round(each.loop_lag_ms.p99)} ms`, isNumber: true },
        { title: 'POOL', value: ({ pool }) => `${pool.in_use}/${pool.size}`, isNumber: true },
        { title: 'IN HAND', value: (each) => figure(each.in_hand), isNumber: true },
        { title: 'HANDLED', value: ({ handled }) => figure(handled), isNumber: true },
        { title: 'RETRIED', value: ({ retried }) => figure(retried), isNumber: true },
        { title: 'GIVEN UP', value: (each) => figure(each.dead_lettered), isNumber: true },
      ],
      workers.data,
      { width, style },
    ),
  );
  noteMissing(session, workers.sources);
}

/** `offload monitor latency` */
export async function showLatency(session: Session): Promise<void> {
  const latencies = await session.api.get<LatencyList>('listLatencies');
  const { style, width } = session.terminal;
  session.show(latencies, () =>
    table(
      [
        { title: 'MESSAGE', value: (each) => each.message_type, isFlexible: true },
        { title: 'QUEUE', value: ({ queue }) => queue, isFlexible: true },
        { title: 'COUNT', value: (each) => figure(each.handling_ms.count), isNumber: true },
        { title: 'HANDLING P50', value: (each) => ms(each.handling_ms.p50), isNumber: true },
        { title: 'P99', value: (each) => ms(each.handling_ms.p99), isNumber: true },
        { title: 'TOTAL P50', value: (each) => ms(each.total_ms.p50), isNumber: true },
        { title: 'P99', value: (each) => ms(each.total_ms.p99), isNumber: true },
      ],
      latencies.data,
      { width, style },
    ),
  );
  noteMissing(session, latencies.sources);
}

/** `offload monitor findings`: each with its remedy, because a table would cut what matters. */
export async function showFindings(
  session: Session,
  query: { state?: string; code?: string },
): Promise<void> {
  const findings = await session.api.get<FindingList>('listFindings', { query });
  const { style } = session.terminal;
  const now = session.now();
  session.show(findings, () =>
    findings.data.length === 0
      ? `The watchdog finds nothing wrong (it looked ${ago(findings.checked_at, now)}).`
      : findings.data.map((finding) => findingText(finding, style, now)).join('\n\n'),
  );
}

function findingText(finding: Finding, style: Style, now: Date): string {
  const { severity, code, subject, since, detail, remedy, runbook } = finding;
  const gone = finding.resolved_at === null ? '' : `, gone ${ago(finding.resolved_at, now)}`;
  return [
    `${stateText(severity, style)}  ${style.strong(code)}  ${subject}  since ${ago(since, now)}${gone}`,
    `  ${detail}`,
    `  Do: ${remedy}`,
    style.faint(`  ${runbook}`),
  ].join('\n');
}

/** Says in words what is missing when a source of figures is away. */
function noteMissing(
  { terminal, isJson }: Session,
  sources: Record<string, { available: boolean; detail: string | null }>,
): void {
  if (isJson) return;
  for (const { available, detail } of Object.values(sources)) {
    if (!available && detail !== null) terminal.note(`\n${detail}`);
  }
}

function consumersOf({ consumers, purpose }: MonitorQueue, style: Style): string {
  return consumers === 0 && purpose === 'work' ? style.bad('0') : figureOrDash(consumers);
}

function brakeOf({ brakes: [brake] }: MonitorQueue): string {
  return brake === undefined ? '' : brake.detail;
}

function ms(value: number | null): string {
  return figureOrDash(value, ' ms');
}

function age(at: string, now: Date): number {
  return (now.getTime() - Date.parse(at)) / 1000;
}
