import { SERVICES } from '../services.mts';
import type { Rest } from './rest.mts';
import type { Held, Sample } from './sampler.mts';
import { floorTrend, type Trend } from './trend.mts';
import type { Happened } from './work.mts';

export interface Rule {
  rule: string;
  /** Undefined: there was too little to tell. */
  holds: boolean | undefined;
  /** What was found, in words. */
  found: string;
}

/** In MiB an hour. A slope counts as one when all of its 95 % interval lies above. */
const limits = { heapMib: 5, rssMib: 10 } as const;

/** At most so many more than before: sockets and sessions of timers that were just at work. */
const leeway = {
  fds: 2,
  databaseConnections: 2,
  threads: 0,
  brokerConnections: 0,
  channels: 0,
} as const;

export interface Evidence {
  before: Rest;
  during: readonly Sample[];
  after: Rest;
  happened: Happened;
}

/** Every rule of a soak, in the order of the report. */
export function judge({ before, during, after, happened }: Evidence): Rule[] {
  return [
    ...happened.counts.map(({ what, lost, doubled }) => ({
      rule: `${what}: none lost, none doubled`,
      holds: lost === 0 && doubled === 0,
      found: `${lost} lost, ${doubled} doubled`,
    })),
    {
      rule: 'nothing unexpected was answered',
      holds: happened.problems.length === 0,
      found: `${happened.problems.length} times`,
    },
    atRest(after),
    ...SERVICES.flatMap((service) =>
      (['heapMib', 'rssMib'] as const).map((name) => memory(service, name, during)),
    ),
    ...SERVICES.flatMap((service) =>
      (Object.keys(leeway) as (keyof typeof leeway)[]).map((name) => {
        const [then, now] = [before.held[service][name], after.held[service][name]];
        return {
          rule: `${service}: ${words[name]} as before${leeway[name] > 0 ? `, or up to ${leeway[name]} more` : ''}`,
          holds: now <= then + leeway[name],
          found: `${then} before, ${now} after`,
        };
      }),
    ),
  ];
}

export const words: Record<keyof Held, string> = {
  rssMib: 'RSS, MiB',
  heapMib: 'heap in use, MiB',
  threads: 'threads',
  fds: 'open files',
  poolInUse: 'pool in use',
  poolWaiting: 'waiting for the pool',
  databaseConnections: 'database connections',
  brokerConnections: 'broker connections',
  channels: 'channels',
};

/** The trend of what a process holds. */
export function trendOf(
  service: (typeof SERVICES)[number],
  name: 'heapMib' | 'rssMib',
  during: readonly Sample[],
): Trend | undefined {
  return floorTrend(during.map(({ atMs, held }) => ({ atMs, value: held[service][name] })));
}

function atRest({ messages, outbox, open, held }: Rest): Rule {
  const inUse = SERVICES.reduce((sum, service) => sum + held[service].poolInUse, 0);
  const waiting = SERVICES.reduce((sum, service) => sum + held[service].poolWaiting, 0);
  return {
    rule: 'at the end nothing is left to do',
    holds: messages + outbox + open + inUse + waiting === 0,
    found: `${messages} messages, ${outbox} in outboxes, ${open} open, ${inUse} connections in use, ${waiting} waited for`,
  };
}

function memory(
  service: (typeof SERVICES)[number],
  name: 'heapMib' | 'rssMib',
  during: readonly Sample[],
): Rule {
  const trend = trendOf(service, name, during);
  const rule = `${service}: ${words[name]}, not growing by more than ${limits[name]} an hour`;
  if (!trend) return { rule, holds: undefined, found: 'too short to tell' };
  return {
    rule,
    holds: trend.perHour - trend.give <= limits[name],
    found: `${trend.perHour.toFixed(1)} ± ${trend.give.toFixed(1)} an hour (${trend.points} points)`,
  };
}
