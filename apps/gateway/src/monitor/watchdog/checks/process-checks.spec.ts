import {
  aBrokerView,
  aGateway,
  ago,
  heard,
  minutes,
  someFacts,
} from '../../../../test/monitor-builders.js';
import type { HeardWorker } from '../../workers/heard-worker.js';
import type { Check, Facts } from '../facts.js';
import { brokerAlarm } from './broker-alarm.js';
import { brokerAway } from './broker-away.js';
import { eventLoopLag } from './event-loop-lag.js';
import { checks } from './checks.js';
import { memoryGrowth } from './memory-growth.js';
import { poolExhausted } from './pool-exhausted.js';
import { replayPaused } from './replay-paused.js';
import { workerSilent } from './worker-silent.js';

const MiB = 1_048_576;
const judge = (check: Check, ...workers: HeardWorker[]) => check(someFacts({ workers }));

describe('the checks', () => {
  it.each(Object.entries(checks))('find nothing wrong where all is well: %s', (_, check) => {
    expect(check(someFacts())).toEqual([]);
  });

  it('find nothing, or cannot tell, in a system of which nothing is known', () => {
    const nothing: Facts = someFacts({ workers: [], broker: aBrokerView({ queues: undefined }) });

    for (const check of Object.values(checks)) expect(check(nothing) ?? []).toEqual([]);
  });
});

describe(poolExhausted.name, () => {
  it('tells when somebody waits for a connection, and when all are taken', () => {
    const waiting = heard({ pool: { size: 20, inUse: 20, idle: 0, waiting: 3 } });
    const full = heard({ pool: { size: 20, inUse: 20, idle: 0, waiting: 0 } });

    expect(judge(poolExhausted, waiting)).toMatchObject([
      {
        severity: 'critical',
        subject: 'worker:ingest-1',
        detail: 'ingest-1 has 20 of 20 database connections in use, and 3 wait for one.',
        confirmAfterMs: 30_000,
      },
    ]);
    expect(judge(poolExhausted, full)).toMatchObject([{ severity: 'warning' }]);
  });

  it('says nothing of a process that is not connected yet', () => {
    expect(
      judge(poolExhausted, heard({ pool: { size: 0, inUse: 0, idle: 0, waiting: 0 } })),
    ).toEqual([]);
  });
});

describe(eventLoopLag.name, () => {
  it('tells of a loop that is late as a rule, not of one long pause', () => {
    const late = heard({ eventLoop: { lagP50Ms: 20, lagP99Ms: 700, lagMaxMs: 900 } });
    const once = heard({ eventLoop: { lagP50Ms: 1, lagP99Ms: 3, lagMaxMs: 900 } });

    expect(judge(eventLoopLag, late)).toMatchObject([
      { severity: 'warning', confirmAfterMs: 30_000 },
    ]);
    expect(judge(eventLoopLag, once)).toEqual([]);
  });
});

describe(memoryGrowth.name, () => {
  const using = (rss: number, limit: number | null) =>
    heard({
      memory: { rssBytes: rss * MiB, heapUsedBytes: MiB, limitBytes: limit && limit * MiB },
    });
  const growth = (fields = {}) => [
    { instance: 'ingest-1', spanMs: minutes(25), bytesPerHour: 50 * MiB, fit: 0.95, ...fields },
  ];

  it('tells of memory near its limit, however it got there', () => {
    expect(judge(memoryGrowth, using(430, 500))).toMatchObject([
      {
        severity: 'critical',
        detail: expect.stringContaining('ingest-1 uses 430 MiB, 86 % of its limit.'),
      },
    ]);
    expect(judge(memoryGrowth, using(420, 500))).toEqual([]);
  });

  it('tells of steady growth that reaches the limit within six hours', () => {
    const facts = someFacts({ workers: [using(300, 500)], memory: growth() });

    expect(memoryGrowth(facts)).toMatchObject([
      {
        severity: 'warning',
        detail:
          'ingest-1 uses 300 MiB and has grown by 50 MiB an hour for 25 min; it reaches its limit of 500 MiB in about 4 h.',
      },
    ]);
  });

  it.each([
    ['that is watched for less than twenty minutes', { spanMs: minutes(19) }],
    ['that goes up and down', { fit: 0.5 }],
    ['that shrinks', { bytesPerHour: -50 * MiB }],
    ['that is slow', { bytesPerHour: 20 * MiB }],
  ])('is silent about memory %s', (_, trend) => {
    const facts = someFacts({ workers: [using(300, 500)], memory: growth(trend) });

    expect(memoryGrowth(facts)).toEqual([]);
  });

  it('tells without a limit of what doubles, once that is much', () => {
    const large = someFacts({ workers: [using(300, null)], memory: growth() });
    const small = someFacts({ workers: [using(100, null)], memory: growth() });

    expect(memoryGrowth(large)).toMatchObject([
      { detail: expect.stringContaining('has doubled in about 6 h') },
    ]);
    expect(memoryGrowth(small)).toEqual([]);
  });
});

describe(workerSilent.name, () => {
  it('tells of a process that has stopped reporting: critical when it was the last of its service', () => {
    const silent = heard({}, 60_000);
    const peer = heard({ instance: 'ingest-2', startedAt: '2026-01-01T09:00:00.000Z' });

    expect(judge(workerSilent, aGateway(), silent)).toMatchObject([
      {
        severity: 'critical',
        subject: 'worker:ingest-1',
        detail:
          'Nothing was heard of ingest-1 (process 17 on ingest-1) for 60 s; no other ingest works.',
      },
    ]);
    expect(judge(workerSilent, aGateway(), silent, peer)).toMatchObject([{ severity: 'warning' }]);
  });

  it('is silent when another process has started in its place', () => {
    const replacement = heard({ instance: 'ingest-2', startedAt: ago(58_000).toISOString() });

    expect(judge(workerSilent, aGateway(), heard({}, 60_000), replacement)).toEqual([]);
  });

  it('gives up on one that was taken away, while others of its service work', () => {
    const peer = heard({ instance: 'ingest-2' });

    expect(judge(workerSilent, aGateway(), heard({}, minutes(61)), peer)).toEqual([]);
    expect(judge(workerSilent, aGateway(), heard({}, minutes(61)))).toHaveLength(1);
  });

  it('cannot tell while no gateway hears anything', () => {
    const deaf = aGateway({ broker: { publishing: 'disconnected', consuming: 'disconnected' } });

    expect(judge(workerSilent, deaf, heard({}, 60_000))).toBeUndefined();
  });

  it('cannot tell while the broker takes no messages, and so no reports', () => {
    const blocked = aGateway({ broker: { publishing: 'blocked', consuming: 'connected' } });

    expect(judge(workerSilent, blocked, heard({}, 60_000))).toBeUndefined();
  });
});

describe(brokerAway.name, () => {
  it('names who has no connection', () => {
    const deaf = aGateway({ broker: { publishing: 'disconnected', consuming: 'connected' } });

    expect(judge(brokerAway, deaf, heard())).toMatchObject([
      {
        severity: 'critical',
        subject: 'broker:connection',
        detail: expect.stringContaining('cannot be reached by gateway-1.'),
      },
    ]);
  });
});

describe(brokerAlarm.name, () => {
  it('tells of connections that the broker has blocked, and of what the broker itself tells', () => {
    const blocked = aGateway({ broker: { publishing: 'blocked', consuming: 'connected' } });
    const broker = aBrokerView({ alarms: ['node rabbit@a is out of disk'] });

    expect(judge(brokerAlarm, blocked)).toMatchObject([
      { detail: 'RabbitMQ has raised an alarm. It takes no messages from gateway-1.' },
    ]);
    expect(brokerAlarm(someFacts({ broker }))).toMatchObject([
      { detail: 'RabbitMQ has raised an alarm: node rabbit@a is out of disk.' },
    ]);
  });
});

describe(replayPaused.name, () => {
  it('tells of a replay that nobody has looked after for five minutes', () => {
    expect(replayPaused(someFacts({ replays: [paused(minutes(6))] }))).toMatchObject([
      {
        subject: 'replay:r1',
        detail:
          'The replay “relay down” has paused by itself 6 min ago: 60 % failed again. (too_many_failures)',
      },
    ]);
    expect(replayPaused(someFacts({ replays: [paused(minutes(4))] }))).toEqual([]);
  });
});

const paused = (ms: number) => ({
  id: 'r1',
  incident: 'relay down',
  code: 'too_many_failures',
  detail: '60 % failed again.',
  pausedAt: ago(ms),
});
