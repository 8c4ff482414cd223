import { describeInFull } from '../harness/in-full.js';
import { killMidway, resultOf, startLargeImport, wholeFileOnce } from '../harness/large-import.js';
import { stackHarness } from '../harness/stack-harness.js';

describe('an import whose worker is killed in the middle', () => {
  const running = stackHarness();

  it('goes on where it was when the worker starts again', async () => {
    const run = await startLargeImport(running(), 'restarted');

    await killMidway(running(), run.id, { chunks: 3 });
    await running().stack.startAgain('ingest');

    const result = await resultOf(running(), run, {
      scenario: 'ingest killed in an import',
      faults: 1,
    });
    expect(result).toEqual(wholeFileOnce);
  });

  describeInFull('twice', () => {
    it('goes on as well after the second kill', async () => {
      const run = await startLargeImport(running(), 'killed_twice');

      await killMidway(running(), run.id, { chunks: 1 });
      await running().stack.startAgain('ingest');
      await killMidway(running(), run.id, { chunks: 6 });
      await running().stack.startAgain('ingest');

      const result = await resultOf(running(), run, {
        scenario: 'ingest killed twice in an import',
        faults: 2,
      });
      expect(result).toEqual(wholeFileOnce);
    });
  });

  it('goes on at once where there is a second worker', async () => {
    await running().stack.startReplica('ingest');
    const run = await startLargeImport(running(), 'shared');

    await killMidway(running(), run.id, { chunks: 3 });

    const result = await resultOf(running(), run, {
      scenario: 'one of two ingest killed in an import',
      faults: 1,
    });
    expect(result).toEqual(wholeFileOnce);
  });
});
