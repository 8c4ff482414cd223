import { gzipSync } from 'node:zlib';
import { poll } from '../../scripts/lib/poll.mts';
import { holdingsOf } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { numberedColumns, numberedCsv } from '../harness/numbered-csv.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';
import { tellTallies } from '../harness/tally.js';

/** Some twenty chunks; a few rows are to be rejected, and half of the numbers are there before. */
const former = numberedCsv({ rows: 100_000 });
const file = numberedCsv({ rows: 200_000, from: 50_001, badEvery: 40_000 });

type Request = Parameters<TestStack['api']['startImport']>[0];

interface Scenario {
  mode: string;
  /** Of the import, as ingest has it: the kill comes as soon as it is seen. */
  phase: string;
  isPacked?: boolean;
  request: Partial<Request>;
  /** Shown in every run, and not only where FAULTS=full. */
  isUsual?: boolean;
}

const scenarios: Scenario[] = [
  { mode: 'append', phase: 'loading', request: {} },
  { mode: 'append', phase: 'converting', isPacked: true, request: {}, isUsual: true },
  { mode: 'upsert', phase: 'loading', request: { mode: 'upsert' } },
  { mode: 'upsert', phase: 'merging', request: { mode: 'upsert' }, isUsual: true },
  { mode: 'replace', phase: 'loading', request: { mode: 'replace' } },
  { mode: 'replace', phase: 'merging', request: { mode: 'replace' } },
  { mode: 'dry run', phase: 'loading', request: { mode: 'upsert', dry_run: true } },
  { mode: 'dry run', phase: 'counting', request: { mode: 'upsert', dry_run: true } },
];

describe('an import whose worker is killed in one of its phases', () => {
  const running = stackHarness();

  it.each(scenarios.filter(({ isUsual }) => isFull || isUsual))(
    'ends like an undisturbed one: $mode, killed while $phase',
    async (scenario) => {
      const number = scenarios.indexOf(scenario);
      const calm = await endOf(running(), `calm_${number}`, scenario);
      const killed = await endOf(running(), `killed_${number}`, scenario, scenario.phase);

      tellTallies(`ingest killed while ${scenario.phase} (${scenario.mode})`, 1, [
        {
          attempted: calm.held.rows,
          accepted: calm.held.rows,
          effects: killed.held.rows,
          lost: Math.max(0, calm.held.distinct - killed.held.distinct),
          doubled: killed.held.rows - killed.held.distinct,
          unexpected: Math.max(0, killed.held.distinct - calm.held.distinct),
          repeated: 0,
        },
      ]);
      expect(killed).toEqual(calm);
    },
  );

  it('puts the former rows back when it is killed while reverting', async () => {
    const scenario: Scenario = { mode: 'upsert', phase: 'reverting', request: { mode: 'upsert' } };
    const dataset = 'reverted';
    await fill(running(), dataset, scenario);
    const before = await holdingsOf(running().db, dataset);
    const id = await start(running(), dataset, scenario);
    await ended(running(), id);

    await running().api.post(`/v1/imports/${id}/revert`);
    await killWhen(running(), id, 'reverting');
    const { state } = await ended(running(), id);

    expect(state).toBe('reverted');
    expect(await holdingsOf(running().db, dataset)).toEqual(before);
  });
});

/** Rows that are there before; an append finds an empty dataset without a key. */
async function fill(running: TestStack, dataset: string, { request }: Scenario): Promise<void> {
  if (request.mode === undefined) return;
  const upload = await running.api.upload(former.text);
  const { id } = await running.api.startImport({
    upload_id: upload.id,
    dataset: { name: dataset, columns: numberedColumns, keys: [['n']] },
  });
  await ended(running, id);
}

async function start(
  { api }: TestStack,
  dataset: string,
  { isPacked, request }: Scenario,
): Promise<string> {
  const upload = isPacked
    ? await api.uploadBytes(gzipSync(file.text), 'rows.csv.gz', 'application/gzip')
    : await api.upload(file.text);
  const wanted = { name: dataset, columns: numberedColumns };
  return (await api.startImport({ ...request, upload_id: upload.id, dataset: wanted })).id;
}

async function endOf(
  running: TestStack,
  dataset: string,
  scenario: Scenario,
  killedWhile?: string,
): Promise<{ held: Awaited<ReturnType<typeof holdingsOf>>; told: unknown }> {
  await fill(running, dataset, scenario);
  const id = await start(running, dataset, scenario);
  if (killedWhile !== undefined) await killWhen(running, id, killedWhile);
  const { state, progress, rejections } = await ended(running, id);
  const { rate_rows_s: _rate, eta_s: _eta, ...counts } = progress;
  return {
    held: await holdingsOf(running.db, dataset),
    told: { state, counts, rejections },
  };
}

/** Kills the worker as soon as the import is in the phase, and starts it again. */
async function killWhen({ stack, db }: TestStack, id: string, phase: string): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    const { rows } = await db.query<{ state: string }>(
      'select state from ingest.import_run where import_id = $1',
      [id],
    );
    return rows[0]?.state === phase;
  };
  if (!(await poll(isThere, { withinMs: 60_000, everyMs: 2 }))) {
    throw new Error(`Import ${id} was never seen ${phase}.`);
  }
  await stack.service('ingest').kill();
  if (!(await isThere()))
    throw new Error(`Import ${id} was no longer ${phase} when it was killed.`);
  await stack.startAgain('ingest');
}

async function ended({ api }: TestStack, id: string) {
  const endings = ['completed', 'completed_with_errors', 'failed', 'reverted'];
  const run = await poll(
    async () => {
      const found = await api.getImport(id);
      return endings.includes(found.state) && found;
    },
    { withinMs: 120_000 },
  );
  if (!run) throw new Error(`Import ${id} has not ended within two minutes.`);
  return run;
}
