import type { ConsumerReport, WorkerReported } from '@offload/contracts';

/** The latest report of a process, and how long ago it came in, by our own clock. */
export interface HeardWorker {
  report: WorkerReported;
  ageMs: number;
}

/** Reports missed before a process counts as silent. */
const missedReports = 3;
/** However often it reports: reports are written down once a second. In milliseconds. */
const shortestSilenceMs = 3_000;

/** Nothing was heard of it for three of its own periods. */
export function isSilent({ report, ageMs }: HeardWorker): boolean {
  return ageMs > Math.max(missedReports * report.everyMs, shortestSilenceMs);
}

/** Those that are heard of. */
export function liveOnes<W extends HeardWorker>(workers: readonly W[]): W[] {
  return workers.filter((worker) => !isSilent(worker));
}

/** One process's part in a queue. */
export interface QueueMember {
  instance: string;
  service: string;
  consumer: ConsumerReport;
}

/** Who takes part in each queue. */
export function membersByQueue(workers: readonly HeardWorker[]): Map<string, QueueMember[]> {
  const members = new Map<string, QueueMember[]>();
  for (const { report } of workers) {
    for (const consumer of report.consumers) {
      const known = members.get(consumer.queue) ?? [];
      members.set(consumer.queue, [
        ...known,
        { instance: report.instance, service: report.service, consumer },
      ]);
    }
  }
  return members;
}

/** When every process that works on a queue has paused it, since when and why; undefined when any goes on. */
export function brakeOfAll(members: readonly QueueMember[]): BrakeOfAll | undefined {
  const brakes = members.flatMap(({ consumer }) => consumer.brake ?? []);
  const [first] = brakes.toSorted((a, b) => a.since.localeCompare(b.since));
  if (!first || brakes.length < members.length) return undefined;
  const nextProbeAt = brakes.map((brake) => brake.nextProbeAt).toSorted()[0];
  return { ...first, nextProbeAt: nextProbeAt ?? first.nextProbeAt };
}

export type BrakeOfAll = NonNullable<ConsumerReport['brake']>;
