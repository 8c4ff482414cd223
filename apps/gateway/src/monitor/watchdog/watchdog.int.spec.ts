import { type Finding, FindingList } from '@offload/contracts/http';
import { MetricsRegistry } from '@offload/platform';
import { v7 } from 'uuid';
import { defaultTenantId } from '../../access/bootstrap-access.js';
import { aStoredEmail, aStoredImport } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { aBrake, aConsumer, aReport } from '../../../test/monitor-builders.js';
import { WorkerStore } from '../workers/worker-store.js';
import { FindingStore } from './finding-store.js';
import { Watchdog } from './watchdog.js';

const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

describe('the watchdog', () => {
  // Its own timer never comes: each look is a step of a test.
  const { app, as, db } = gatewayHarness({ config: { WATCHDOG_EVERY_S: '3600' } });
  const watchdog = (): Watchdog => app().get(Watchdog);
  const workers = (): WorkerStore => app().get(WorkerStore);

  beforeAll(async () => {
    // What other specs have left unfinished is older than what these look for.
    await db().query('update import set finished_at = now() where finished_at is null');
    await db().query('update email set failed_at = now() where failed_at is null');
    // While no gateway hears the workers, the watchdog says nothing of them.
    const gateway = { instance: 'gateway-that-hears', service: 'gateway', consumers: [] };
    const reportedAt = new Date().toISOString();
    await workers().record([aReport({ ...gateway, reportedAt, everyMs: 600_000 })]);
  });

  const find = async (subject: string, state = 'open'): Promise<Finding[]> => {
    const { body } = await as().get(`/v1/monitor/findings?state=${state}&limit=500`).expect(200);
    return FindingList.parse(body).data.filter((finding) => finding.subject === subject);
  };

  /** As if the last looks had been so long ago. */
  const turnBack = async (subject: string, seconds: number): Promise<void> => {
    await db().query(
      `update finding set since = since - $2 * interval '1 second',
              last_seen_at = last_seen_at - $2 * interval '1 second'
        where subject = $1 and resolved_at is null`,
      [subject, seconds],
    );
  };

  const aBrakedWorker = async (): Promise<{ instance: string; subject: string }> => {
    const instance = `ingest-${v7()}`;
    // Of no kind of work: whoever shares the database must not be told that theirs is held up.
    const queue = `probe.spec-${instance}`;
    const consumers = [aConsumer(queue, { brake: aBrake() })];
    await workers().record([aReport({ instance, consumers, everyMs: 600_000 })]);
    return { instance, subject: `queue:${queue}` };
  };

  it('opens a finding once, however many replicas look at the same time', async () => {
    const { subject } = await aBrakedWorker();

    const looks = await Promise.all([watchdog().look(), watchdog().look(), watchdog().look()]);

    const opened = looks
      .flat()
      .filter((change) => change.kind === 'open' && change.trouble.subject === subject);
    expect(opened).toHaveLength(1);
    expect(await find(subject)).toMatchObject([
      {
        code: 'queue_braked',
        severity: 'critical',
        runbook: 'docs/runbooks/findings.md#queue_braked',
        resolved_at: null,
      },
    ]);
  });

  it('lets one replica look in each period', async () => {
    const store = app().get(FindingStore);
    await db().query(`update watchdog set claimed_at = '-infinity'`);

    const claims = await Promise.all(
      ['a', 'b', 'c'].map(async (instance) => store.claimLook(instance, 15_000)),
    );

    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.claimLook('d', 15_000)).toBe(false);
    await db().query(`update watchdog set claimed_at = now() - interval '14 seconds'`);
    expect(await store.claimLook('d', 15_000)).toBe(true);
  });

  it('resolves a finding when it is gone for three looks, and keeps it for who looks later', async () => {
    const { instance, subject } = await aBrakedWorker();
    await watchdog().look();
    await workers().record([
      aReport({ instance, consumers: [], reportedAt: '2026-01-01T12:00:09.000Z' }),
    ]);

    await watchdog().look();
    expect(await find(subject)).toHaveLength(1);
    await turnBack(subject, 3 * 3600);
    await watchdog().look();

    expect(await find(subject)).toEqual([]);
    expect(await find(subject, 'resolved')).toMatchObject([{ resolved_at: expect.any(String) }]);
  });

  it('opens it again, as another one, when it comes back', async () => {
    const { subject } = await aBrakedWorker();
    await watchdog().look();
    await db().query('update finding set resolved_at = now() where subject = $1', [subject]);

    await watchdog().look();

    expect(await find(subject, 'all')).toHaveLength(2);
  });

  it('tells nobody of a suspicion, and opens it when it stays', async () => {
    const instance = `ingest-${v7()}`;
    const pool = { size: 4, inUse: 4, idle: 0, waiting: 2 };
    await workers().record([aReport({ instance, pool, consumers: [], everyMs: 600_000 })]);
    const subject = `worker:${instance}`;

    await watchdog().look();
    expect(await find(subject, 'all')).toEqual([]);
    await db().query(`update finding set since = since - interval '3 hours' where subject = $1`, [
      subject,
    ]);
    await watchdog().look();

    expect(await find(subject)).toMatchObject([{ code: 'pool_exhausted' }]);
  });

  it('finds an import of which nothing is committed, but none that waits for an operator', async () => {
    const stalled = await aStoredImport(db(), {
      state: 'loading',
      startedAt: hoursAgo(3),
      createdAt: hoursAgo(3),
    });
    const inTrouble = await aStoredImport(db(), {
      state: 'interrupted',
      openDeadLetters: 1,
      createdAt: hoursAgo(3),
    });
    const putBack = await aStoredImport(db(), { state: 'interrupted', createdAt: hoursAgo(3) });
    await aDeadLetter({ subject: `import:${putBack.id}`, state: 'resolved' });
    const awaitingReview = await aStoredImport(db(), {
      state: 'awaiting_review',
      createdAt: hoursAgo(3),
    });
    const stuck = await aStoredImport(db(), {
      state: 'canceling',
      createdAt: hoursAgo(3),
      progressedAt: hoursAgo(2),
    });
    const moving = await aStoredImport(db(), {
      state: 'loading',
      createdAt: hoursAgo(3),
      progressedAt: hoursAgo(0.1),
    });

    await watchdog().look();
    await turnBack(`import:${stalled.id}`, 300);
    await turnBack(`import:${stuck.id}`, 300);
    await db().query(`update finding set last_seen_at = now() where code = 'import_stalled'`);
    await watchdog().look();

    expect(await find(`import:${stalled.id}`)).toMatchObject([
      { code: 'import_stalled', severity: 'critical' },
    ]);
    expect(await find(`import:${stuck.id}`)).toMatchObject([
      { detail: expect.stringContaining('is canceling, and nothing of it was committed') },
    ]);
    for (const { id } of [inTrouble, putBack, awaitingReview, moving]) {
      expect(await find(`import:${id}`, 'all')).toEqual([]);
    }
  });

  it('finds an e-mail whose next try is overdue, and none that was sent', async () => {
    const stalled = await aStoredEmail(db(), {
      state: 'deferred',
      createdAt: hoursAgo(9),
      reportedAt: hoursAgo(5),
    });
    const sent = await aStoredEmail(db(), {
      state: 'sent',
      createdAt: hoursAgo(9),
      sentAt: hoursAgo(8),
    });

    await watchdog().look();
    await turnBack(`email:${stalled.id}`, 300);
    await db().query(`update finding set last_seen_at = now() where code = 'email_stalled'`);
    await watchdog().look();

    expect(await find(`email:${stalled.id}`)).toMatchObject([{ code: 'email_stalled' }]);
    expect(await find(`email:${sent.id}`, 'all')).toEqual([]);
  });

  it('finds what waits in the outbox, and messages that no queue wanted', async () => {
    const type = `ingest.spec-${v7()}.v1`;
    await aDeadLetter({ type, kind: 'unrouted' });
    await db().query(
      `insert into outbox_message (message_id, exchange, routing_key, properties, headers, body, created_at, last_error)
       values ($1, '', 'q', '{}', '{}', '', now() - interval '20 minutes', 'No queue takes it.')`,
      [v7()],
    );

    await watchdog().look();

    expect(await find(`message:${type}`)).toMatchObject([{ code: 'unrouted_messages' }]);
    expect(await find('outbox:gateway')).toMatchObject([
      { severity: 'critical', detail: expect.stringContaining('No queue takes it.') },
    ]);
    await db().query('delete from outbox_message');
  });

  it('finds memory that grows steadily, from a sample a minute', async () => {
    const instance = `ingest-${v7()}`;
    const mebibyte = 1_048_576;
    const memory = { rssBytes: 400 * mebibyte, heapUsedBytes: 0, limitBytes: 500 * mebibyte };
    const report = aReport({ instance, memory, consumers: [], everyMs: 600_000 });
    await workers().record([report]);
    await db().query(
      `insert into worker_memory (instance, started_at, at, rss_bytes)
       select $1, $2, now() - minute * interval '1 minute', (400 - 3 * minute) * 1048576.0
         from generate_series(1, 40) as minute`,
      [instance, report.startedAt],
    );

    await watchdog().look();

    expect(await find(`worker:${instance}`)).toMatchObject([
      {
        code: 'memory_growth',
        detail: expect.stringMatching(/grown by 18\d MiB an hour for 3\d min/),
      },
    ]);
  });

  it('says when it has looked, and counts what is open for the metrics', async () => {
    await aBrakedWorker();
    await watchdog().look();

    const { body } = await as().get('/v1/monitor/findings').expect(200);
    const metrics = await app().get(MetricsRegistry).metrics();

    expect(Date.now() - Date.parse(body.checked_at)).toBeLessThan(60_000);
    expect(metrics).toMatch(/^offload_findings\{code="queue_braked"\} [1-9]/m);
    expect(metrics).toMatch(/^offload_findings\{code="replay_paused"\} 0$/m);
    const [, lookedAt] = /^offload_watchdog_look_timestamp_seconds (\S+)$/m.exec(metrics) ?? [];
    expect(Math.round(Number(lookedAt) * 1000)).toBeGreaterThanOrEqual(Date.parse(body.checked_at));
  });

  it('lists the most severe first, by code where one is asked for', async () => {
    const { body } = await as().get('/v1/monitor/findings?state=all&code=queue_braked').expect(200);

    const { data } = FindingList.parse(body);
    expect(new Set(data.map(({ code }) => code))).toEqual(new Set(['queue_braked']));
    await as().get('/v1/monitor/findings?code=nonsense').expect(422);
  });

  it('does not end the process when it cannot look, and looks again', async () => {
    await db().query('alter table finding rename to finding_away');
    await db().query(`update watchdog set claimed_at = '-infinity'`);

    await watchdog().lookInTurn();

    await db().query('alter table finding_away rename to finding');
    await expect(watchdog().look()).resolves.toEqual(expect.any(Array));
  });

  const aDeadLetter = async (fields: {
    subject?: string;
    state?: string;
    type?: string;
    kind?: string;
  }): Promise<void> => {
    const group = v7();
    const {
      subject = null,
      state = 'open',
      type = 'ingest.load-chunk.v1',
      kind = 'failure',
    } = fields;
    await db().query(
      `insert into dead_letter_group (id, fingerprint, fingerprint_version, kind, title, code, class)
       values ($1::uuid, $1::text, 1, $2, 'spec', 'spec', 'Spec')`,
      [group, kind],
    );
    await db().query(
      `insert into dead_letter (id, state, message_id, tenant_id, message_type, subject, exchange,
         routing_key, properties, headers, body, failure_code, failure_class, failure_message,
         first_failed_at, failed_at, attempts, group_id, closed_at)
       values ($1::uuid, $2::text, $1::text, $3, $4, $5, '', '', '{}', '{}', '', 'spec', 'Spec', 'spec', now(), now(), 1,
         $6, case when $2::text = 'resolved' then now() end)`,
      [v7(), state, defaultTenantId, type, subject, group],
    );
  };
});
