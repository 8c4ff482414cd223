import { ImportProgressed, ReportProgress } from '@offload/contracts';
import { handlerHarness } from '@offload/testing';
import { aRun } from '../../../test/builders.js';
import { database } from '../../database/database.js';
import { enterInLedger, recordRows } from './import-ledger.js';
import { ReportProgressHandler } from './report-progress.handler.js';

describe(ReportProgressHandler.name, () => {
  const { db, deliver } = handlerHarness(ReportProgressHandler, { service: 'ingest', database });

  it('does not wait for a chunk that is still being loaded', async () => {
    const importId = await aRun(db());
    await db().transaction(async (tx) => {
      await enterInLedger(tx, importId, aChunk(0));
      await recordRows(tx, importId, 0, { loaded: 5, rejected: 0 });
    });
    const loading = db().createQueryRunner();
    await loading.startTransaction();
    await enterInLedger(loading.manager, importId, aChunk(1));

    const { published } = await deliver(ReportProgress({ importId }));

    await loading.rollbackTransaction();
    await loading.release();
    expect(published).toMatchObject([{ type: ImportProgressed.type, payload: { rowsLoaded: 5 } }]);
  });

  it('says nothing more within a quarter of a second', async () => {
    const importId = await aRun(db());

    const first = await deliver(ReportProgress({ importId }));
    const second = await deliver(ReportProgress({ importId }));

    expect(first.published).toHaveLength(1);
    expect(second).toMatchObject({ outcome: 'handled', published: [] });
  });
});

function aChunk(number: number) {
  return { number, from: 8, to: 16, firstRow: 1, firstLine: 2, rows: 1, strict: true };
}
