import { readFileSync } from 'node:fs';

/** Resident memory of processes over time, looked at from outside. */
export class MemoryCurve {
  readonly points: { atS: number; mib: number[] }[] = [];
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly pids: readonly number[];

  constructor(pids: readonly number[], everyMs = 500) {
    this.pids = pids;
    this.look();
    this.timer = setInterval(() => this.look(), everyMs);
  }

  /** Ends looking; answers the most that each process held, in MiB. */
  stop(): number[] {
    clearInterval(this.timer);
    this.look();
    return this.pids.map((_, place) => Math.max(...this.points.map(({ mib }) => mib[place] ?? 0)));
  }

  /** At most so many points, evenly spread. */
  thinned(most: number): { atS: number; mib: number[] }[] {
    const step = Math.max(1, Math.ceil(this.points.length / most));
    return this.points.filter((_, place) => place % step === 0);
  }

  private look(): void {
    const mib = this.pids.map(residentMib);
    this.points.push({ atS: (performance.now() - this.startedAt) / 1000, mib });
  }
}

export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
